package psp.stripe;

import com.stripe.net.Webhook;
import io.vertx.core.buffer.Buffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Events of Stripe's as a test writes them, and their signatures as stripe-java makes them. */
final class SignedEvents {
  static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
  static final String SECRET = "whsec_current";
  static final String PREVIOUS = "whsec_previous";

  private SignedEvents() {}

  /** An event about an object, in test mode. */
  static String event(String type, String object) {
    return event("2019-02-19", type, object);
  }

  /** An event of an endpoint with an API version. */
  static String event(String apiVersion, String type, String object) {
    return """
    {"id":"evt_1","object":"event","api_version":"%s","created":1800000000,"livemode":false,
     "data":{"object":%s,"previous_attributes":{"id":"other"}},"pending_webhooks":1,"type":"%s"}\
    """
        .formatted(apiVersion, object, type);
  }

  static String signed(String body, String secret, Instant at) {
    try {
      return Webhook.Signature.generateSignatureHeader(body, secret, at.getEpochSecond());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static Function<String, @Nullable String> headers(String signature) {
    return Map.of("Stripe-Signature", signature)::get;
  }

  static Buffer bytes(String body) {
    return Buffer.buffer(body);
  }
}
