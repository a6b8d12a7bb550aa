package app;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has been opened and how to close it, latest first. One that is opened while closing goes on
 * (the start was interrupted) is closed at once. Safe for use by several threads.
 */
public final class OpenParts {
  private static final Logger LOG = LoggerFactory.getLogger(OpenParts.class);

  private final Deque<OpenPart> open = new ArrayDeque<>();
  private boolean closing;

  private record OpenPart(String name, Supplier<Future<?>> close) {}

  /** Notes a part that has been opened. */
  public void add(String name, Supplier<Future<?>> close) {
    boolean late;
    synchronized (this) {
      late = closing;
      if (!late) {
        open.push(new OpenPart(name, close));
      }
    }
    if (late) {
      close(new OpenPart(name, close), Duration.ofSeconds(5));
    }
  }

  /** Notes a part whose closing may block. */
  public void addCloseable(String name, AutoCloseable part) {
    add(
        name,
        () -> {
          Promise<Void> done = Promise.promise();
          Thread.ofPlatform()
              .name("closing-" + name)
              .start(
                  () -> {
                    try {
                      part.close();
                      done.complete();
                    } catch (Exception failure) {
                      done.fail(failure);
                    }
                  });
          return done.future();
        });
  }

  public synchronized boolean isClosing() {
    return closing;
  }

  /** Closes everything, one after the other, each within what is left of the limit. Blocks. */
  public void close(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    synchronized (this) {
      closing = true;
    }
    for (OpenPart part = next(); part != null; part = next()) {
      long left = Math.max(deadline - System.nanoTime(), TimeUnit.SECONDS.toNanos(1));
      close(part, Duration.ofNanos(left));
    }
  }

  private synchronized @Nullable OpenPart next() {
    return open.poll();
  }

  /** One part that cannot be closed must not keep the others open. */
  private static void close(OpenPart part, Duration limit) {
    try {
      part.close()
          .get()
          .toCompletionStage()
          .toCompletableFuture()
          .get(limit.toMillis(), TimeUnit.MILLISECONDS);
      LOG.debug("part closed part={}", part.name());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      LOG.warn("interrupted while closing part={}", part.name());
    } catch (Exception failure) {
      LOG.warn("part not closed part={} cause={}", part.name(), failure.toString());
    }
  }
}
