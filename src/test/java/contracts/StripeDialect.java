package contracts;

import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import psp.stripe.StripePsp;
import psp.stripe.StripeSettings;

/** What Stripe answers. */
final class StripeDialect implements Dialect {
  private static final String SECRET = "whsec_contract";

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
                new StripeSettings.Webhooks(false, List.of(SECRET), Duration.ofMinutes(5))));
    return new Adapter(psp, psp.account().webhooks(), psp::close);
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

  private static String event(String type, String object) {
    return ("{'id':'evt_1','object':'event','api_version':'2026-07-29.dahlia','livemode':false,"
            + "'type':'%s','data':{'object':%s}}")
        .formatted(type, object)
        .replace('\'', '"');
  }

  private static String eventOfIntent(String status, long minor, String more) {
    return event(
        "payment_intent.updated", intent(status, minor, "usd", more).body().replace('"', '\''));
  }

  private static String eventOfDispute(String status) {
    return event(
        "charge.dispute.updated",
        "{'id':'dp_1','object':'dispute','status':'%s','amount':1099,'currency':'usd',"
                .formatted(status)
            + "'payment_intent':'pi_1','reason':'fraudulent','created':1800000000}");
  }

  private static String told(Event event) {
    return switch (event) {
      case AUTHORIZED -> eventOfIntent("requires_capture", 1099, "");
      case REFUSED ->
          eventOfIntent(
              "requires_payment_method",
              1099,
              ",'last_payment_error':{'type':'card_error','code':'card_declined'}");
      case CAPTURED -> eventOfIntent("succeeded", 1099, "");
      case CAPTURED_IN_PART -> eventOfIntent("succeeded", 700, "");
      case LET_GO -> eventOfIntent("canceled", 1099, "");
      case EXPIRED -> eventOfIntent("canceled", 1099, ",'cancellation_reason':'automatic'");
      case REFUNDED -> event("refund.updated", refund("succeeded").body().replace('"', '\''));
      case REFUND_FAILED -> event("refund.failed", refund("failed").body().replace('"', '\''));
      case DISPUTE_OPENED -> eventOfDispute("needs_response");
      case DISPUTE_WON -> eventOfDispute("won");
      case DISPUTE_LOST -> eventOfDispute("lost");
      case OF_NO_CONSEQUENCE -> event("customer.created", "{'id':'cus_1','object':'customer'}");
      case WITHOUT_AN_AMOUNT_THAT_IS_KNOWN ->
          event(
              "refund.updated",
              "{'id':'re_1','object':'refund','status':'succeeded','currency':'xxx'}");
    };
  }

  @Override
  public Webhook webhook(Event event, boolean genuine) {
    String body = told(event);
    long seconds = PspContract.NOW.getEpochSecond();
    byte[] signature =
        Signing.hmac(
            (genuine ? SECRET : "whsec_other").getBytes(StandardCharsets.UTF_8),
            seconds + "." + body);
    return new Webhook(
        Map.of("Stripe-Signature", "t=" + seconds + ",v1=" + HexFormat.of().formatHex(signature)),
        body);
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
