package routes.api;

import flows.Views.PaymentView;
import org.jspecify.annotations.Nullable;
import payments.Answer;
import payments.Decline;
import payments.Refusal;
import payments.Refusal.Category;
import payments.Refusal.Code;

/**
 * Refusals in Stripe's error shape (Stripe API: Errors): the one place where a category becomes an
 * HTTP status and an error type.
 */
final class ErrorJson {
  private ErrorJson() {}

  static Answer answer(Refusal refusal, @Nullable PaymentView payment, boolean publishable) {
    var json = new JsonWriter();
    json.beginObject().name("error").beginObject();
    Decline decline = refusal.decline();
    if (decline != null) {
      PaymentIntentJson.declineFields(json, decline, payment, publishable);
    } else {
      json.fieldIfPresent("code", refusal.code().wire())
          .field("message", refusal.message())
          .fieldIfPresent("param", refusal.param())
          .field("type", type(refusal.code()));
    }
    if (payment != null) {
      json.name("payment_intent");
      if (publishable) {
        PaymentIntentJson.writePublic(json, payment, Expansion.NONE);
      } else {
        PaymentIntentJson.write(json, payment, Expansion.NONE);
      }
    }
    json.endObject().endObject();
    return new Answer(status(refusal.code().category()), json.toString(), false);
  }

  static int status(Category category) {
    return switch (category) {
      case INVALID_REQUEST, IDEMPOTENCY_MISMATCH -> 400;
      case AUTHENTICATION -> 401;
      case CARD -> 402;
      case PERMISSION -> 403;
      case NOT_FOUND -> 404;
      case CONFLICT -> 409;
      case TOO_LARGE -> 413;
      case RATE_LIMIT -> 429;
      case INTERNAL -> 500;
      case UNAVAILABLE -> 503;
      case OUTCOME_UNKNOWN -> 504;
    };
  }

  private static String type(Code code) {
    return switch (code.category()) {
      case INVALID_REQUEST, NOT_FOUND, AUTHENTICATION, PERMISSION, TOO_LARGE, RATE_LIMIT ->
          "invalid_request_error";
      case CARD -> "card_error";
      case IDEMPOTENCY_MISMATCH -> "idempotency_error";
      case CONFLICT ->
          code == Code.IDEMPOTENCY_IN_USE ? "idempotency_error" : "invalid_request_error";
      case UNAVAILABLE, OUTCOME_UNKNOWN, INTERNAL -> "api_error";
    };
  }
}
