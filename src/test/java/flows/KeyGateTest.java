package flows;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import payments.Answer;
import payments.Refusal;
import payments.RequestContext.Idempotency;
import store.IdempotencyKeys.Stored;

/** What a stored idempotency key means for the request that brings it again. */
class KeyGateTest {
  private static final Idempotency ASKED = new Idempotency("order-7", "/v1/refunds", "same");
  private static final Answer ANSWER = new Answer(402, "{\"error\":{}}", false);
  private static final Duration MINUTE = Duration.ofSeconds(60);

  @Test
  void theFirstAnswerIsReplayedForEver() {
    assertThat(judge(stored(ASKED, null, ANSWER), Duration.ofDays(29)).result())
        .contains(new Answer(402, "{\"error\":{}}", true));
  }

  @Test
  void anotherBodyIsRefusedAlsoWhereThereIsAnAnswer() {
    Stored other = stored(new Idempotency("order-7", "/v1/refunds", "other"), null, ANSWER);

    assertThat(refusal(judge(other, Duration.ZERO)).code())
        .isEqualTo(Refusal.Code.IDEMPOTENCY_MISMATCH);
    assertThat(refusal(judge(other, Duration.ZERO)).message()).contains("same parameters");
  }

  @Test
  void anotherPathIsRefusedAndNamed() {
    Stored other = stored(new Idempotency("order-7", "/v1/customers", "same"), null, null);

    assertThat(refusal(judge(other, Duration.ZERO)).code())
        .isEqualTo(Refusal.Code.IDEMPOTENCY_MISMATCH);
    assertThat(refusal(judge(other, Duration.ZERO)).message())
        .contains("/v1/refunds", "/v1/customers", "order-7");
  }

  @Test
  void workUnderWayIsAConflict() {
    Refusal refusal = refusal(judge(stored(ASKED, null, null), MINUTE));

    assertThat(refusal.code()).isEqualTo(Refusal.Code.IDEMPOTENCY_IN_USE);
    assertThat(refusal.code().category()).isEqualTo(Refusal.Category.CONFLICT);
  }

  @Test
  void anOperationIsUnderWayHoweverOldItsKeyIs() {
    Stored begun = stored(ASKED, Given.OPERATION, null);

    // Only recovery ends it: a second run would be a second charge.
    assertThat(refusal(judge(begun, Duration.ofDays(3))).code())
        .isEqualTo(Refusal.Code.IDEMPOTENCY_IN_USE);
  }

  @Test
  void aClaimWithoutAnOperationIsFreeAfterAMinute() {
    assertThat(judge(stored(ASKED, null, null), MINUTE.plusMillis(1)).result()).isEmpty();
  }

  private static Future<Optional<Answer>> judge(Stored stored, Duration age) {
    return KeyGate.judge(ASKED, stored, Given.NOW.plus(age));
  }

  private static Refusal refusal(Future<Optional<Answer>> judged) {
    assertThat(judged.cause()).isInstanceOf(Refused.class);
    return ((Refused) judged.cause()).refusal();
  }

  private static Stored stored(
      Idempotency first, @Nullable UUID operationId, @Nullable Answer answer) {
    return new Stored(
        first.path(),
        first.fingerprint(),
        Given.PAYMENT,
        operationId,
        Given.context(first),
        answer,
        Given.NOW);
  }
}
