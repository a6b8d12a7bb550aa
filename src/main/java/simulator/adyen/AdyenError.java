package simulator.adyen;

import io.vertx.core.json.JsonObject;

/**
 * An answer that is an error: Adyen's service error, thrown by whatever finds the reason for it.
 * Nothing was done. Without stack trace: it is a way out, not a fault.
 */
final class AdyenError extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final String VALIDATION = "validation";
  private static final String SECURITY = "security";

  private final int status;
  private final String code;
  private final String type;
  private final boolean passing;

  private AdyenError(int status, String code, String type, String message, boolean passing) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
    this.type = type;
    this.passing = passing;
  }

  /** A request that cannot be read. */
  static AdyenError unreadable(String message) {
    return new AdyenError(400, "702", VALIDATION, message, false);
  }

  /** A request that can be read and makes no sense. */
  static AdyenError invalid(String code, String message) {
    return new AdyenError(422, code, VALIDATION, message, false);
  }

  static AdyenError unauthorized() {
    return new AdyenError(401, "000", SECURITY, "HTTP Status Response - Unauthorized", false);
  }

  static AdyenError wrongMerchantAccount() {
    return new AdyenError(403, "901", SECURITY, "Invalid Merchant Account", false);
  }

  static AdyenError notAllowed(String message) {
    return new AdyenError(403, "010", SECURITY, message, false);
  }

  static AdyenError noSuchRoute(String method, String path) {
    return new AdyenError(404, "000", VALIDATION, "Nothing at " + method + " " + path, false);
  }

  /** The first request with this key is still being carried out: come again with the same key. */
  static AdyenError inProgress() {
    return new AdyenError(422, "704", VALIDATION, "request already processed or in progress", true);
  }

  /** The key was used for another request: coming again will not help. */
  static AdyenError keyOfAnotherRequest() {
    return new AdyenError(
        422, "704", VALIDATION, "request already processed or in progress", false);
  }

  static AdyenError rateLimited() {
    return new AdyenError(429, "000", "internal", "Too many requests", true);
  }

  static AdyenError serverError(int status) {
    return new AdyenError(status, "000", "internal", "An internal error occurred", true);
  }

  int status() {
    return status;
  }

  /** Whether Adyen says that it passes, and the same request may be sent again. */
  boolean passing() {
    return passing;
  }

  JsonObject body(String pspReference) {
    return new JsonObject()
        .put("status", status)
        .put("errorCode", code)
        .put("message", getMessage())
        .put("errorType", type)
        .put("pspReference", pspReference);
  }
}
