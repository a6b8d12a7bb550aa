package psp.stripe;

import java.io.IOException;
import java.util.Map;
import psp.stripe.StripeObjects.Intent;
import psp.stripe.StripeObjects.Refund;

/** Stripe's answers as literals. */
final class Answers {
  static final String CHARGE =
      """
      {"id":"ch_psp","object":"charge","amount":1099,"currency":"usd",
       "outcome":{"network_status":"approved_by_network","type":"authorized","risk_level":"normal",
         "risk_score":12,"seller_message":"Payment complete."},
       "payment_method_details":{"type":"card","card":{"brand":"visa","last4":"4242",
         "exp_month":12,"exp_year":2034,"funding":"credit","country":"US","fingerprint":"fp",
         "network":"visa","network_transaction_id":"nti","authorization_code":"A1",
         "checks":{"cvc_check":"pass","address_line1_check":null,
           "address_postal_code_check":"fail"}}}}\
      """;

  private Answers() {}

  static String intent(String status, String more) {
    return """
    {"id":"pi_psp","object":"payment_intent","status":"%s","amount":1099,"amount_received":1099,
     "amount_capturable":1099,"currency":"usd","payment_method":"pm_psp",
     "created":1800000000,"client_secret":"pi_psp_secret_x","latest_charge":%s%s}\
    """
        .formatted(status, CHARGE, more);
  }

  static String intent(String status) {
    return intent(status, "");
  }

  static String refund(String status) {
    return """
    {"id":"re_psp","object":"refund","status":"%s","amount":500,"currency":"usd","created":1800000000,
     "charge":"ch_psp","payment_intent":"pi_psp","metadata":{"operation_id":"ch_operation"}}\
    """
        .formatted(status);
  }

  static String error(String type, String more) {
    return """
    {"error":{"type":"%s","message":"What Stripe says."%s}}\
    """
        .formatted(type, more);
  }

  static Intent readIntent(String json) {
    try {
      return StripeReader.intent(json);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static Refund readRefund(String json) {
    try {
      return StripeReader.refund(json);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** An answer that is no success. */
  static StripeAnswer failure(int status, Map<String, String> headers, String body) {
    return new StripeAnswer(
        status,
        body,
        headers.get(StripeAnswer.REQUEST_ID),
        "true".equals(headers.get(StripeAnswer.REPLAYED)),
        headers.get(StripeAnswer.RETRY_AFTER));
  }
}
