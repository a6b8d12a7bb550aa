package simulator.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import simulator.Await;
import simulator.CallMatch;
import simulator.Caller;
import simulator.Caller.Reply;
import simulator.Fault;
import simulator.Operation;
import simulator.SimulatorExtension;
import simulator.SimulatorOptions;

/** Idempotency keys, as Stripe keeps them. */
class IdempotencyTest {
  private static final AtomicReference<Instant> NOW =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));

  @RegisterExtension
  static final SimulatorExtension SIMULATOR =
      new SimulatorExtension(SimulatorOptions.defaults().withClock(NOW::get));

  private static final String[] PAYMENT = {
    "amount", "1000", "currency", "usd", "confirm", "true", "payment_method", "pm_card_visa"
  };
  private static final String[] DECLINED = {
    "amount",
    "1000",
    "currency",
    "usd",
    "confirm",
    "true",
    "payment_method",
    "pm_card_visa_chargeDeclined"
  };

  private static Reply pay(String key, String... params) {
    return SIMULATOR.caller().postWithKey("/v1/payment_intents", key, params);
  }

  @Test
  void replaysTheFirstAnswerByteForByte() {
    Reply first = pay("k", PAYMENT);
    Reply second = pay("k", PAYMENT);

    assertThat(second.body()).isEqualTo(first.body());
    assertThat(first.header("Idempotent-Replayed")).isNull();
    assertThat(second.header("Idempotent-Replayed")).isEqualTo("true");
    assertThat(second.header("Idempotency-Key")).isEqualTo("k");
    assertThat(second.header("Original-Request")).isEqualTo(first.header("Request-Id"));
    assertThat(SIMULATOR.simulator().truth().charges()).hasSize(1);
    assertThat(SIMULATOR.simulator().truth().charges().getFirst().idempotencyKey()).isEqualTo("k");
  }

  @Test
  void replaysDeclines() {
    Reply first = pay("k", DECLINED);
    Reply second = pay("k", DECLINED);

    assertThat(second.status()).isEqualTo(402);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(SIMULATOR.simulator().truth().charges()).hasSize(1);
  }

  @Test
  void refusesAKeyWithOtherParametersOrAnotherPath() {
    pay("k", PAYMENT);

    Reply otherParams = pay("k", DECLINED);
    Reply otherPath = SIMULATOR.caller().postWithKey("/v1/customers", "k");

    for (Reply refused : new Reply[] {otherParams, otherPath}) {
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.error().getString("type")).isEqualTo("idempotency_error");
    }
  }

  @Test
  void theOrderOfParametersDoesNotMatter() {
    Reply first = pay("k", "amount", "1000", "currency", "usd");
    Reply second = pay("k", "currency", "usd", "amount", "1000");

    assertThat(second.body()).isEqualTo(first.body());
  }

  @Test
  void forgetsWhatWasRefusedBeforeItWasCarriedOut() {
    assertThat(pay("k", "amount", "ten", "currency", "usd").status()).isEqualTo(400);

    assertThat(pay("k", PAYMENT).status()).isEqualTo(200);
  }

  @Test
  void keysBelongToTheirAccount() {
    pay("k", PAYMENT);

    Reply other =
        new Caller(SIMULATOR.simulator().baseUrl(), "sk_test_other")
            .postWithKey("/v1/payment_intents", "k", PAYMENT);

    assertThat(other.status()).isEqualTo(200);
    assertThat(other.header("Idempotent-Replayed")).isNull();
  }

  @Test
  void keysLiveForADay() {
    Reply first = pay("k", PAYMENT);
    NOW.updateAndGet(now -> now.plus(Duration.ofHours(24)).minusMillis(1));
    assertThat(pay("k", PAYMENT).body()).isEqualTo(first.body());

    NOW.updateAndGet(now -> now.plusMillis(1));

    assertThat(pay("k", PAYMENT).body()).isNotEqualTo(first.body());
    assertThat(SIMULATOR.simulator().truth().charges()).hasSize(2);
  }

  @Test
  void aKeyInUseIsAConflict() throws Exception {
    SIMULATOR.simulator().faults().next(CallMatch.of(Operation.AUTHORIZE), Fault.hang());
    CompletableFuture<Reply> hanging =
        SIMULATOR.caller().postLater("/v1/payment_intents", "k", PAYMENT);
    Await.until(() -> SIMULATOR.simulator().faults().hanging() == 1);

    Reply conflict = pay("k", PAYMENT);

    assertThat(conflict.status()).isEqualTo(409);
    assertThat(conflict.error().getString("code")).isEqualTo("idempotency_key_in_use");
    assertThat(conflict.error().getString("type")).isEqualTo("idempotency_error");
    SIMULATOR.simulator().faults().release();
    Reply released = hanging.get(30, TimeUnit.SECONDS);
    assertThat(released.status()).isEqualTo(200);
    assertThat(pay("k", PAYMENT).body()).isEqualTo(released.body());
    assertThat(SIMULATOR.simulator().truth().charges()).hasSize(1);
  }
}
