package contracts;

import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import psp.stripe.StripePsp;
import psp.stripe.StripeSettings;

/** What Stripe answers. */
final class StripeDialect implements Dialect {
  @Override
  public String name() {
    return "Stripe";
  }

  @Override
  public Adapter adapter(Vertx vertx, URI server, Duration callTimeout) {
    var psp =
        new StripePsp(
            vertx,
            new StripeSettings(
                "stripe_contract",
                server,
                "sk_test_contract",
                callTimeout.dividedBy(2),
                callTimeout,
                4,
                4,
                new StripeSettings.Webhooks(false, List.of(), Duration.ofMinutes(5))));
    return new Adapter(psp, psp::close);
  }

  @Override
  public String token() {
    return "pm_card_visa";
  }

  private static Reply intent(String status, long minor, String currency, String more) {
    return Reply.of(
        200,
        ("{'id':'pi_1','object':'payment_intent','status':'%s','amount':%2$d,"
                + "'amount_received':%2$d,'amount_capturable':%2$d,'currency':'%3$s'%4$s}")
            .formatted(status, minor, currency, more));
  }

  private static Reply card(String code, String declineCode) {
    return Reply.of(
        402,
        "{'error':{'type':'card_error','code':'%s','decline_code':'%s','message':'no'}}"
            .formatted(code, declineCode));
  }

  private static Reply error(int status, String type, String code) {
    return Reply.of(
        status, "{'error':{'type':'%s','code':'%s','message':'no'}}".formatted(type, code));
  }

  private static Reply refund(String status) {
    return Reply.of(
        200,
        "{'id':'re_1','object':'refund','status':'%s','amount':1099,'currency':'usd'}"
            .formatted(status));
  }

  @Override
  public Reply reply(Situation situation) {
    return switch (situation) {
      case TAKEN_AT_ONCE, REPLAYED_SUCCESS, CAPTURED -> intent("succeeded", 1099, "usd", "");
      case HELD -> intent("requires_capture", 1099, "usd", "");
      case ANOTHER_AMOUNT -> intent("succeeded", 7, "usd", "");
      case ANOTHER_CURRENCY -> intent("succeeded", 1099, "eur", "");
      case DECLINED, DECLINED_ON_A_REPEAT -> card("card_declined", "generic_decline");
      case INSUFFICIENT_FUNDS -> card("card_declined", "insufficient_funds");
      case EXPIRED_CARD -> card("expired_card", "expired_card");
      case WRONG_SECURITY_CODE -> card("incorrect_cvc", "incorrect_cvc");
      case FRAUD -> card("card_declined", "fraudulent");
      case PROCESSING_ERROR -> card("processing_error", "processing_error");
      case AUTHENTICATION_REQUIRED -> card("authentication_required", "authentication_required");
      case NEW_REASON -> card("card_declined", "something_new");
      case CHALLENGED ->
          intent(
              "requires_action",
              1099,
              "usd",
              ",'next_action':{'type':'redirect_to_url','redirect_to_url':"
                  + "{'url':'https://issuer.test/3ds'}}");
      case PENDING -> intent("processing", 1099, "usd", "");
      case UNKNOWN_STATUS -> intent("charmed", 1099, "usd", "");
      case ACTION_THAT_IS_NO_REDIRECT ->
          intent("requires_action", 1099, "usd", ",'next_action':{'type':'use_stripe_sdk'}");
      case CAPTURED_IN_PART -> intent("succeeded", 700, "usd", "");
      case CAPTURE_REFUSED,
          RELEASE_REFUSED,
          REFUND_REFUSED,
          BAD_PARAMETER,
          BAD_PARAMETER_ON_A_REPEAT ->
          error(400, "invalid_request_error", "parameter_invalid");
      case LET_GO -> intent("canceled", 1099, "usd", "");
      case REFUNDED -> refund("succeeded");
      case REFUND_PENDING -> refund("pending");
      case BAD_KEY, BAD_KEY_ON_A_REPEAT -> error(401, "invalid_request_error", "api_key_expired");
      case TOO_MANY_REQUESTS ->
          error(429, "invalid_request_error", "rate_limit").with("Retry-After", "7");
      case KEY_IN_USE -> error(409, "idempotency_error", "idempotency_key_in_use");
      case SERVER_ERROR -> error(500, "api_error", "oops");
      case REPLAYED_SERVER_ERROR ->
          error(500, "api_error", "oops").with("Idempotent-Replayed", "true");
      default -> throw new IllegalArgumentException("no answer of Stripe's: " + situation);
    };
  }
}
