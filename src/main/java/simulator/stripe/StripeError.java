package simulator.stripe;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * An answer other than 200, thrown by whatever finds the reason for it. Unchecked, without stack
 * trace: it is a way out, not a fault.
 */
final class StripeError extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final String INVALID_REQUEST = "invalid_request_error";

  private final int status;
  private final transient JsonObject error;
  private final boolean executed;

  private StripeError(int status, boolean executed, JsonObject error) {
    super(error.getString("message"), null, false, false);
    this.status = status;
    this.executed = executed;
    this.error = error;
  }

  int status() {
    return status;
  }

  /** Whether the request was being carried out: only then its answer is kept for replays. */
  boolean executed() {
    return executed;
  }

  JsonObject body() {
    return new JsonObject().put("error", error);
  }

  StripeError with(String field, Object value) {
    error.put(field, value);
    return this;
  }

  /** A request that says something wrong, found before anything was done. */
  static StripeError invalid(@Nullable String code, @Nullable String param, String message) {
    return new StripeError(400, false, error(INVALID_REQUEST, code, param, message));
  }

  static StripeError missing(String param) {
    return invalid("parameter_missing", param, "Missing required param: " + param + ".");
  }

  /** A parameter names an object that is not there. */
  static StripeError noSuchParam(String kind, String id, String param) {
    return invalid("resource_missing", param, "No such " + kind + ": '" + id + "'");
  }

  /** The path names an object that is not there. */
  static StripeError notFound(String kind, String id, String param) {
    return new StripeError(
        404,
        false,
        error(INVALID_REQUEST, "resource_missing", param, "No such " + kind + ": '" + id + "'"));
  }

  static StripeError noSuchRoute(String method, String path) {
    return new StripeError(
        404,
        false,
        error(
            INVALID_REQUEST,
            null,
            null,
            "Unrecognized request URL (" + method + ": " + path + ")."));
  }

  /** A request that is well formed, and against the state of things. */
  static StripeError refused(@Nullable String code, @Nullable String param, String message) {
    return new StripeError(400, true, error(INVALID_REQUEST, code, param, message));
  }

  /** A declined card; the error is the intent's last payment error as well. */
  static StripeError declined(JsonObject cardError) {
    return new StripeError(402, true, cardError.copy());
  }

  static StripeError unauthorized(String message) {
    return new StripeError(401, false, error(INVALID_REQUEST, null, null, message));
  }

  static StripeError idempotencyMismatch(String key) {
    return new StripeError(
        400,
        false,
        error(
            "idempotency_error",
            null,
            null,
            "Keys for idempotent requests can only be used with the same parameters they were first"
                + " used with. Try using a key other than '"
                + key
                + "' if you meant to execute a different request."));
  }

  static StripeError keyInUse() {
    return new StripeError(
        409,
        false,
        error(
            "idempotency_error",
            "idempotency_key_in_use",
            null,
            "There is currently another in-progress request using this idempotent key. Please try"
                + " again later."));
  }

  static StripeError lockTimeout() {
    return new StripeError(
        429,
        false,
        error(
            INVALID_REQUEST,
            "lock_timeout",
            null,
            "This object cannot be accessed right now because another API request or process is"
                + " currently accessing it."));
  }

  static StripeError rateLimited() {
    return new StripeError(
        429, false, error(INVALID_REQUEST, "rate_limit", null, "Request rate limit exceeded."));
  }

  static StripeError serverError(int status) {
    return new StripeError(
        status,
        false,
        error("api_error", null, null, "An unknown error occurred while processing the request."));
  }

  private static JsonObject error(
      String type, @Nullable String code, @Nullable String param, String message) {
    JsonObject error = new JsonObject();
    if (code != null) {
      error.put("code", code).put("doc_url", docUrl(code));
    }
    error.put("message", message);
    if (param != null) {
      error.put("param", param);
    }
    return error.put("type", type);
  }

  static String docUrl(String code) {
    return "https://stripe.com/docs/error-codes/" + code.replace('_', '-');
  }
}
