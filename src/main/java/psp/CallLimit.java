package psp;

import io.vertx.core.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** A bound on calls in flight; a call above it gets its refusal at once. */
public final class CallLimit {
  private final int maxCalls;
  private final Semaphore permits;

  public CallLimit(int maxCalls) {
    this.maxCalls = maxCalls;
    permits = new Semaphore(maxCalls);
  }

  /** Makes a call, or none where there are as many as there may be. */
  public <T> Future<T> call(Supplier<Future<T>> call, Supplier<T> refusal) {
    if (!permits.tryAcquire()) {
      return Future.succeededFuture(refusal.get());
    }
    Future<T> future;
    try {
      future = call.get();
    } catch (RuntimeException e) {
      future = Future.failedFuture(e);
    }
    return future.andThen((result, failure) -> permits.release());
  }

  /** Calls in flight. */
  public int inUse() {
    return maxCalls - permits.availablePermits();
  }
}
