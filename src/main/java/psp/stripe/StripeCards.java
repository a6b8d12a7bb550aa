package psp.stripe;

import com.stripe.model.Charge;
import com.stripe.model.PaymentIntent;
import com.stripe.model.PaymentMethod;
import com.stripe.model.StripeError;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import payments.AttemptOutcome;
import payments.CardChecks;
import payments.CardDetails;
import payments.ThreeDSecure;
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
    AttemptOutcome outcome = outcome(error);
    return method == null
        ? new Details(null, CardChecks.NONE, outcome)
        : new Details(card(method), checks(method), outcome);
  }

  /**
   * An error tells little of the attempt. That Stripe itself suspects fraud (Stripe docs: "Decline
   * codes", fraudulent), with no word of the network's, means that the network was not asked.
   */
  private static AttemptOutcome outcome(StripeError error) {
    String networkCode = error.getNetworkDeclineCode();
    boolean blocked = networkCode == null && "fraudulent".equals(error.getDeclineCode());
    if (blocked) {
      return new AttemptOutcome(
          "not_sent_to_network",
          "blocked",
          null,
          "unknown",
          null,
          null,
          null,
          null,
          null,
          null,
          null);
    }
    String advice = error.getNetworkAdviceCode();
    return networkCode == null && advice == null
        ? AttemptOutcome.NONE
        : new AttemptOutcome(
            null, null, null, null, null, null, networkCode, null, null, null, advice);
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
    return checks(
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
        : checks(
            checks.getAddressLine1Check(),
            checks.getAddressPostalCodeCheck(),
            checks.getCvcCheck());
  }

  private static CardChecks checks(
      @Nullable String line1, @Nullable String postalCode, @Nullable String cvc) {
    return new CardChecks(
        known(CardChecks.RESULTS, line1),
        known(CardChecks.RESULTS, postalCode),
        known(CardChecks.RESULTS, cvc));
  }

  /** A word of our list, which has Stripe's: one that Stripe may come to add says nothing yet. */
  private static @Nullable String known(Set<String> words, @Nullable String told) {
    return told != null && words.contains(told) ? told : null;
  }

  private static @Nullable ThreeDSecure threeDSecure(
      Charge.PaymentMethodDetails.@Nullable Card card) {
    var told = card == null ? null : card.getThreeDSecure();
    return told == null
        ? null
        : new ThreeDSecure(
            known(ThreeDSecure.RESULTS, told.getResult()),
            known(ThreeDSecure.FLOWS, told.getAuthenticationFlow()),
            told.getVersion(),
            told.getElectronicCommerceIndicator(),
            told.getExemptionIndicator(),
            told.getResultReason(),
            told.getTransactionId());
  }

  private static AttemptOutcome outcome(
      Charge.@Nullable Outcome outcome, Charge.PaymentMethodDetails.@Nullable Card card) {
    String transactionId = card == null ? null : card.getNetworkTransactionId();
    String authorizationCode = card == null ? null : card.getAuthorizationCode();
    if (outcome == null) {
      return new AttemptOutcome(
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          transactionId,
          authorizationCode,
          threeDSecure(card),
          null);
    }
    Long score = outcome.getRiskScore();
    return new AttemptOutcome(
        known(AttemptOutcome.NETWORK_STATUSES, outcome.getNetworkStatus()),
        known(AttemptOutcome.TYPES, outcome.getType()),
        outcome.getReason(),
        riskLevel(outcome.getRiskLevel()),
        score == null ? null : score.intValue(),
        outcome.getSellerMessage(),
        outcome.getNetworkDeclineCode(),
        transactionId,
        authorizationCode,
        threeDSecure(card),
        outcome.getNetworkAdviceCode());
  }

  /** That a risk was told and which is not understood is told: it is no low one. */
  private static @Nullable String riskLevel(@Nullable String told) {
    return told == null || AttemptOutcome.RISK_LEVELS.contains(told) ? told : "unknown";
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
