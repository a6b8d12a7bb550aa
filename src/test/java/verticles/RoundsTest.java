package verticles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import support.Await;

class RoundsTest {
  private static final Duration NEVER = Duration.ofHours(1);

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final Queue<Promise<Boolean>> begun = new ArrayDeque<>();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void goesOnAtOnceWhileThereIsMore() {
    Rounds rounds = started(NEVER);
    end(1, true);
    await(2);
    end(2, false);
    assertThat(rounds.healthy().succeeded()).isTrue();
  }

  @Test
  void doesNotForgetToBeWokenDuringARound() {
    Rounds rounds = started(NEVER);
    run(rounds::wake);
    assertThat(begun()).as("rounds never overlap").isEqualTo(1);
    end(1, false);
    await(2);
  }

  @Test
  void isWokenFromItsWait() {
    Rounds rounds = started(NEVER);
    end(1, false);
    run(rounds::wake);
    await(2);
  }

  @Test
  void restsHoweverOftenItIsWoken() {
    Rounds rounds = started(NEVER, roundNanos -> Duration.ofMinutes(10).toNanos());
    end(1, true);
    for (int at = 0; at < 3; at++) {
      run(rounds::wake);
    }
    assertThat(begun()).isEqualTo(1);
  }

  @Test
  void goesOnAfterItsRest() {
    Rounds rounds = started(NEVER, roundNanos -> Duration.ofMillis(30).toNanos());
    end(1, true);
    await(2);
    end(2, false);
    run(rounds::wake);
    await(3);
    end(3, false);
    run(rounds::wake);
    run(rounds::wake);
    await(4);
    assertThat(begun()).as("one round for all that woke it").isEqualTo(4);
  }

  @Test
  void triesAgainAfterAFailureAndTellsWhenItGoesOn() {
    Rounds rounds =
        new Rounds(
            vertx,
            "work",
            Duration.ofMillis(1),
            () -> {
              synchronized (begun) {
                begun.add(Promise.promise());
              }
              return Future.failedFuture("no database");
            });
    run(rounds::start);
    await(5);
    Await.until("unhealthy", () -> rounds.healthy().failed());
    assertThatThrownBy(() -> rounds.healthy().await()).hasMessage("work does not run: no database");
  }

  @Test
  void stopsAfterTheRoundThatRuns() {
    Rounds rounds = started(Duration.ofMillis(1));
    Promise<Void> ended = Promise.promise();
    run(() -> rounds.stop().onComplete(ended));
    Future<Void> stopped = ended.future();
    assertThat(stopped.isComplete()).isFalse();
    end(1, true);
    stopped.await();
    run(rounds::wake);
    assertThat(begun()).isEqualTo(1);
  }

  private Rounds started(Duration interval) {
    return started(interval, Rounds.Rest.SHORTEST);
  }

  private Rounds started(Duration interval, Rounds.Rest rest) {
    Rounds rounds =
        new Rounds(
            vertx,
            "work",
            interval,
            rest,
            () -> {
              Promise<Boolean> round = Promise.promise();
              synchronized (begun) {
                begun.add(round);
              }
              return round.future();
            });
    run(rounds::start);
    await(1);
    return rounds;
  }

  private void run(Runnable action) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        ignored -> {
          action.run();
          done.complete();
        });
    done.future().await();
  }

  private void end(int number, boolean more) {
    await(number);
    Promise<Boolean> round;
    synchronized (begun) {
      round = begun.stream().skip(number - 1).findFirst().orElseThrow();
    }
    run(() -> round.complete(more));
  }

  private void await(int number) {
    Await.until(number + " rounds", () -> begun() >= number);
  }

  private int begun() {
    synchronized (begun) {
      return begun.size();
    }
  }
}
