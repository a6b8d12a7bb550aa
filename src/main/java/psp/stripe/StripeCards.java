package psp.stripe;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import payments.AttemptOutcome;
import payments.CardChecks;
import payments.CardDetails;
import payments.ThreeDSecure;
import psp.PspResult.Details;
import psp.stripe.StripeObjects.ApiError;
import psp.stripe.StripeObjects.Authentication;
import psp.stripe.StripeObjects.Card;
import psp.stripe.StripeObjects.Charge;
import psp.stripe.StripeObjects.Checks;
import psp.stripe.StripeObjects.Intent;
import psp.stripe.StripeObjects.Method;
import psp.stripe.StripeObjects.Outcome;

/** What Stripe tells of a card and an attempt, in our records; pure. */
final class StripeCards {
  private StripeCards() {}

  /** From an intent's charge where it is expanded, else from its payment method where that is. */
  static Details ofIntent(Intent intent) {
    Charge charge = intent.expandedCharge();
    if (charge != null) {
      return ofCharge(charge);
    }
    Method method = intent.expandedMethod();
    return method == null
        ? Details.NONE
        : new Details(card(method), checks(method), AttemptOutcome.NONE);
  }

  /** From the error body of a decline, whose charge is mostly an id only. */
  static Details ofError(ApiError error) {
    Intent intent = error.intent();
    Charge charge = intent == null ? null : intent.expandedCharge();
    if (charge != null) {
      return ofCharge(charge);
    }
    Method method = error.method();
    AttemptOutcome outcome = outcome(error);
    return method == null
        ? new Details(null, CardChecks.NONE, outcome)
        : new Details(card(method), checks(method), outcome);
  }

  /**
   * An error tells little of the attempt. That Stripe itself suspects fraud (Stripe docs: "Decline
   * codes", fraudulent), with no word of the network's, means that the network was not asked.
   */
  private static AttemptOutcome outcome(ApiError error) {
    String networkCode = error.networkDeclineCode();
    boolean blocked = networkCode == null && "fraudulent".equals(error.declineCode());
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
    String advice = error.networkAdviceCode();
    return networkCode == null && advice == null
        ? AttemptOutcome.NONE
        : new AttemptOutcome(
            null, null, null, null, null, null, networkCode, null, null, null, advice);
  }

  static @Nullable CardDetails card(Method method) {
    Card card = method.card();
    return card == null ? null : details(card);
  }

  static CardChecks checks(Method method) {
    Card card = method.card();
    return card == null ? CardChecks.NONE : checks(card);
  }

  private static Details ofCharge(Charge charge) {
    Card card = charge.card();
    return new Details(
        card == null ? null : details(card),
        card == null ? CardChecks.NONE : checks(card),
        outcome(charge.outcome(), card));
  }

  private static CardChecks checks(Card card) {
    Checks checks = card.checks();
    return checks == null
        ? CardChecks.NONE
        : new CardChecks(
            known(CardChecks.RESULTS, checks.line1()),
            known(CardChecks.RESULTS, checks.postalCode()),
            known(CardChecks.RESULTS, checks.cvc()));
  }

  /** A word of our list, which has Stripe's: one that Stripe may come to add says nothing yet. */
  private static @Nullable String known(Set<String> words, @Nullable String told) {
    return told != null && words.contains(told) ? told : null;
  }

  private static @Nullable ThreeDSecure threeDSecure(@Nullable Card card) {
    Authentication told = card == null ? null : card.threeDSecure();
    return told == null
        ? null
        : new ThreeDSecure(
            known(ThreeDSecure.RESULTS, told.result()),
            known(ThreeDSecure.FLOWS, told.flow()),
            told.version(),
            told.electronicCommerceIndicator(),
            told.exemptionIndicator(),
            told.resultReason(),
            told.transactionId());
  }

  private static AttemptOutcome outcome(@Nullable Outcome outcome, @Nullable Card card) {
    String transactionId = card == null ? null : card.networkTransactionId();
    String authorizationCode = card == null ? null : card.authorizationCode();
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
    Long score = outcome.riskScore();
    return new AttemptOutcome(
        known(AttemptOutcome.NETWORK_STATUSES, outcome.networkStatus()),
        known(AttemptOutcome.TYPES, outcome.type()),
        outcome.reason(),
        riskLevel(outcome.riskLevel()),
        score == null ? null : score.intValue(),
        outcome.sellerMessage(),
        outcome.networkDeclineCode(),
        transactionId,
        authorizationCode,
        threeDSecure(card),
        outcome.networkAdviceCode());
  }

  /** That a risk was told and which is not understood is told: it is no low one. */
  private static @Nullable String riskLevel(@Nullable String told) {
    return told == null || AttemptOutcome.RISK_LEVELS.contains(told) ? told : "unknown";
  }

  private static @Nullable CardDetails details(Card card) {
    String last4 = card.last4();
    Long expMonth = card.expMonth();
    Long expYear = card.expYear();
    // A card we cannot show (wallets may hide it) is no reason to doubt the payment.
    if (last4 == null || expMonth == null || expYear == null) {
      return null;
    }
    return new CardDetails(
        card.brand() == null ? "unknown" : card.brand(),
        last4,
        expMonth.intValue(),
        expYear.intValue(),
        card.funding() == null ? "unknown" : card.funding(),
        card.country(),
        card.fingerprint(),
        card.network());
  }
}
