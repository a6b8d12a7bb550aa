package inbox;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Function;

/**
 * Work that is done one after the other where it is about the same subject, and side by side
 * otherwise, up to a limit. Subjects belong to groups, and groups to families; groups take turns,
 * and both have a limit, so that a group or a family whose work takes long leaves places for the
 * others. Belongs to one event loop.
 */
final class Subjects<T> {
  private final int atOnce;
  private final int ofFamily;
  private final int ofGroup;
  private final Function<T, Future<?>> work;
  private final Map<String, Line<T>> lines = new HashMap<>();
  private final Map<String, Group<T>> groups = new HashMap<>();
  private final Map<String, Family<T>> families = new HashMap<>();

  /** The groups that have something to start and a place for it, each once. */
  private final Queue<Group<T>> turns = new ArrayDeque<>();

  private int running;

  /** What waits of one subject, what is under way not counted. */
  private record Line<T>(Group<T> group, String subject, Queue<T> waiting) {}

  private static final class Group<T> {
    private final Family<T> family;
    private final String name;
    private final Queue<Line<T>> ready = new ArrayDeque<>();
    private int running;

    Group(Family<T> family, String name) {
      this.family = family;
      this.name = name;
    }
  }

  private static final class Family<T> {
    private int running;

    /** The groups whose turn came while the family had no place. */
    private final Queue<Group<T>> passedOver = new ArrayDeque<>();
  }

  /**
   * Nothing to do yet.
   *
   * @param ofFamily how many subjects of one family are worked at once
   * @param ofGroup how many of one group
   * @param work done when its future is; a failure counts as done
   */
  Subjects(int atOnce, int ofFamily, int ofGroup, Function<T, Future<?>> work) {
    this.atOnce = atOnce;
    this.ofFamily = ofFamily;
    this.ofGroup = ofGroup;
    this.work = work;
  }

  /**
   * Does it when what came before of its subject is done and there is a place.
   *
   * @param family always the same one of a group
   * @param subject names no subject of another group
   */
  void add(String family, String group, String subject, T item) {
    Line<T> line = lines.get(subject);
    if (line != null) {
      line.waiting.add(item);
      return;
    }
    Group<T> of =
        groups.computeIfAbsent(
            group,
            name -> new Group<>(families.computeIfAbsent(family, it -> new Family<>()), name));
    line = new Line<>(of, subject, new ArrayDeque<>());
    line.waiting.add(item);
    lines.put(subject, line);
    ready(line);
    run();
  }

  /** Whether something about it is waiting or under way. */
  boolean busy(String subject) {
    return lines.containsKey(subject);
  }

  private void ready(Line<T> line) {
    Group<T> group = line.group;
    group.ready.add(line);
    if (group.ready.size() == 1 && group.running < ofGroup) {
      turns.add(group);
    }
  }

  private void run() {
    while (running < atOnce) {
      Group<T> group = turns.poll();
      if (group == null) {
        return;
      }
      if (group.family.running == ofFamily) {
        group.family.passedOver.add(group);
        continue;
      }
      Line<T> line = group.ready.remove();
      running++;
      group.family.running++;
      group.running++;
      if (!group.ready.isEmpty() && group.running < ofGroup) {
        turns.add(group);
      }
      T item = line.waiting.remove();
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
    Group<T> group = line.group;
    running--;
    group.family.running--;
    turns.addAll(group.family.passedOver);
    group.family.passedOver.clear();
    boolean wasFull = group.running-- == ofGroup;
    if (wasFull && !group.ready.isEmpty()) {
      turns.add(group);
    }
    if (line.waiting.isEmpty()) {
      lines.remove(line.subject);
    } else {
      ready(line);
    }
    if (group.running == 0 && group.ready.isEmpty()) {
      groups.remove(group.name);
    }
    run();
  }
}
