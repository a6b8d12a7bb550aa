package inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One after the other of a subject, others side by side up to the limit. */
final class SubjectsTest {
  private final List<String> started = new ArrayList<>();
  private final Map<String, Promise<Void>> running = new HashMap<>();
  private final Subjects<String> subjects = new Subjects<>(3, 3, 2, this::work);

  private Future<?> work(String item) {
    started.add(item);
    Promise<Void> promise = Promise.promise();
    running.put(item, promise);
    return promise.future();
  }

  private void end(String item) {
    running.remove(item).complete();
  }

  @Test
  void worksASubjectInItsOrder() {
    subjects.add("psp", "one", "a", "a1");
    subjects.add("psp", "one", "a", "a2");
    subjects.add("psp", "one", "b", "b1");
    assertThat(started).containsExactly("a1", "b1");
    assertThat(subjects.busy("a")).isTrue();
    end("a1");
    assertThat(started).containsExactly("a1", "b1", "a2");
    end("a2");
    assertThat(subjects.busy("a")).isFalse();
    assertThat(subjects.busy("b")).isTrue();
  }

  @Test
  void keepsToTheLimitAndTakesTurns() {
    List.of("a", "b", "c").forEach(it -> subjects.add("psp", "one", it, it + 1));
    subjects.add("psp", "one", "a", "a2");
    assertThat(started).containsExactly("a1", "b1");
    end("a1");
    assertThat(started).containsExactly("a1", "b1", "c1");
    end("b1");
    assertThat(started).containsExactly("a1", "b1", "c1", "a2");
  }

  @Test
  void goesOnAfterAFailure() {
    subjects.add("psp", "one", "a", "a1");
    subjects.add("psp", "one", "a", "a2");
    running.remove("a1").fail("broken");
    assertThat(started).containsExactly("a1", "a2");
  }

  @Test
  void aGroupThatTakesLongLeavesPlacesForOthers() {
    List.of("a", "b", "c", "d").forEach(it -> subjects.add("psp", "slow", it, it + 1));
    subjects.add("psp", "slow", "a", "a2");
    assertThat(started).containsExactly("a1", "b1");
    List.of("x", "y").forEach(it -> subjects.add("psp", "another", it, it + 1));
    assertThat(started).containsExactly("a1", "b1", "x1");
    end("x1");
    assertThat(started).containsExactly("a1", "b1", "x1", "y1");
    end("y1");
    subjects.add("psp", "another", "x", "x2");
    assertThat(started).endsWith("x2");
    end("a1");
    assertThat(started).endsWith("c1");
    end("b1");
    end("c1");
    end("x2");
    assertThat(started).endsWith("d1", "a2");
    end("d1");
    end("a2");
    assertThat(List.of("a", "b", "c", "d", "x", "y")).noneMatch(subjects::busy);
  }

  @Test
  void groupsTakeTurns() {
    List.of("a", "b").forEach(it -> subjects.add("psp", "one", it, it + 1));
    List.of("x", "y").forEach(it -> subjects.add("psp", "two", it, it + 1));
    subjects.add("psp", "one", "c", "c1");
    assertThat(started).containsExactly("a1", "b1", "x1");
    end("b1");
    assertThat(started).endsWith("y1");
    end("x1");
    assertThat(started).endsWith("c1");
  }

  @Test
  void aFamilyThatTakesLongLeavesPlacesForOthers() {
    var wide = new Subjects<String>(4, 3, 2, this::work);
    List.of("a", "b", "c").forEach(it -> wide.add("slow", "one", it, it + 1));
    List.of("d", "e").forEach(it -> wide.add("slow", "two", it, it + 1));
    assertThat(started).containsExactly("a1", "b1", "d1");
    List.of("x", "y").forEach(it -> wide.add("quick", "three", it, it + 1));
    assertThat(started).containsExactly("a1", "b1", "d1", "x1");
    end("x1");
    assertThat(started).endsWith("y1");
    end("y1");
    end("d1");
    assertThat(started).endsWith("e1");
    end("a1");
    assertThat(started).endsWith("c1");
    List.of("b", "c", "e").forEach(it -> end(it + 1));
    assertThat(List.of("a", "b", "c", "d", "e", "x", "y")).noneMatch(wide::busy);
  }
}
