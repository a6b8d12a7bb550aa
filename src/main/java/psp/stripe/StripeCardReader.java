package psp.stripe;

import static psp.stripe.StripeJson.field;
import static psp.stripe.StripeJson.nextField;
import static psp.stripe.StripeJson.object;
import static psp.stripe.StripeJson.require;
import static psp.stripe.StripeJson.text;
import static psp.stripe.StripeJson.whole;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import psp.stripe.StripeObjects.Authentication;
import psp.stripe.StripeObjects.Card;
import psp.stripe.StripeObjects.Charge;
import psp.stripe.StripeObjects.Checks;
import psp.stripe.StripeObjects.Method;
import psp.stripe.StripeObjects.Outcome;

/** Reads what Stripe tells of a card: charges and payment methods. As {@link StripeReader} does. */
final class StripeCardReader {
  private static final Set<String> BILLING = Set.of("email", "name", "phone");
  private static final Set<String> ADDRESS =
      Set.of("city", "country", "line1", "line2", "postal_code", "state");

  private StripeCardReader() {}

  /** A charge, which has to say that it is one. */
  static Charge charge(JsonParser parser) throws IOException {
    String object = null;
    String id = null;
    Outcome outcome = null;
    Card card = null;
    for (String name = nextField(parser); name != null; name = nextField(parser)) {
      switch (name) {
        case "object" -> object = text(parser);
        case "id" -> id = text(parser);
        case "outcome" -> outcome = object(parser, StripeCardReader::outcome);
        case "payment_method_details" ->
            card = field(parser, "card", told -> object(told, StripeCardReader::card));
        default -> parser.skipChildren();
      }
    }
    require("charge".equals(object), "object");
    return new Charge(id, outcome, card);
  }

  private static Outcome outcome(JsonParser parser) throws IOException {
    String networkStatus = null;
    String type = null;
    String reason = null;
    String riskLevel = null;
    Long riskScore = null;
    String sellerMessage = null;
    String networkDeclineCode = null;
    String networkAdviceCode = null;
    for (String name = nextField(parser); name != null; name = nextField(parser)) {
      switch (name) {
        case "network_status" -> networkStatus = text(parser);
        case "type" -> type = text(parser);
        case "reason" -> reason = text(parser);
        case "risk_level" -> riskLevel = text(parser);
        case "risk_score" -> riskScore = whole(parser);
        case "seller_message" -> sellerMessage = text(parser);
        case "network_decline_code" -> networkDeclineCode = text(parser);
        case "network_advice_code" -> networkAdviceCode = text(parser);
        default -> parser.skipChildren();
      }
    }
    return new Outcome(
        networkStatus,
        type,
        reason,
        riskLevel,
        riskScore,
        sellerMessage,
        networkDeclineCode,
        networkAdviceCode);
  }

  private static Card card(JsonParser parser) throws IOException {
    String brand = null;
    String last4 = null;
    Long expMonth = null;
    Long expYear = null;
    String funding = null;
    String country = null;
    String fingerprint = null;
    String network = null;
    Checks checks = null;
    String transactionId = null;
    String authorizationCode = null;
    Authentication threeDSecure = null;
    for (String name = nextField(parser); name != null; name = nextField(parser)) {
      switch (name) {
        case "brand" -> brand = text(parser);
        case "last4" -> last4 = text(parser);
        case "exp_month" -> expMonth = whole(parser);
        case "exp_year" -> expYear = whole(parser);
        case "funding" -> funding = text(parser);
        case "country" -> country = text(parser);
        case "fingerprint" -> fingerprint = text(parser);
        // A charge names the one that was taken, a payment method those that may be.
        case "network" -> network = text(parser);
        case "networks" -> network = field(parser, "preferred", StripeJson::text);
        case "checks" -> checks = object(parser, StripeCardReader::checks);
        case "network_transaction_id" -> transactionId = text(parser);
        case "authorization_code" -> authorizationCode = text(parser);
        case "three_d_secure" -> threeDSecure = object(parser, StripeCardReader::authentication);
        default -> parser.skipChildren();
      }
    }
    return new Card(
        brand,
        last4,
        expMonth,
        expYear,
        funding,
        country,
        fingerprint,
        network,
        checks,
        transactionId,
        authorizationCode,
        threeDSecure);
  }

  private static Checks checks(JsonParser parser) throws IOException {
    String line1 = null;
    String postalCode = null;
    String cvc = null;
    for (String name = nextField(parser); name != null; name = nextField(parser)) {
      switch (name) {
        case "address_line1_check" -> line1 = text(parser);
        case "address_postal_code_check" -> postalCode = text(parser);
        case "cvc_check" -> cvc = text(parser);
        default -> parser.skipChildren();
      }
    }
    return new Checks(line1, postalCode, cvc);
  }

  private static Authentication authentication(JsonParser parser) throws IOException {
    String result = null;
    String flow = null;
    String version = null;
    String commerceIndicator = null;
    String exemptionIndicator = null;
    String resultReason = null;
    String transactionId = null;
    for (String name = nextField(parser); name != null; name = nextField(parser)) {
      switch (name) {
        case "result" -> result = text(parser);
        case "authentication_flow" -> flow = text(parser);
        case "version" -> version = text(parser);
        case "electronic_commerce_indicator" -> commerceIndicator = text(parser);
        case "exemption_indicator" -> exemptionIndicator = text(parser);
        case "result_reason" -> resultReason = text(parser);
        case "transaction_id" -> transactionId = text(parser);
        default -> parser.skipChildren();
      }
    }
    return new Authentication(
        result, flow, version, commerceIndicator, exemptionIndicator, resultReason, transactionId);
  }

  /** A payment method. */
  static Method method(JsonParser parser) throws IOException {
    String id = null;
    Card card = null;
    Map<String, Object> billing = null;
    for (String name = nextField(parser); name != null; name = nextField(parser)) {
      switch (name) {
        case "object" -> text(parser); // not asked for, but no object may stand there
        case "id" -> id = text(parser);
        case "card" -> card = object(parser, StripeCardReader::card);
        case "billing_details" -> billing = object(parser, StripeCardReader::billing);
        default -> parser.skipChildren();
      }
    }
    return new Method(id, card, billing == null ? Map.of() : billing);
  }

  private static Map<String, Object> billing(JsonParser parser) throws IOException {
    var billing = new LinkedHashMap<String, Object>();
    for (String name = nextField(parser); name != null; name = nextField(parser)) {
      if (BILLING.contains(name)) {
        put(billing, name, text(parser));
      } else if (name.equals("address")) {
        Map<String, Object> address = object(parser, StripeCardReader::address);
        put(billing, name, address == null || address.isEmpty() ? null : address);
      } else {
        parser.skipChildren();
      }
    }
    return billing;
  }

  private static Map<String, Object> address(JsonParser parser) throws IOException {
    var address = new LinkedHashMap<String, Object>();
    for (String name = nextField(parser); name != null; name = nextField(parser)) {
      if (ADDRESS.contains(name)) {
        put(address, name, text(parser));
      } else {
        parser.skipChildren();
      }
    }
    return address;
  }

  private static void put(Map<String, Object> map, String name, @Nullable Object value) {
    if (value == null) {
      map.remove(name);
    } else {
      map.put(name, value);
    }
  }
}
