package psp;

import static org.assertj.core.api.Assertions.assertThat;
import static psp.Results.await;

import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import payments.Decline;
import payments.DeclineCode;
import payments.OperationKind;
import psp.PspResult.NotSent;
import psp.PspResult.UnknownReason;

final class BreakerPspTest {
  private static final int MAX_FAILURES = 3;
  private static final Duration LONG = Duration.ofMinutes(10);

  private final ScriptedPsp scripted = new ScriptedPsp();
  private final Vertx vertx = Vertx.vertx();
  private final ForcedOpen forced = new ForcedOpen();

  @AfterEach
  void stop() {
    await(vertx.close());
  }

  @Test
  void refusesWithoutAskingOnceItIsOpen() {
    BreakerPsp breaker = opened(LONG);
    int sends = scripted.sends;

    assertThat(await(breaker.send(Sendings.authorize(1)))).isEqualTo(new NotSent("breaker open"));
    assertThat(Results.reason(await(breaker.send(Sendings.authorize(2)))))
        .as("on a repeat, an open breaker proves nothing")
        .isEqualTo(UnknownReason.NOT_ASKED);
    assertThat(scripted.sends).isEqualTo(sends);
  }

  @ParameterizedTest
  @EnumSource(
      value = UnknownReason.class,
      names = {"TIMEOUT", "CONNECTION_LOST", "PSP_ERROR", "RATE_LIMITED", "NOT_ASKED", "GARBLED"})
  void opensOnFailuresOfThePspAndHandsThemOn(UnknownReason reason) {
    BreakerPsp breaker = breaker(LONG, LONG);
    scripted.answers(Results.unknown(reason));
    for (int i = 0; i < MAX_FAILURES; i++) {
      assertThat(await(breaker.send(Sendings.authorize(1)))).isEqualTo(Results.unknown(reason));
    }
    assertThat(breaker.state(OperationKind.AUTHORIZE)).isEqualTo(CircuitBreakerState.OPEN);
  }

  @Test
  void opensWhereThereIsNoConnection() {
    BreakerPsp breaker = breaker(LONG, LONG);
    scripted.answers(new NotSent("connection refused"));
    for (int i = 0; i < MAX_FAILURES; i++) {
      assertThat(await(breaker.send(Sendings.authorize(1))))
          .isEqualTo(new NotSent("connection refused"));
    }
    assertThat(breaker.state(OperationKind.AUTHORIZE)).isEqualTo(CircuitBreakerState.OPEN);
  }

  @Test
  void declinesAndDoubtsAboutOneOperationNeverOpenIt() {
    BreakerPsp breaker = breaker(LONG, LONG);
    for (PspResult result :
        List.of(
            Results.DECLINED,
            Results.unknown(UnknownReason.IN_PROGRESS),
            Results.unknown(UnknownReason.NOT_FOUND),
            Results.unknown(UnknownReason.UNREADABLE),
            Results.unknown(UnknownReason.UNKNOWN_STATUS),
            Results.unknown(UnknownReason.REFUSED_AGAIN))) {
      scripted.answers(result);
      for (int i = 0; i < MAX_FAILURES * 3; i++) {
        assertThat(await(breaker.send(Sendings.authorize(1)))).isEqualTo(result);
      }
    }
    assertThat(breaker.state(OperationKind.AUTHORIZE)).isEqualTo(CircuitBreakerState.CLOSED);
  }

  /** A key that is refused once is refused until a person has changed it. */
  @Test
  void opensWhereOurKeyIsRefused() {
    var refused =
        new PspResult.Declined(
            new Decline(DeclineCode.KEY_REFUSED, null, null, null, null),
            null,
            null,
            PspResult.Details.NONE);
    for (PspResult result : List.of(refused, Results.unknown(UnknownReason.UNAUTHORIZED))) {
      BreakerPsp breaker = breaker(LONG, LONG);
      scripted.answers(result);
      for (int i = 0; i < MAX_FAILURES; i++) {
        assertThat(await(breaker.send(Sendings.authorize(1)))).isEqualTo(result);
      }
      assertThat(breaker.state(OperationKind.AUTHORIZE)).isEqualTo(CircuitBreakerState.OPEN);
      assertThat(breaker.state(OperationKind.REFUND)).isEqualTo(CircuitBreakerState.CLOSED);
    }
  }

  @Test
  void oneKindsBreakerLeavesTheOthersAlone() {
    BreakerPsp breaker = opened(LONG);
    scripted.answers(Results.APPROVED);
    Sending refund = Sendings.sending("stripe_test", OperationKind.REFUND, 1);
    assertThat(await(breaker.send(refund))).isEqualTo(Results.APPROVED);
  }

  @Test
  void looksUpThoughItIsOpen() {
    BreakerPsp breaker = opened(LONG);
    scripted.answers(Results.APPROVED);
    assertThat(await(breaker.lookup(Sendings.authorize(2)))).isEqualTo(Results.APPROVED);
  }

  @Test
  void aCallThatOutlivesItIsUnknown() {
    BreakerPsp breaker = breaker(Duration.ofMillis(50), LONG);
    assertThat(Results.reason(await(breaker.send(Sendings.authorize(1)))))
        .isEqualTo(UnknownReason.TIMEOUT);
  }

  @Test
  void halfOpenLetsOneCallTryAndClosesOnItsSuccess() {
    BreakerPsp breaker = opened(Duration.ofMillis(50));
    awaitHalfOpen(breaker);
    int sends = scripted.sends;
    Promise<PspResult> probe = Promise.promise();
    scripted.answer = sending -> probe.future();

    Future<PspResult> tried = breaker.send(Sendings.authorize(1));
    List<PspResult> refused = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      refused.add(await(breaker.send(Sendings.authorize(1))));
    }
    probe.complete(Results.APPROVED);

    assertThat(await(tried)).isEqualTo(Results.APPROVED);
    assertThat(refused).containsOnly(new NotSent("breaker open"));
    assertThat(scripted.sends).isEqualTo(sends + 1);
    assertThat(breaker.state(OperationKind.AUTHORIZE)).isEqualTo(CircuitBreakerState.CLOSED);
  }

  @Test
  void forcedOpenItRefusesOneKindAndLooksUpAllTheSame() {
    BreakerPsp breaker = breaker(LONG, LONG);
    scripted.answers(Results.APPROVED);
    forced.set(Set.of(new ForcedOpen.Breaker("stripe_test", OperationKind.AUTHORIZE)));

    assertThat(await(breaker.send(Sendings.authorize(1))))
        .isEqualTo(new NotSent("breaker forced open"));
    assertThat(Results.reason(await(breaker.send(Sendings.authorize(2)))))
        .as("on a repeat, it proves nothing")
        .isEqualTo(UnknownReason.NOT_ASKED);
    assertThat(scripted.sends).isZero();
    assertThat(await(breaker.lookup(Sendings.authorize(2)))).isEqualTo(Results.APPROVED);
    assertThat(await(breaker.send(Sendings.sending("stripe_test", OperationKind.REFUND, 1))))
        .isEqualTo(Results.APPROVED);
    assertThat(breaker.takes(OperationKind.AUTHORIZE)).isFalse();
    assertThat(breaker.takes(OperationKind.REFUND)).isTrue();

    forced.set(Set.of());
    assertThat(await(breaker.send(Sendings.authorize(1)))).isEqualTo(Results.APPROVED);
    assertThat(breaker.state(OperationKind.AUTHORIZE)).isEqualTo(CircuitBreakerState.CLOSED);
  }

  @Test
  void halfOpenItTakesOneCallAndNoOtherBesideIt() {
    assertThat(opened(LONG).takes(OperationKind.AUTHORIZE)).isFalse();
    BreakerPsp breaker = opened(Duration.ofMillis(50));
    awaitHalfOpen(breaker);
    assertThat(breaker.takes(OperationKind.AUTHORIZE)).isTrue();
    Promise<PspResult> probe = Promise.promise();
    scripted.answer = sending -> probe.future();
    Future<PspResult> tried = breaker.send(Sendings.authorize(1));
    assertThat(breaker.takes(OperationKind.AUTHORIZE)).isFalse();

    probe.complete(Results.APPROVED);
    await(tried);
    assertThat(breaker.takes(OperationKind.AUTHORIZE)).isTrue();
  }

  private BreakerPsp breaker(Duration timeout, Duration resetTimeout) {
    return new BreakerPsp(
        vertx,
        "stripe_test",
        scripted,
        new BreakerSettings(MAX_FAILURES, LONG, timeout, resetTimeout),
        forced);
  }

  private BreakerPsp opened(Duration resetTimeout) {
    BreakerPsp breaker = breaker(LONG, resetTimeout);
    scripted.answers(Results.unknown(UnknownReason.PSP_ERROR));
    for (int i = 0; i < MAX_FAILURES; i++) {
      await(breaker.send(Sendings.authorize(1)));
    }
    return breaker;
  }

  private void awaitHalfOpen(BreakerPsp breaker) {
    Promise<Void> reached = Promise.promise();
    vertx.setPeriodic(
        5,
        id -> {
          if (breaker.state(OperationKind.AUTHORIZE) == CircuitBreakerState.HALF_OPEN) {
            vertx.cancelTimer(id);
            reached.complete();
          }
        });
    await(reached.future());
  }
}
