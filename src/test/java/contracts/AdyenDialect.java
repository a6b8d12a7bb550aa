package contracts;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import psp.adyen.AdyenPsp;
import psp.adyen.AdyenSettings;

/** What Adyen answers. */
final class AdyenDialect implements Dialect {
  private static final String KEY = "AB".repeat(32);

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
  public String token() {
    return "pm_card_visa";
  }

  private static Reply authorised(long minor, String currency) {
    return Reply.of(
        200,
        ("{'pspReference':'PSP1','resultCode':'Authorised',"
                + "'amount':{'currency':'%s','value':%d}}")
            .formatted(currency, minor));
  }

  private static Reply refused(String result, String code, String reason) {
    return Reply.of(
        200,
        ("{'pspReference':'PSP1','resultCode':'%s','refusalReasonCode':'%s',"
                + "'refusalReason':'%s'}")
            .formatted(result, code, reason));
  }

  private static Reply result(String code, String more) {
    return Reply.of(200, "{'pspReference':'PSP1','resultCode':'%s'%s}".formatted(code, more));
  }

  private static Reply error(int status, String type, String code) {
    return Reply.of(
        status,
        "{'status':%d,'errorType':'%s','errorCode':'%s','message':'no','pspReference':'REQ1'}"
            .formatted(status, type, code));
  }

  private static Reply received() {
    return Reply.of(
        201, "{'pspReference':'MOD1','paymentPspReference':'PSP1','status':'received'}");
  }

  private static JsonObject item(String code, String success, long minor) {
    return new JsonObject()
        .put("pspReference", code.equals("AUTHORISATION") ? "PSP1" : "MOD1")
        .put("originalReference", code.equals("AUTHORISATION") ? "" : "PSP1")
        .put("merchantAccountCode", "Contract")
        .put("merchantReference", "sluice-authorize-1")
        .put("amount", new JsonObject().put("currency", "USD").put("value", minor))
        .put("eventCode", code)
        .put("eventDate", "2026-01-01T01:00:00+01:00")
        .put("success", success)
        .put("reason", "")
        .put("additionalData", new JsonObject().put("disputeStatus", "Lost"));
  }

  private static JsonObject told(Event event) {
    return switch (event) {
      case AUTHORIZED -> item("AUTHORISATION", "true", 1099);
      case REFUSED -> item("AUTHORISATION", "false", 1099);
      case CAPTURED -> item("CAPTURE", "true", 1099);
      case CAPTURED_IN_PART -> item("CAPTURE", "true", 700);
      case LET_GO -> item("CANCELLATION", "true", 1099);
      case EXPIRED -> item("EXPIRE", "true", 1099);
      case REFUNDED -> item("REFUND", "true", 1099);
      case REFUND_FAILED -> item("REFUND_FAILED", "true", 1099);
      case DISPUTE_OPENED -> item("CHARGEBACK", "true", 1099);
      case DISPUTE_WON -> item("CHARGEBACK_REVERSED", "true", 1099);
      case DISPUTE_LOST -> item("DISPUTE_DEFENSE_PERIOD_ENDED", "true", 1099);
      case OF_NO_CONSEQUENCE -> item("REPORT_AVAILABLE", "true", 1099);
      case WITHOUT_AN_AMOUNT_THAT_IS_KNOWN ->
          item("REFUND", "true", 1099)
              .put("amount", new JsonObject().put("currency", "XXX").put("value", 1));
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

  @Override
  public Reply reply(Situation situation) {
    return switch (situation) {
      case TAKEN_AT_ONCE, HELD, REPLAYED_SUCCESS -> authorised(1099, "USD");
      case ANOTHER_AMOUNT -> authorised(7, "USD");
      case ANOTHER_CURRENCY -> authorised(1099, "EUR");
      case DECLINED, DECLINED_ON_A_REPEAT -> refused("Refused", "2", "Refused");
      case INSUFFICIENT_FUNDS -> refused("Refused", "12", "Not enough balance");
      case EXPIRED_CARD -> refused("Refused", "6", "Expired Card");
      case WRONG_SECURITY_CODE -> refused("Refused", "24", "CVC Declined");
      case FRAUD -> refused("Refused", "20", "FRAUD");
      case PROCESSING_ERROR -> refused("Error", "4", "Acquirer Error");
      case AUTHENTICATION_REQUIRED -> refused("Refused", "38", "Authentication required");
      case NEW_REASON -> refused("Refused", "99", "Something new");
      case CHALLENGED ->
          result(
              "RedirectShopper",
              ",'action':{'type':'redirect','method':'GET','url':'https://issuer.test/3ds'}");
      case PENDING -> result("Received", "");
      case UNKNOWN_STATUS -> result("Charmed", "");
      case ACTION_THAT_IS_NO_REDIRECT ->
          result("ChallengeShopper", ",'action':{'type':'threeDS2'}");
      case CAPTURED, CAPTURED_IN_PART, LET_GO, REFUNDED, REFUND_PENDING -> received();
      case CAPTURE_REFUSED, RELEASE_REFUSED, REFUND_REFUSED -> error(422, "validation", "167");
      case BAD_PARAMETER, BAD_PARAMETER_ON_A_REPEAT -> error(422, "validation", "130");
      case BAD_KEY, BAD_KEY_ON_A_REPEAT -> error(401, "security", "000");
      case TOO_MANY_REQUESTS -> error(429, "internal", "000").with("Retry-After", "7");
      case KEY_IN_USE -> error(422, "validation", "704").with("transient-error", "true");
      case SERVER_ERROR, REPLAYED_SERVER_ERROR -> error(500, "internal", "000");
      default -> throw new IllegalArgumentException("no answer of Adyen's: " + situation);
    };
  }
}
