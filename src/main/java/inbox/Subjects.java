package inbox;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Function;

/**
 * Work that is done one after the other where it is about the same subject, and side by side
 * otherwise, up to a limit. Belongs to one event loop.
 */
final class Subjects<T> {
  private final int atOnce;
  private final Function<T, Future<?>> work;
  private final Map<String, Line<T>> lines = new HashMap<>();
  private final Queue<Line<T>> ready = new ArrayDeque<>();
  private int running;

  /** What waits of one subject, what is under way not counted. */
  private record Line<T>(String subject, Queue<T> waiting) {}

  /**
   * Nothing to do yet.
   *
   * @param work done when its future is; a failure counts as done
   */
  Subjects(int atOnce, Function<T, Future<?>> work) {
    this.atOnce = atOnce;
    this.work = work;
  }

  void add(String subject, T item) {
    Line<T> line = lines.get(subject);
    if (line != null) {
      line.waiting.add(item);
      return;
    }
    line = new Line<>(subject, new ArrayDeque<>());
    line.waiting.add(item);
    lines.put(subject, line);
    ready.add(line);
    run();
  }

  /** Whether something about it is waiting or under way. */
  boolean busy(String subject) {
    return lines.containsKey(subject);
  }

  private void run() {
    while (running < atOnce) {
      Line<T> line = ready.poll();
      if (line == null) {
        return;
      }
      T item = line.waiting.remove();
      running++;
      started(item).onComplete(ignored -> done(line));
    }
  }

  private Future<?> started(T item) {
    try {
      return work.apply(item);
    } catch (RuntimeException broken) {
      return Future.failedFuture(broken);
    }
  }

  private void done(Line<T> line) {
    running--;
    if (line.waiting.isEmpty()) {
      lines.remove(line.subject);
    } else {
      ready.add(line);
    }
    run();
  }
}
