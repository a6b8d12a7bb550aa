package simulator;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An append-only file of the simulated state, one JSON line per changed object: the last line of an
 * object is what it is now. Read (and rewritten without its history) at start, written off the
 * event loop; an answer waits for {@link #flush()}, so that what was answered survives a killed
 * process. Without a path it does nothing.
 */
public final class Journal {
  private static final String RESET = "reset";

  private final Vertx vertx;
  private final @Nullable Path path;
  private final Map<String, Consumer<JsonObject>> readers = new HashMap<>();
  private Buffer pending = Buffer.buffer();
  private Promise<Void> pendingWritten = Promise.promise();
  private Future<Void> lastWrite = Future.succeededFuture();
  private boolean writing;

  Journal(Vertx vertx, @Nullable Path path) {
    this.vertx = vertx;
    this.path = path;
  }

  /** Who takes objects of a kind when the file is read. */
  public void onReplay(String kind, Consumer<JsonObject> reader) {
    readers.put(kind, reader);
  }

  /** Notes an object's present state; what is not flushed yet is kept in memory, in order. */
  public synchronized void append(String kind, String id, Supplier<JsonObject> state) {
    if (path != null) {
      pending.appendBuffer(line(kind, id, state.get()));
    }
  }

  /** An object is no longer of interest: the next start does not see it. */
  public synchronized void forget(String kind, String id) {
    if (path != null) {
      pending.appendBuffer(line(kind, id, null));
    }
  }

  /**
   * Completes when everything appended so far is in the file; writers that meet share one write.
   */
  public synchronized Future<Void> flush() {
    if (pending.length() == 0) {
      return lastWrite;
    }
    Future<Void> written = pendingWritten.future();
    if (!writing) {
      writePending();
    }
    return written;
  }

  private void writePending() {
    Path file = path;
    if (file == null) {
      return;
    }
    Buffer batch = pending;
    Promise<Void> written = pendingWritten;
    pending = Buffer.buffer();
    pendingWritten = Promise.promise();
    writing = true;
    lastWrite = written.future();
    vertx
        .executeBlocking(
            () -> {
              Files.write(
                  file, batch.getBytes(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
              return (Void) null;
            },
            false)
        .onComplete(
            result -> {
              synchronized (this) {
                writing = false;
                if (pending.length() > 0) {
                  writePending();
                }
              }
              written.handle(result);
            });
  }

  /** Forgets everything, also after a restart. */
  synchronized void reset() {
    append(RESET, "", JsonObject::new);
  }

  /** Reads the file into the readers. Blocks: for start-up only. */
  void replay() {
    if (path == null || !Files.exists(path)) {
      return;
    }
    try {
      Map<String, JsonObject> latest = new LinkedHashMap<>();
      for (String text : Files.readAllLines(path)) {
        JsonObject line = parse(text);
        if (line == null) {
          break; // a process killed in mid-write leaves half a line at the end, which nobody was
          // answered about
        }
        if (line.getString("kind").equals(RESET)) {
          latest.clear();
        } else if (line.getJsonObject("state") == null) {
          latest.remove(line.getString("kind") + ' ' + line.getString("id"));
        } else {
          latest.put(line.getString("kind") + ' ' + line.getString("id"), line);
        }
      }
      Buffer compacted = Buffer.buffer();
      latest
          .values()
          .forEach(line -> compacted.appendBuffer(line.toBuffer()).appendByte((byte) '\n'));
      Path fresh = path.resolveSibling(path.getFileName() + ".new");
      Files.write(fresh, compacted.getBytes());
      Files.move(fresh, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      latest.values().forEach(this::deliver);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the simulator's journal " + path, e);
    }
  }

  private void deliver(JsonObject line) {
    Consumer<JsonObject> reader = readers.get(line.getString("kind"));
    if (reader != null) {
      reader.accept(line.getJsonObject("state"));
    }
  }

  private static @Nullable JsonObject parse(String text) {
    try {
      return new JsonObject(text);
    } catch (DecodeException e) {
      return null;
    }
  }

  private static Buffer line(String kind, String id, @Nullable JsonObject state) {
    return new JsonObject()
        .put("kind", kind)
        .put("id", id)
        .put("state", state)
        .toBuffer()
        .appendByte((byte) '\n');
  }
}
