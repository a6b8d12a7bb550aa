package psp.adyen;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP answer, as far as it counts.
 *
 * @param body the answer's JSON object; null where it is none
 * @param isTransient whether Adyen says that a repeat may do better (Adyen docs: "API idempotency")
 * @param retryAfter what it asks us to wait, as it says it
 */
record AdyenAnswer(
    int status, @Nullable JsonObject body, boolean isTransient, @Nullable String retryAfter) {
  boolean isSuccess() {
    return status >= 200 && status < 300;
  }
}
