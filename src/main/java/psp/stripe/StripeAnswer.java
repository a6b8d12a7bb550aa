package psp.stripe;

import com.stripe.exception.StripeException;
import com.stripe.model.StripeError;
import com.stripe.net.StripeResponse;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP answer, as far as it counts.
 *
 * @param requestId Stripe's name for the call, which its support asks for
 * @param isReplayed whether it is the answer to an earlier call with the same key (Stripe API:
 *     "Idempotent requests")
 * @param retryAfter what it asks us to wait, as it says it
 */
record StripeAnswer(
    int status,
    String body,
    @Nullable String requestId,
    boolean isReplayed,
    @Nullable String retryAfter) {
  static final String REQUEST_ID = "Request-Id";
  static final String REPLAYED = "Idempotent-Replayed";
  static final String RETRY_AFTER = "Retry-After";

  /** The answer that stripe-java took as a failure; without a body where that was not Stripe's. */
  static StripeAnswer of(StripeException failure) {
    int status = failure.getStatusCode() == null ? 0 : failure.getStatusCode();
    StripeError error = failure.getStripeError();
    StripeResponse response = error == null ? null : error.getLastResponse();
    return response == null
        ? new StripeAnswer(status, "", failure.getRequestId(), false, null)
        : new StripeAnswer(
            status,
            response.body(),
            response.requestId(),
            response.headers().firstValue(REPLAYED).filter("true"::equalsIgnoreCase).isPresent(),
            response.headers().firstValue(RETRY_AFTER).orElse(null));
  }

  boolean isSuccess() {
    return status >= 200 && status < 300;
  }
}
