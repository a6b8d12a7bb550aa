package contracts;

import static contracts.Event.About.ENDED;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import payments.OperationKind;
import psp.adyen.AdyenPsp;
import psp.adyen.AdyenSettings;

/** What Adyen answers. */
final class AdyenDialect implements Dialect {
  private static final String KEY = "AB".repeat(32);
  private static final String PAYMENT = "PSP1";
  private static final String MODIFICATION = "MOD1";
  private static final String REDIRECT =
      ",'action':{'type':'redirect','method':'GET','url':'https://issuer.test/3ds'}";

  @Override
  public String name() {
    return "Adyen";
  }

  @Override
  public Adapter adapter(Vertx vertx, URI server, Duration callTimeout) {
    var psp =
        new AdyenPsp(
            vertx,
            new AdyenSettings(
                "adyen_contract",
                server,
                "adyen_test_contract",
                "Contract",
                false,
                callTimeout.dividedBy(2),
                callTimeout,
                4,
                4,
                List.of(KEY)));
    return new Adapter(psp, psp.account().webhooks(), psp::close);
  }

  @Override
  public Set<Trait> traits() {
    return Set.of(Trait.TELLS_LATER, Trait.AUTHORIZES_ONLY_BY_OUR_WORD);
  }

  /** Captures, cancels and refunds have ids of their own. */
  @Override
  public String reference(OperationKind kind) {
    return switch (kind) {
      case AUTHORIZE, COMPLETE_AUTHENTICATION -> PAYMENT;
      case CAPTURE, VOID, REFUND -> MODIFICATION;
    };
  }

  @Override
  public Map<String, String> brought() {
    return Map.of("redirectResult", "what the bank says");
  }

  @Override
  public String token() {
    return "pm_card_visa";
  }

  /** As Stripe's page gives it. */
  @Override
  public String foreignToken() {
    return "pm_1QYxkD2eZvKYlo2CmJ4s7TzA";
  }

  // ---- answers

  private static Reply result(String code, String more) {
    return Reply.of(
            200,
            "{'pspReference':'%s','resultCode':'%s','merchantReference':'%s'%s}"
                .formatted(PAYMENT, code, Dialect.key(OperationKind.AUTHORIZE), more))
        .telling(PAYMENT, null);
  }

  private static Reply authorised(long minor, String currency) {
    return result(
        "Authorised", ",'amount':{'currency':'%s','value':%d}".formatted(currency, minor));
  }

  private static Reply authorisedFor(@Nullable String merchantReference) {
    String named =
        merchantReference == null ? "" : ",'merchantReference':'%s'".formatted(merchantReference);
    return Reply.of(
            200,
            ("{'pspReference':'%s','resultCode':'Authorised',"
                    + "'amount':{'currency':'USD','value':1099}%s}")
                .formatted(PAYMENT, named))
        .telling(PAYMENT, null);
  }

  private static Reply refused(String result, String code, String reason, String more) {
    return result(
        result, ",'refusalReasonCode':'%s','refusalReason':'%s'%s".formatted(code, reason, more));
  }

  private static Reply refused(String code, String reason) {
    return refused("Refused", code, reason, "");
  }

  private static Reply refusedWith(String code, String reason, String name, String value) {
    return refused("Refused", code, reason, ",'additionalData':{'%s':'%s'}".formatted(name, value));
  }

  /** Its reference is the request's: of a payment that is the one there is. */
  private static Reply error(int status, String type, String code) {
    // Its reference is the request's: it names no payment.
    return Reply.of(
        status,
        "{'status':%d,'errorType':'%s','errorCode':'%s','message':'no','pspReference':'REQ1'}"
            .formatted(status, type, code));
  }

  private static Reply modification(String status) {
    return Reply.of(
            201,
            "{'pspReference':'%s','paymentPspReference':'%s','status':'%s'}"
                .formatted(MODIFICATION, PAYMENT, status))
        .telling(MODIFICATION, null);
  }

  @Override
  public Reply reply(Situation situation) {
    return switch (situation) {
      case TAKEN_AT_ONCE,
          HELD,
          REPLAYED_SUCCESS,
          AUTHENTICATED,
          AUTHENTICATED_ON_A_REPEAT,
          ASKED_AND_TAKEN ->
          authorised(1099, "USD");
      case ANOTHER_AMOUNT, AUTHENTICATED_FOR_ANOTHER_AMOUNT, ASKED_AND_ANOTHER_AMOUNT ->
          authorised(7, "USD");
      case ANOTHER_CURRENCY -> authorised(1099, "EUR");
      case NO_AMOUNT -> result("Authorised", "");
      case DECLINED, DECLINED_ON_A_REPEAT, ASKED_AND_DECLINED -> refused("2", "Refused");
      case ISSUER_UNAVAILABLE -> refused("9", "Issuer Unavailable");
      case DECLINED_WITH_ADVICE ->
          refusedWith("2", "Refused", "merchantAdviceCode", "03 : Do not try again");
      case INSUFFICIENT_FUNDS, AUTHENTICATED_AND_DECLINED -> refused("12", "Not enough balance");
      case EXPIRED_CARD -> refused("6", "Expired Card");
      case WRONG_SECURITY_CODE -> refused("24", "CVC Declined");
      case STOLEN_CARD ->
          refusedWith("5", "Blocked Card", "refusalReasonRaw", "43 : Stolen card, pick up");
      case FRAUD -> refused("20", "FRAUD");
      case PROCESSING_ERROR -> refused("Error", "4", "Acquirer Error", "");
      case AUTHENTICATION_REQUIRED -> refused("38", "Authentication required");
      case NOT_AUTHENTICATED -> refused("11", "3D Not Authenticated");
      case NEW_REASON -> refused("99", "Something new");
      case CHALLENGED, CHALLENGED_AGAIN, ASKED_AND_CHALLENGED ->
          result("RedirectShopper", REDIRECT);
      case PENDING, AUTHENTICATED_AND_PENDING, ASKED_AND_PENDING -> result("Received", "");
      case UNKNOWN_STATUS, AUTHENTICATED_AND_UNKNOWN_STATUS, ASKED_AND_UNKNOWN_STATUS ->
          result("Charmed", "");
      case ACTION_THAT_IS_NO_REDIRECT ->
          result("ChallengeShopper", ",'action':{'type':'threeDS2'}");
      case AUTHENTICATED_FOR_ANOTHER_PAYMENT -> authorisedFor("sluice-another");
      case AUTHENTICATED_FOR_NOBODY_KNOWS_WHAT -> authorisedFor(null);
      case CAPTURED,
          CAPTURED_IN_PART,
          CAPTURED_ANOTHER_AMOUNT,
          CAPTURED_ANOTHER_CURRENCY,
          CAPTURE_PENDING,
          LET_GO,
          REVERSED,
          REFUNDED,
          REFUNDED_IN_PART,
          REFUNDED_ANOTHER_AMOUNT,
          REFUNDED_ANOTHER_CURRENCY,
          REFUND_PENDING,
          REFUND_FAILED ->
          modification("received");
      case LET_GO_BY_OUR_KEY, LET_GO_BY_OUR_KEY_ON_A_REPEAT ->
          Reply.of(
                  201,
                  "{'pspReference':'%s','paymentReference':'%s','status':'received'}"
                      .formatted(MODIFICATION, Dialect.key(OperationKind.AUTHORIZE)))
              .telling(MODIFICATION, null);
      case CAPTURE_OF_UNKNOWN_STATUS,
          RELEASE_OF_UNKNOWN_STATUS,
          REVERSAL_OF_UNKNOWN_STATUS,
          REFUND_OF_UNKNOWN_STATUS ->
          modification("charmed");
      case CAPTURE_REFUSED,
          CAPTURE_REFUSED_ON_A_REPEAT,
          RELEASE_REFUSED,
          RELEASE_BY_OUR_KEY_REFUSED,
          RELEASE_BY_OUR_KEY_REFUSED_ON_A_REPEAT,
          REVERSAL_REFUSED,
          REVERSAL_REFUSED_ON_A_REPEAT,
          REFUND_REFUSED,
          REFUND_REFUSED_ON_A_REPEAT ->
          error(422, "validation", "167");
      case BAD_PARAMETER, BAD_PARAMETER_ON_A_REPEAT, DETAILS_REFUSED, DETAILS_REFUSED_ON_A_REPEAT ->
          error(422, "validation", "130");
      case ASKED_AND_NOT_FOUND -> error(404, "validation", "000");
      case BAD_KEY,
          BAD_KEY_ON_A_REPEAT,
          DETAILS_MEET_A_BAD_KEY,
          RELEASE_BY_OUR_KEY_MEETS_A_BAD_KEY,
          ASKED_WITH_A_BAD_KEY ->
          error(401, "security", "000");
      case TOO_MANY_REQUESTS, DETAILS_SENT_TOO_OFTEN, ASKED_TOO_OFTEN ->
          error(429, "internal", "000").with("Retry-After", "7");
      case KEY_IN_USE -> error(422, "validation", "704").with("transient-error", "true");
      case SERVER_ERROR,
          REPLAYED_SERVER_ERROR,
          DETAILS_MEET_A_SERVER_ERROR,
          CAPTURE_MEETS_A_SERVER_ERROR,
          REFUND_MEETS_A_SERVER_ERROR,
          ASKED_AND_SERVER_ERROR ->
          error(500, "internal", "000");
      // It would be asked nothing, and a question that is asked all the same must not be answered.
      case ASKED_WHEN_THE_KEY_IS_FORGOTTEN,
          SEARCHED_AND_FOUND,
          SEARCHED_AND_NOT_FOUND,
          ASKED_ABOUT_A_CAPTURE,
          ASKED_ABOUT_A_CAPTURE_NOT_DONE,
          ASKED_ABOUT_A_RELEASE,
          ASKED_ABOUT_A_REFUND,
          SEARCHED_FOR_A_REFUND,
          SEARCHED_FOR_A_REFUND_IN_VAIN,
          NOTHING_BROUGHT ->
          authorised(1099, "USD");
      default -> throw new IllegalArgumentException("no answer of Adyen's: " + situation);
    };
  }

  // ---- webhooks

  private static JsonObject item(Event event, String code, String success) {
    return item(event, code, success, 1099, "USD");
  }

  private static JsonObject item(
      Event event, String code, String success, long minor, String currency) {
    boolean payment = event.about.kind == OperationKind.AUTHORIZE && event.about != ENDED;
    return new JsonObject()
        .put("pspReference", payment ? PAYMENT : MODIFICATION)
        .put("originalReference", payment ? "" : PAYMENT)
        .put("merchantAccountCode", "Contract")
        .put("merchantReference", merchantReference(event))
        .put("amount", new JsonObject().put("currency", currency).put("value", minor))
        .put("eventCode", code)
        .put("eventDate", "2026-01-01T01:00:00+01:00")
        .put("success", success)
        .put("reason", "")
        .put("additionalData", new JsonObject().put("disputeStatus", "Lost"));
  }

  private static JsonObject with(JsonObject item, Map<String, String> additional) {
    additional.forEach(item.getJsonObject("additionalData")::put);
    return item;
  }

  /** What is done in the Customer Area is told under the payment's reference. */
  private static String merchantReference(Event event) {
    OperationKind kind = event.about.kind;
    if (kind == OperationKind.AUTHORIZE) {
      return event.ours ? Dialect.key(kind) : "order-7";
    }
    return kind == null || !event.ours
        ? Dialect.key(OperationKind.AUTHORIZE)
        : kind.wire() + "/" + Dialect.key(kind);
  }

  private static JsonObject told(Event event) {
    return switch (event) {
      case AUTHORIZED, AUTHORIZED_AT_THE_PSP -> item(event, "AUTHORISATION", "true");
      case AUTHORIZED_IN_PART ->
          with(
              item(event, "AUTHORISATION", "true"),
              Map.of("authorisedAmountValue", "700", "authorisedAmountCurrency", "USD"));
      case AUTHORIZED_IN_ANOTHER_CURRENCY -> item(event, "AUTHORISATION", "true", 1099, "EUR");
      case REFUSED -> item(event, "AUTHORISATION", "false");
      case CAPTURED -> item(event, "CAPTURE", "true");
      case CAPTURED_IN_PART -> item(event, "CAPTURE", "true", 700, "USD");
      case CAPTURED_IN_ANOTHER_CURRENCY -> item(event, "CAPTURE", "true", 1099, "EUR");
      case CAPTURE_FAILED -> item(event, "CAPTURE_FAILED", "true");
      case LET_GO -> item(event, "CANCELLATION", "true");
      case RELEASE_FAILED -> item(event, "CANCELLATION", "false");
      case LET_GO_BY_OUR_KEY -> item(event, "TECHNICAL_CANCEL", "true");
      case NOTHING_LET_GO_BY_OUR_KEY ->
          item(event, "TECHNICAL_CANCEL", "false")
              .put("reason", "Transaction has been captured or cancelled, cancel not possible");
      case NOTHING_FOUND_BY_OUR_KEY ->
          item(event, "TECHNICAL_CANCEL", "false").put("reason", "Transaction not authorised");
      case REVERSED_BY_A_CANCEL ->
          with(item(event, "CANCEL_OR_REFUND", "true"), Map.of("modification.action", "cancel"));
      case REVERSED_BY_A_REFUND ->
          with(item(event, "CANCEL_OR_REFUND", "true"), Map.of("modification.action", "refund"));
      case REVERSAL_FAILED -> item(event, "CANCEL_OR_REFUND", "false");
      case EXPIRED -> item(event, "EXPIRE", "true");
      case REFUNDED, REFUNDED_AT_THE_PSP -> item(event, "REFUND", "true");
      case REFUNDED_IN_PART -> item(event, "REFUND", "true", 700, "USD");
      case REFUNDED_IN_ANOTHER_CURRENCY -> item(event, "REFUND", "true", 1099, "EUR");
      case REFUND_FAILED -> item(event, "REFUND_FAILED", "true");
      case INQUIRY_OPENED -> item(event, "NOTIFICATION_OF_CHARGEBACK", "true");
      case DISPUTE_OPENED -> item(event, "CHARGEBACK", "true");
      case DISPUTE_WON -> item(event, "CHARGEBACK_REVERSED", "true");
      case DISPUTE_LOST -> item(event, "DISPUTE_DEFENSE_PERIOD_ENDED", "true");
      case OF_NO_CONSEQUENCE -> item(event, "REPORT_AVAILABLE", "true");
      case WITHOUT_AN_AMOUNT_THAT_IS_KNOWN -> item(event, "REFUND", "true", 1099, "XXX");
    };
  }

  @Override
  public Webhook webhook(Event event, boolean genuine) {
    JsonObject item = told(event);
    JsonObject amount = item.getJsonObject("amount");
    String signed =
        String.join(
            ":",
            item.getString("pspReference"),
            item.getString("originalReference"),
            item.getString("merchantAccountCode"),
            item.getString("merchantReference"),
            String.valueOf(amount.getValue("value")),
            amount.getString("currency"),
            item.getString("eventCode"),
            item.getString("success"));
    byte[] key = HexFormat.of().parseHex(genuine ? KEY : "CD".repeat(32));
    item.getJsonObject("additionalData")
        .put("hmacSignature", Base64.getEncoder().encodeToString(Signing.hmac(key, signed)));
    var wrapped = new JsonArray().add(new JsonObject().put("NotificationRequestItem", item));
    return new Webhook(
        Map.of(), new JsonObject().put("live", "false").put("notificationItems", wrapped).encode());
  }
}
