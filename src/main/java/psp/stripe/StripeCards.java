package psp.stripe;

import com.stripe.model.Charge;
import com.stripe.model.PaymentIntent;
import com.stripe.model.PaymentMethod;
import com.stripe.model.StripeError;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import payments.AttemptOutcome;
import payments.CardChecks;
import payments.CardDetails;
import psp.PspResult.Details;

/** What Stripe tells of a card and an attempt, in our records; pure. */
final class StripeCards {
  private StripeCards() {}

  /** From an intent's charge where it is expanded, else from its payment method where that is. */
  static Details ofIntent(PaymentIntent intent) {
    Charge charge = intent.getLatestChargeObject();
    if (charge != null) {
      return ofCharge(charge);
    }
    PaymentMethod method = intent.getPaymentMethodObject();
    return method == null
        ? Details.NONE
        : new Details(card(method), checks(method), AttemptOutcome.NONE);
  }

  /** From the error body of a decline, whose charge is mostly an id only. */
  static Details ofError(StripeError error) {
    PaymentIntent intent = error.getPaymentIntent();
    if (intent != null && intent.getLatestChargeObject() != null) {
      return ofCharge(intent.getLatestChargeObject());
    }
    PaymentMethod method = error.getPaymentMethod();
    AttemptOutcome outcome =
        error.getNetworkDeclineCode() == null && error.getNetworkAdviceCode() == null
            ? AttemptOutcome.NONE
            : new AttemptOutcome(
                null,
                null,
                null,
                null,
                null,
                null,
                error.getNetworkDeclineCode(),
                null,
                null,
                error.getNetworkAdviceCode());
    return method == null
        ? new Details(null, CardChecks.NONE, outcome)
        : new Details(card(method), checks(method), outcome);
  }

  static @Nullable CardDetails card(PaymentMethod method) {
    PaymentMethod.Card card = method.getCard();
    if (card == null) {
      return null;
    }
    String network = card.getNetworks() == null ? null : card.getNetworks().getPreferred();
    return details(
        card.getBrand(),
        card.getLast4(),
        card.getExpMonth(),
        card.getExpYear(),
        card.getFunding(),
        card.getCountry(),
        card.getFingerprint(),
        network);
  }

  static CardChecks checks(PaymentMethod method) {
    PaymentMethod.Card card = method.getCard();
    if (card == null || card.getChecks() == null) {
      return CardChecks.NONE;
    }
    PaymentMethod.Card.Checks checks = card.getChecks();
    return new CardChecks(
        checks.getAddressLine1Check(), checks.getAddressPostalCodeCheck(), checks.getCvcCheck());
  }

  /** Name, email, phone and address as the wire names them, without what is not set. */
  static Map<String, Object> billingDetails(PaymentMethod method) {
    PaymentMethod.BillingDetails billing = method.getBillingDetails();
    var map = new LinkedHashMap<String, Object>();
    if (billing == null) {
      return map;
    }
    if (billing.getAddress() != null) {
      var address = new LinkedHashMap<String, Object>();
      put(address, "city", billing.getAddress().getCity());
      put(address, "country", billing.getAddress().getCountry());
      put(address, "line1", billing.getAddress().getLine1());
      put(address, "line2", billing.getAddress().getLine2());
      put(address, "postal_code", billing.getAddress().getPostalCode());
      put(address, "state", billing.getAddress().getState());
      if (!address.isEmpty()) {
        map.put("address", address);
      }
    }
    put(map, "email", billing.getEmail());
    put(map, "name", billing.getName());
    put(map, "phone", billing.getPhone());
    return map;
  }

  private static Details ofCharge(Charge charge) {
    Charge.PaymentMethodDetails method = charge.getPaymentMethodDetails();
    Charge.PaymentMethodDetails.Card card = method == null ? null : method.getCard();
    return new Details(
        card == null
            ? null
            : details(
                card.getBrand(),
                card.getLast4(),
                card.getExpMonth(),
                card.getExpYear(),
                card.getFunding(),
                card.getCountry(),
                card.getFingerprint(),
                card.getNetwork()),
        card == null ? CardChecks.NONE : checks(card),
        outcome(charge.getOutcome(), card));
  }

  private static CardChecks checks(Charge.PaymentMethodDetails.Card card) {
    Charge.PaymentMethodDetails.Card.Checks checks = card.getChecks();
    return checks == null
        ? CardChecks.NONE
        : new CardChecks(
            checks.getAddressLine1Check(),
            checks.getAddressPostalCodeCheck(),
            checks.getCvcCheck());
  }

  private static AttemptOutcome outcome(
      Charge.@Nullable Outcome outcome, Charge.PaymentMethodDetails.@Nullable Card card) {
    String transactionId = card == null ? null : card.getNetworkTransactionId();
    String authorizationCode = card == null ? null : card.getAuthorizationCode();
    if (outcome == null) {
      return new AttemptOutcome(
          null, null, null, null, null, null, null, transactionId, authorizationCode);
    }
    Long score = outcome.getRiskScore();
    return new AttemptOutcome(
        outcome.getNetworkStatus(),
        outcome.getType(),
        outcome.getReason(),
        outcome.getRiskLevel(),
        score == null ? null : score.intValue(),
        outcome.getSellerMessage(),
        outcome.getNetworkDeclineCode(),
        transactionId,
        authorizationCode,
        outcome.getNetworkAdviceCode());
  }

  private static @Nullable CardDetails details(
      @Nullable String brand,
      @Nullable String last4,
      @Nullable Long expMonth,
      @Nullable Long expYear,
      @Nullable String funding,
      @Nullable String country,
      @Nullable String fingerprint,
      @Nullable String network) {
    // A card we cannot show (wallets may hide it) is no reason to doubt the payment.
    if (last4 == null || expMonth == null || expYear == null) {
      return null;
    }
    return new CardDetails(
        brand == null ? "unknown" : brand,
        last4,
        expMonth.intValue(),
        expYear.intValue(),
        funding == null ? "unknown" : funding,
        country,
        fingerprint,
        network);
  }

  private static void put(Map<String, Object> map, String name, @Nullable String value) {
    if (value != null) {
      map.put(name, value);
    }
  }
}
