package psp.stripe;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.model.StripeObject;
import com.stripe.net.ApiMode;
import com.stripe.net.ApiResource.RequestMethod;
import com.stripe.net.HttpClient;
import com.stripe.net.HttpHeaders;
import com.stripe.net.StripeRequest;
import com.stripe.net.StripeResponse;
import java.util.List;
import java.util.Map;

/** Stripe's answers as literals, read by the real stripe-java. */
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

  static PaymentIntent readIntent(String json) {
    return (PaymentIntent) read(json);
  }

  static Refund readRefund(String json) {
    return (Refund) read(json);
  }

  private static Object read(String json) {
    return readObject(json);
  }

  static StripeObject readObject(String json) {
    try {
      return client(200, Map.of(), json).deserialize(json, ApiMode.V1);
    } catch (StripeException e) {
      throw new AssertionError(e);
    }
  }

  /** What stripe-java throws at an answer. */
  static StripeException failure(int status, Map<String, List<String>> headers, String body) {
    try {
      StripeResponse response =
          client(status, headers, body).rawRequest(RequestMethod.POST, "/v1/payment_intents", "");
      throw new AssertionError("not thrown at " + response.code());
    } catch (StripeException e) {
      return e;
    }
  }

  private static StripeClient client(int status, Map<String, List<String>> headers, String body) {
    return StripeClient.builder()
        .setApiKey("sk_test_secret")
        .setMaxNetworkRetries(0)
        .setHttpClient(
            new HttpClient() {
              @Override
              public StripeResponse request(StripeRequest request) throws StripeException {
                return VertxStripeHttpClient.readable(
                    new StripeResponse(status, HttpHeaders.of(headers), body));
              }
            })
        .build();
  }
}
