package store;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import money.Money;
import org.jspecify.annotations.Nullable;
import payments.AttemptOutcome;
import payments.CardChecks;
import payments.CardDetails;
import payments.Decline;
import payments.DeclineCode;
import payments.Parameters;
import payments.ThreeDSecure;

/**
 * The JSON columns: small value records written and read, each in one place. Absent keys are nulls.
 */
final class Json {
  private Json() {}

  static JsonObject parameters(Parameters parameters) {
    return new JsonObject(parameters.values());
  }

  static Parameters parameters(JsonObject json) {
    return new Parameters(plainMap(json));
  }

  private static Map<String, Object> plainMap(JsonObject json) {
    var map = new LinkedHashMap<String, Object>();
    json.forEach(entry -> map.put(entry.getKey(), plain(entry.getValue())));
    return map;
  }

  private static Object plain(Object value) {
    return switch (value) {
      case JsonObject object -> plainMap(object);
      case JsonArray array -> {
        List<Object> list = new ArrayList<>();
        array.forEach(item -> list.add(plain(item)));
        yield List.copyOf(list);
      }
      case Map<?, ?> map -> {
        var copy = new LinkedHashMap<String, Object>();
        map.forEach((key, item) -> copy.put(String.valueOf(key), plain(item)));
        yield copy;
      }
      case List<?> list -> list.stream().map(Json::plain).toList();
      case Number number -> number.longValue();
      default -> value;
    };
  }

  static JsonObject said(OperationLog.Said said) {
    var json = new JsonObject();
    put(json, "reference", said.reference());
    put(json, "charge_reference", said.chargeReference());
    return json.put("amount", said.amount().minor())
        .put("currency", said.amount().currency().code())
        .put("captured", said.captured());
  }

  static OperationLog.Said said(JsonObject json) {
    return new OperationLog.Said(
        json.getString("reference"),
        json.getString("charge_reference"),
        Money.of(json.getLong("amount"), json.getString("currency")),
        json.getBoolean("captured"));
  }

  static JsonObject card(CardDetails card, CardChecks checks) {
    var json = new JsonObject();
    put(json, "brand", card.brand());
    put(json, "last4", card.last4());
    put(json, "exp_month", card.expMonth());
    put(json, "exp_year", card.expYear());
    put(json, "funding", card.funding());
    put(json, "country", card.country());
    put(json, "fingerprint", card.fingerprint());
    put(json, "network", card.network());
    put(json, "line1_check", checks.addressLine1());
    put(json, "postal_code_check", checks.addressPostalCode());
    put(json, "cvc_check", checks.cvc());
    return json;
  }

  static @Nullable CardDetails card(@Nullable JsonObject json) {
    if (json == null || !json.containsKey("brand")) {
      return null;
    }
    return new CardDetails(
        json.getString("brand"),
        json.getString("last4", ""),
        json.getInteger("exp_month", 0),
        json.getInteger("exp_year", 0),
        json.getString("funding", "unknown"),
        json.getString("country"),
        json.getString("fingerprint"),
        json.getString("network"));
  }

  static CardChecks checks(@Nullable JsonObject json) {
    return json == null
        ? CardChecks.NONE
        : new CardChecks(
            json.getString("line1_check"),
            json.getString("postal_code_check"),
            json.getString("cvc_check"));
  }

  static JsonObject outcome(AttemptOutcome outcome) {
    var json = new JsonObject();
    put(json, "network_status", outcome.networkStatus());
    put(json, "type", outcome.type());
    put(json, "reason", outcome.reason());
    put(json, "risk_level", outcome.riskLevel());
    put(json, "risk_score", outcome.riskScore());
    put(json, "seller_message", outcome.sellerMessage());
    put(json, "network_decline_code", outcome.networkDeclineCode());
    put(json, "network_transaction_id", outcome.networkTransactionId());
    put(json, "authorization_code", outcome.authorizationCode());
    ThreeDSecure authentication = outcome.threeDSecure();
    if (authentication != null) {
      json.put("three_d_secure", threeDSecure(authentication));
    }
    put(json, "network_advice_code", outcome.networkAdviceCode());
    return json;
  }

  private static JsonObject threeDSecure(ThreeDSecure authentication) {
    var json = new JsonObject();
    put(json, "result", authentication.result());
    put(json, "flow", authentication.authenticationFlow());
    put(json, "version", authentication.version());
    put(json, "eci", authentication.electronicCommerceIndicator());
    put(json, "exemption", authentication.exemptionIndicator());
    put(json, "reason", authentication.resultReason());
    put(json, "transaction_id", authentication.transactionId());
    return json;
  }

  private static @Nullable ThreeDSecure threeDSecure(@Nullable JsonObject json) {
    return json == null
        ? null
        : new ThreeDSecure(
            json.getString("result"),
            json.getString("flow"),
            json.getString("version"),
            json.getString("eci"),
            json.getString("exemption"),
            json.getString("reason"),
            json.getString("transaction_id"));
  }

  static AttemptOutcome outcome(@Nullable JsonObject json) {
    return json == null
        ? AttemptOutcome.NONE
        : new AttemptOutcome(
            json.getString("network_status"),
            json.getString("type"),
            json.getString("reason"),
            json.getString("risk_level"),
            json.getInteger("risk_score"),
            json.getString("seller_message"),
            json.getString("network_decline_code"),
            json.getString("network_transaction_id"),
            json.getString("authorization_code"),
            threeDSecure(json.getJsonObject("three_d_secure")),
            json.getString("network_advice_code"));
  }

  static JsonObject decline(Decline decline) {
    var json = new JsonObject().put("reason", decline.code().name());
    put(json, "raw_code", decline.rawCode());
    put(json, "raw_message", decline.rawMessage());
    put(json, "advice_code", decline.adviceCode());
    put(json, "param", decline.param());
    return json;
  }

  static @Nullable Decline decline(@Nullable JsonObject json) {
    return json == null
        ? null
        : new Decline(
            DeclineCode.valueOf(json.getString("reason")),
            json.getString("raw_code"),
            json.getString("raw_message"),
            json.getString("advice_code"),
            json.getString("param"));
  }

  private static void put(JsonObject json, String name, @Nullable Object value) {
    if (value != null) {
      json.put(name, value);
    }
  }
}
