package contracts;

import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import payments.OperationKind;
import psp.stripe.StripePsp;
import psp.stripe.StripeSettings;

/** What Stripe answers. */
final class StripeDialect implements Dialect {
  private static final String SECRET = "whsec_contract";
  private static final String INTENT = "pi_1";
  private static final String CHARGE = "ch_1";
  private static final String REFUND = "re_1";

  @Override
  public String name() {
    return "Stripe";
  }

  @Override
  public Set<Trait> traits() {
    return Set.of(Trait.SHOWS_WHAT_IT_DID, Trait.MARKS_REPLAYS);
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

  /** As Adyen's component gives it. */
  @Override
  public String foreignToken() {
    return "{\"type\":\"scheme\",\"encryptedCardNumber\":\"eyJhbGciOiJSU0EtT0FFUCJ9\"}";
  }

  /** An intent is what its capture and its cancel are told by. */
  @Override
  public String reference(OperationKind kind) {
    return kind == OperationKind.REFUND ? REFUND : INTENT;
  }

  // ---- answers

  private static String intentText(String status, long minor, String currency, String more) {
    return ("{'id':'%s','object':'payment_intent','status':'%s','amount':%3$d,"
            + "'amount_received':%3$d,'amount_capturable':%3$d,'currency':'%4$s',"
            + "'latest_charge':'%5$s'%6$s}")
        .formatted(INTENT, status, minor, currency, CHARGE, more);
  }

  private static Reply intent(String status, long minor, String currency, String more) {
    return Reply.of(200, intentText(status, minor, currency, more)).telling(INTENT, CHARGE);
  }

  private static Reply intent(String status) {
    return intent(status, 1099, "usd", "");
  }

  private static Reply challenged() {
    return intent(
            "requires_action",
            1099,
            "usd",
            ",'next_action':{'type':'redirect_to_url','redirect_to_url':"
                + "{'url':'https://issuer.test/3ds'}}")
        .telling(INTENT, null);
  }

  private static Reply card(String code, String declineCode, String more) {
    return Reply.of(
            402,
            ("{'error':{'type':'card_error','code':'%s','decline_code':'%s','message':'no',"
                    + "'charge':'%s','payment_intent':%s%s}}")
                .formatted(
                    code,
                    declineCode,
                    CHARGE,
                    intentText("requires_payment_method", 1099, "usd", ""),
                    more))
        .telling(INTENT, CHARGE);
  }

  private static Reply card(String code, String declineCode) {
    return card(code, declineCode, "");
  }

  private static Reply error(int status, String type, String code) {
    return Reply.of(
        status, "{'error':{'type':'%s','code':'%s','message':'no'}}".formatted(type, code));
  }

  private static Reply refused() {
    return error(400, "invalid_request_error", "parameter_invalid");
  }

  private static String refundText(String status, long minor, String currency, boolean ours) {
    return ("{'id':'%s','object':'refund','status':'%s','amount':%d,'currency':'%s',"
            + "'payment_intent':'%s','charge':'%s','created':%d,'metadata':{%s}}")
        .formatted(
            REFUND,
            status,
            minor,
            currency,
            INTENT,
            CHARGE,
            Instant.now().getEpochSecond(),
            ours ? operation(OperationKind.REFUND) : "");
  }

  private static Reply refund(String status, long minor, String currency) {
    return Reply.of(200, refundText(status, minor, currency, true)).telling(REFUND, CHARGE);
  }

  private static String operation(OperationKind kind) {
    return "'operation_id':'" + Dialect.key(kind) + "'";
  }

  private static Reply list(String object, String data) {
    return Reply.of(200, "{'object':'%s','has_more':false,'data':[%s]}".formatted(object, data));
  }

  private static Reply found() {
    String more =
        ",'created':%d,'metadata':{%s}"
            .formatted(Instant.now().getEpochSecond(), operation(OperationKind.AUTHORIZE));
    return list("search_result", intentText("succeeded", 1099, "usd", more))
        .telling(INTENT, CHARGE);
  }

  @Override
  public Reply reply(Situation situation) {
    return switch (situation) {
      case TAKEN_AT_ONCE,
          REPLAYED_SUCCESS,
          CAPTURED,
          ASKED_AND_TAKEN,
          ASKED_WHEN_THE_KEY_IS_FORGOTTEN,
          ASKED_ABOUT_A_CAPTURE ->
          intent("succeeded");
      case HELD, ASKED_ABOUT_A_CAPTURE_NOT_DONE -> intent("requires_capture");
      case ANOTHER_AMOUNT, CAPTURED_ANOTHER_AMOUNT, ASKED_AND_ANOTHER_AMOUNT ->
          intent("succeeded", 7, "usd", "");
      case ANOTHER_CURRENCY, CAPTURED_ANOTHER_CURRENCY -> intent("succeeded", 1099, "eur", "");
      case NO_AMOUNT ->
          Reply.of(200, "{'id':'pi_1','object':'payment_intent','status':'succeeded'}");
      case DECLINED, DECLINED_ON_A_REPEAT -> card("card_declined", "generic_decline");
      case ISSUER_UNAVAILABLE -> card("card_declined", "issuer_not_available");
      case DECLINED_WITH_ADVICE ->
          card("card_declined", "generic_decline", ",'advice_code':'do_not_try_again'");
      case INSUFFICIENT_FUNDS -> card("card_declined", "insufficient_funds");
      case EXPIRED_CARD -> card("expired_card", "expired_card");
      case WRONG_SECURITY_CODE -> card("incorrect_cvc", "incorrect_cvc");
      case STOLEN_CARD -> card("card_declined", "stolen_card");
      case FRAUD -> card("card_declined", "fraudulent");
      case PROCESSING_ERROR -> card("processing_error", "processing_error");
      case AUTHENTICATION_REQUIRED -> card("authentication_required", "authentication_required");
      case NEW_REASON -> card("card_declined", "something_new");
      case CHALLENGED, ASKED_AND_CHALLENGED -> challenged();
      case PENDING, CAPTURE_PENDING, ASKED_AND_PENDING -> intent("processing");
      case UNKNOWN_STATUS,
          CAPTURE_OF_UNKNOWN_STATUS,
          RELEASE_OF_UNKNOWN_STATUS,
          ASKED_AND_UNKNOWN_STATUS ->
          intent("charmed");
      case ACTION_THAT_IS_NO_REDIRECT ->
          intent("requires_action", 1099, "usd", ",'next_action':{'type':'use_stripe_sdk'}");
      case CAPTURED_IN_PART -> intent("succeeded", 700, "usd", "");
      case CAPTURE_REFUSED,
          CAPTURE_REFUSED_ON_A_REPEAT,
          RELEASE_REFUSED,
          REFUND_REFUSED,
          REFUND_REFUSED_ON_A_REPEAT,
          REVERSAL_REFUSED,
          REVERSAL_REFUSED_ON_A_REPEAT,
          BAD_PARAMETER,
          BAD_PARAMETER_ON_A_REPEAT ->
          refused();
      case REPLAYED_BAD_PARAMETER -> refused().with("Idempotent-Replayed", "true");
      case LET_GO, ASKED_ABOUT_A_RELEASE -> intent("canceled");
      case REFUNDED, REVERSED, ASKED_ABOUT_A_REFUND -> refund("succeeded", 1099, "usd");
      case REFUNDED_IN_PART -> refund("succeeded", 700, "usd");
      case REFUNDED_ANOTHER_AMOUNT -> refund("succeeded", 7, "usd");
      case REFUNDED_ANOTHER_CURRENCY -> refund("succeeded", 1099, "eur");
      case REFUND_PENDING -> refund("pending", 1099, "usd");
      case REFUND_FAILED -> refund("failed", 1099, "usd");
      case REFUND_OF_UNKNOWN_STATUS, REVERSAL_OF_UNKNOWN_STATUS -> refund("charmed", 1099, "usd");
      case ASKED_AND_DECLINED ->
          intent(
              "requires_payment_method",
              1099,
              "usd",
              ",'last_payment_error':{'type':'card_error','code':'card_declined'}");
      case ASKED_AND_NOT_FOUND -> error(404, "invalid_request_error", "resource_missing");
      case SEARCHED_AND_FOUND -> found();
      case SEARCHED_AND_NOT_FOUND -> list("search_result", "");
      case SEARCHED_FOR_A_REFUND ->
          list("list", refundText("succeeded", 1099, "usd", true)).telling(REFUND, CHARGE);
      case SEARCHED_FOR_A_REFUND_IN_VAIN ->
          list("list", refundText("succeeded", 1099, "usd", false));
      case BAD_KEY, BAD_KEY_ON_A_REPEAT, ASKED_WITH_A_BAD_KEY ->
          error(401, "invalid_request_error", "api_key_expired");
      case TOO_MANY_REQUESTS, ASKED_TOO_OFTEN ->
          error(429, "invalid_request_error", "rate_limit").with("Retry-After", "7");
      case KEY_IN_USE -> error(409, "idempotency_error", "idempotency_key_in_use");
      case SERVER_ERROR,
          CAPTURE_MEETS_A_SERVER_ERROR,
          REFUND_MEETS_A_SERVER_ERROR,
          ASKED_AND_SERVER_ERROR ->
          error(500, "api_error", "oops");
      case REPLAYED_SERVER_ERROR ->
          error(500, "api_error", "oops").with("Idempotent-Replayed", "true");
      default -> throw new IllegalArgumentException("no answer of Stripe's: " + situation);
    };
  }

  // ---- webhooks

  private static String event(String type, String object) {
    return ("{'id':'evt_1','object':'event','api_version':'2026-07-29.dahlia','livemode':false,"
            + "'type':'%s','data':{'object':%s}}")
        .formatted(type, object)
        .replace('\'', '"');
  }

  private static String ofIntent(Event event, String status, long minor, String currency) {
    return ofIntent(event, status, minor, currency, "");
  }

  private static String ofIntent(
      Event event, String status, long minor, String currency, String more) {
    String metadata = event.ours ? operation(OperationKind.AUTHORIZE) : "";
    return event(
        "payment_intent.updated",
        intentText(status, minor, currency, ",'metadata':{" + metadata + "}" + more));
  }

  private static String ofRefund(Event event, String status, long minor, String currency) {
    return event("refund.updated", refundText(status, minor, currency, event.ours));
  }

  private static String ofDispute(String status) {
    return event(
        "charge.dispute.updated",
        "{'id':'dp_1','object':'dispute','status':'%s','amount':1099,'currency':'usd',"
                .formatted(status)
            + "'payment_intent':'pi_1','reason':'fraudulent','created':1800000000}");
  }

  private static String told(Event event) {
    return switch (event) {
      case AUTHORIZED, AUTHORIZED_AT_THE_PSP -> ofIntent(event, "requires_capture", 1099, "usd");
      case AUTHORIZED_IN_PART -> ofIntent(event, "requires_capture", 700, "usd");
      case AUTHORIZED_IN_ANOTHER_CURRENCY -> ofIntent(event, "requires_capture", 1099, "eur");
      case REFUSED ->
          ofIntent(
              event,
              "requires_payment_method",
              1099,
              "usd",
              ",'last_payment_error':{'type':'card_error','code':'card_declined'}");
      case CAPTURED, RELEASE_FAILED -> ofIntent(event, "succeeded", 1099, "usd");
      case CAPTURED_IN_PART -> ofIntent(event, "succeeded", 700, "usd");
      case CAPTURED_IN_ANOTHER_CURRENCY -> ofIntent(event, "succeeded", 1099, "eur");
      case CAPTURE_FAILED, LET_GO -> ofIntent(event, "canceled", 1099, "usd");
      case EXPIRED ->
          ofIntent(event, "canceled", 1099, "usd", ",'cancellation_reason':'automatic'");
      case REFUNDED, REFUNDED_AT_THE_PSP -> ofRefund(event, "succeeded", 1099, "usd");
      case REFUNDED_IN_PART -> ofRefund(event, "succeeded", 700, "usd");
      case REFUNDED_IN_ANOTHER_CURRENCY -> ofRefund(event, "succeeded", 1099, "eur");
      case REFUND_FAILED -> ofRefund(event, "failed", 1099, "usd");
      case INQUIRY_OPENED -> ofDispute("warning_needs_response");
      case DISPUTE_OPENED -> ofDispute("needs_response");
      case DISPUTE_WON -> ofDispute("won");
      case DISPUTE_LOST -> ofDispute("lost");
      case OF_NO_CONSEQUENCE -> event("customer.created", "{'id':'cus_1','object':'customer'}");
      case WITHOUT_AN_AMOUNT_THAT_IS_KNOWN -> ofRefund(event, "succeeded", 1099, "xxx");
      case LET_GO_BY_OUR_KEY,
          NOTHING_LET_GO_BY_OUR_KEY,
          NOTHING_FOUND_BY_OUR_KEY,
          REVERSED_BY_A_CANCEL,
          REVERSED_BY_A_REFUND,
          REVERSAL_FAILED ->
          throw new IllegalArgumentException("no word of Stripe's: " + event);
    };
  }

  @Override
  public Webhook webhook(Event event, boolean genuine) {
    String body = told(event);
    long seconds = Listening.NOW.getEpochSecond();
    byte[] signature =
        Signing.hmac(
            (genuine ? SECRET : "whsec_other").getBytes(StandardCharsets.UTF_8),
            seconds + "." + body);
    return new Webhook(
        Map.of("Stripe-Signature", "t=" + seconds + ",v1=" + HexFormat.of().formatHex(signature)),
        body);
  }
}
