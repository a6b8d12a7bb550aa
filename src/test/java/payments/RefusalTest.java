package payments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import payments.Refusal.Code;

/** What refusals are called on the wire. */
class RefusalTest {
  /** Stripe docs, "Error codes"; a code that is not here is sent without one, as Stripe does. */
  private static final Map<Code, String> NAMES =
      Map.ofEntries(
          Map.entry(Code.PARAMETER_MISSING, "parameter_missing"),
          Map.entry(Code.PARAMETER_UNKNOWN, "parameter_unknown"),
          Map.entry(Code.PARAMETER_INVALID_INTEGER, "parameter_invalid_integer"),
          Map.entry(Code.PARAMETER_INVALID_EMPTY, "parameter_invalid_empty"),
          Map.entry(Code.PARAMETER_INVALID_STRING_BLANK, "parameter_invalid_string_blank"),
          Map.entry(Code.AMOUNT_TOO_LARGE, "amount_too_large"),
          Map.entry(Code.AMOUNT_TOO_SMALL, "amount_too_small"),
          Map.entry(Code.EMAIL_INVALID, "email_invalid"),
          Map.entry(Code.URL_INVALID, "url_invalid"),
          Map.entry(Code.UNEXPECTED_STATE, "payment_intent_unexpected_state"),
          Map.entry(Code.CHARGE_ALREADY_REFUNDED, "charge_already_refunded"),
          Map.entry(Code.CAPTURE_EXCEEDS, "amount_too_large"),
          Map.entry(Code.RESOURCE_MISSING, "resource_missing"),
          Map.entry(Code.REFERENCE_MISSING, "resource_missing"),
          Map.entry(Code.METHOD_DETACHED, "payment_method_unexpected_state"),
          Map.entry(Code.KEY_NOT_ALLOWED, "secret_key_required"),
          Map.entry(Code.IDEMPOTENCY_IN_USE, "idempotency_key_in_use"),
          Map.entry(Code.LOCK_TIMEOUT, "lock_timeout"),
          Map.entry(Code.RATE_LIMIT, "rate_limit"),
          // Sluice's own: Stripe serves the parameter, has no such setting, and takes card numbers.
          Map.entry(Code.PARAMETER_UNSUPPORTED, "parameter_unsupported"),
          Map.entry(Code.NOT_CONFIGURED, "not_configured"),
          Map.entry(Code.CARD_NUMBER_REFUSED, "card_number_not_accepted"));

  @Test
  void aRefusalIsCalledAsStripeCallsIt() {
    var names = new HashMap<Code, String>();
    for (Code code : Code.values()) {
      String wire = code.wire();
      if (wire != null) {
        names.put(code, wire);
      }
    }
    assertThat(names).isEqualTo(NAMES);
  }
}
