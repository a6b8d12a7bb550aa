package outbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MerchantEventTypesTest {
  @ParameterizedTest
  @CsvSource({
    "created,,,payment_intent.created",
    "created_and_confirmed,authorize,pending,payment_intent.created",
    "confirmed,authorize,pending,",
    "authorized,authorize,succeeded,charge.succeeded payment_intent.amount_capturable_updated",
    "captured,authorize,succeeded,charge.succeeded payment_intent.succeeded",
    "captured,capture,succeeded,charge.captured payment_intent.succeeded",
    "declined,authorize,failed,charge.failed payment_intent.payment_failed",
    "expired,void,succeeded,charge.expired payment_intent.canceled",
    "refunded_at_psp,refund,succeeded,refund.created charge.refunded",
    "refunded_at_psp,refund,accepted,refund.created",
    "outcome_unknown,authorize,unknown,"
  })
  void tellsMerchantsInStripesWords(
      String event, @Nullable String kind, @Nullable String status, @Nullable String types) {
    assertThat(String.join(" ", MerchantEventTypes.of(event, kind, status)))
        .isEqualTo(types == null ? "" : types);
  }
}
