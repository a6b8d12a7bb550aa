package psp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static psp.Results.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import payments.OperationKind;
import psp.CardVault.VaultResult;
import psp.PspResult.NotSent;
import psp.PspResult.UnknownReason;

/** An account behind all its decorators. */
final class PspAccountTest {
  private final ScriptedPsp scripted = new ScriptedPsp();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() {
    await(vertx.close());
  }

  @Test
  void refusesSendsAboveItsLimitUntilOneEnds() {
    PspAccount account = guarded();
    Future<PspResult> first = account.psp().send(Sendings.authorize(1));
    Future<PspResult> second = account.psp().send(Sendings.authorize(1));

    assertThat(await(account.psp().send(Sendings.authorize(1))))
        .isEqualTo(new NotSent("bulkhead full"));
    assertThat(Results.reason(await(account.psp().send(Sendings.authorize(2)))))
        .isEqualTo(UnknownReason.NOT_ASKED);

    scripted.held.getFirst().complete(Results.APPROVED);
    assertThat(await(first)).isEqualTo(Results.APPROVED);
    scripted.answers(Results.DECLINED);
    assertThat(await(account.psp().send(Sendings.authorize(1)))).isEqualTo(Results.DECLINED);
    scripted.held.getLast().complete(Results.APPROVED);
    assertThat(await(second)).isEqualTo(Results.APPROVED);
  }

  @Test
  void looksUpWhileItsSendsAreFullAndBoundsLookupsToo() {
    PspAccount account = guarded();
    account.psp().send(Sendings.authorize(1));
    account.psp().send(Sendings.authorize(1));

    Future<PspResult> lookup = account.psp().lookup(Sendings.authorize(1));
    assertThat(scripted.lookups).isEqualTo(1);
    assertThat(Results.reason(await(account.psp().lookup(Sendings.authorize(1)))))
        .as("a look-up is never 'not sent'")
        .isEqualTo(UnknownReason.NOT_ASKED);

    scripted.held.getLast().complete(Results.APPROVED);
    assertThat(await(lookup)).isEqualTo(Results.APPROVED);
  }

  @Test
  void boundsVaultCalls() {
    PspAccount account = guarded();
    var first = account.vault().retrieve("pm_1");
    assertThat(await(account.vault().retrieve("pm_2"))).isInstanceOf(VaultResult.Unavailable.class);
    scripted.held.getLast().complete(Results.APPROVED);
    assertThat(await(first)).isInstanceOf(VaultResult.NotFound.class);
    account.vault().retrieve("pm_3");
    assertThat(scripted.held).as("the place is free again").hasSize(2);
  }

  @Test
  void itsOwnRefusalsDoNotOpenTheBreaker() {
    PspAccount account = guarded();
    account.psp().send(Sendings.authorize(1));
    account.psp().send(Sendings.authorize(1));
    for (int i = 0; i < 10; i++) {
      await(account.psp().send(Sendings.authorize(1)));
    }
    assertThat(breakerState()).isZero();
  }

  @Test
  void anAdapterThatThrowsLeavesItsPlaceFree() {
    PspAccount account = guarded();
    scripted.answer =
        sending -> {
          throw new IllegalStateException("broken");
        };
    for (int i = 0; i < 5; i++) {
      Future<PspResult> sent = account.psp().send(Sendings.sending("x", OperationKind.REFUND, 1));
      assertThatThrownBy(() -> await(sent)).isInstanceOf(Exception.class);
      scripted.answers(Results.APPROVED);
      await(account.psp().send(Sendings.sending("x", OperationKind.REFUND, 1)));
      scripted.answer =
          sending -> {
            throw new IllegalStateException("broken");
          };
    }
  }

  @Test
  void timesCallsByAccountKindAndResult() {
    PspAccount account = guarded();
    scripted.answers(Results.DECLINED);
    await(account.psp().send(Sendings.authorize(1)));
    scripted.answers(Results.unknown(UnknownReason.PSP_ERROR));
    await(account.psp().lookup(Sendings.authorize(1)));

    assertThat(
            registry
                .get("sluice.psp.send")
                .tags("account", "stripe_test", "kind", "authorize", "result", "declined")
                .timer()
                .count())
        .isEqualTo(1);
    assertThat(
            registry
                .get("sluice.psp.lookup")
                .tags("account", "stripe_test", "result", "unknown_psp_error")
                .timer()
                .count())
        .isEqualTo(1);
  }

  @Test
  void showsItsBreakersState() {
    PspAccount account = guarded();
    scripted.answers(Results.unknown(UnknownReason.PSP_ERROR));
    for (int i = 0; i < 3; i++) {
      await(account.psp().send(Sendings.authorize(1)));
    }
    assertThat(breakerState()).isEqualTo(2);
  }

  private double breakerState() {
    return registry
        .get("sluice.psp.breaker.state")
        .tags("account", "stripe_test", "kind", "authorize")
        .gauge()
        .value();
  }

  private PspAccount guarded() {
    Duration aLongTime = Duration.ofMinutes(10);
    return new AccountGuard(
            vertx,
            registry,
            new PspAccount("stripe_test", scripted, scripted, scripted),
            new BreakerSettings(3, aLongTime, aLongTime, aLongTime),
            new BulkheadSettings(2, 1, 1),
            new ForcedOpen())
        .account();
  }
}
