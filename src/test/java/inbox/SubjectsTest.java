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
  private final Subjects<String> subjects = new Subjects<>(2, this::work);

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
    subjects.add("a", "a1");
    subjects.add("a", "a2");
    subjects.add("b", "b1");
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
    List.of("a", "b", "c").forEach(it -> subjects.add(it, it + 1));
    subjects.add("a", "a2");
    assertThat(started).containsExactly("a1", "b1");
    end("a1");
    assertThat(started).containsExactly("a1", "b1", "c1");
    end("b1");
    assertThat(started).containsExactly("a1", "b1", "c1", "a2");
  }

  @Test
  void goesOnAfterAFailure() {
    subjects.add("a", "a1");
    subjects.add("a", "a2");
    running.remove("a1").fail("broken");
    assertThat(started).containsExactly("a1", "a2");
  }
}
