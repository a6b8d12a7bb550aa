package psp.stripe;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import money.Currency;
import money.Money;
import org.jspecify.annotations.Nullable;
import payments.OperationKind;
import psp.PspFact;
import psp.PspFact.Dispute.Stage;
import psp.stripe.StripeObjects.Dispute;
import psp.stripe.StripeObjects.Intent;
import psp.stripe.StripeObjects.Refund;

/**
 * What Stripe's events say (Stripe API: "Types of events"). An event holds its object as it was, in
 * the shape of the API version that its endpoint was made with, so only what has been the same in
 * all versions is relied on; what has not been is not believed in an old one.
 */
final class StripeFacts {
  /**
   * The first API version in which the release of a hold, or of what a partial capture left of it,
   * is not told as a refund, too (Stripe changelog 2025-03-31.basil: "Partially capturing or
   * canceling payments no longer creates a Refund"). Versions begin with their date.
   */
  private static final String REFUNDS_ARE_REFUNDS = "2025-03-31";

  /** Far longer than any of Stripe's: enough to recognise one by. */
  private static final int LONGEST_TYPE = 200;

  private StripeFacts() {}

  /** The fact in an event's data.object. */
  static PspFact of(String type, String body) {
    try {
      return read(type, body);
    } catch (IOException | RuntimeException e) {
      // The exception's text may quote the event.
      return new PspFact.Unreadable("unreadable " + type + ": " + e.getClass().getSimpleName());
    }
  }

  /** Why events of a type are of no consequence; null where they have to be read. */
  static @Nullable String irrelevance(String type) {
    if (type.startsWith("payment_intent.")
        || type.startsWith("refund.")
        || type.startsWith("charge.dispute.")) {
      return null;
    }
    if (type.startsWith("charge.refund")) {
      return "told by refund.*";
    }
    return type.startsWith("charge.")
        ? "told by payment_intent.*"
        : "type not used: " + shortened(type);
  }

  private static String shortened(String type) {
    return type.length() <= LONGEST_TYPE ? type : type.substring(0, LONGEST_TYPE);
  }

  private static PspFact read(String type, String body) throws IOException {
    String irrelevance = irrelevance(type);
    if (irrelevance != null) {
      return new PspFact.Irrelevant(irrelevance);
    }
    if (type.startsWith("payment_intent.")) {
      return intent(StripeEventObject.of(body, StripeReader::namedIntent).object());
    }
    if (type.startsWith("refund.")) {
      var refund = StripeEventObject.of(body, StripeReader::namedRefund);
      return refund(refund.object(), refund.apiVersion());
    }
    return dispute(StripeEventObject.of(body, StripeReader::namedDispute).object());
  }

  private static PspFact intent(Intent intent) {
    String id = intent.id();
    if (id == null || intent.status() == null) {
      return new PspFact.Unreadable("an intent without id or status");
    }
    boolean ended = "canceled".equals(intent.status());
    return new PspFact.Authorization(
        id,
        intent.operationKey(),
        StripeMapping.ofIntent(OperationKind.AUTHORIZE, intent),
        StripeMapping.ofIntent(OperationKind.CAPTURE, intent),
        StripeMapping.ofIntent(OperationKind.VOID, intent),
        ended,
        ended ? intent.cancellationReason() : null);
  }

  private static PspFact refund(Refund refund, @Nullable String apiVersion) {
    boolean ours = refund.operationKey() != null;
    if (!ours && (apiVersion == null || apiVersion.compareTo(REFUNDS_ARE_REFUNDS) < 0)) {
      // Nothing in it tells a released hold from money that was given back.
      return new PspFact.Unreadable(
          "a refund not made by us in API version "
              + apiVersion
              + ": the webhook endpoint needs "
              + REFUNDS_ARE_REFUNDS
              + ".basil or later");
    }
    Optional<Money> amount = money(refund.amount(), refund.currency());
    String id = refund.id();
    if (id == null || refund.status() == null || amount.isEmpty()) {
      return new PspFact.Unreadable("a refund without id, status or amount that we know");
    }
    return new PspFact.Refund(
        id,
        refund.operationKey(),
        refund.intent(),
        null,
        amount.get(),
        refund.reason(),
        StripeMapping.ofRefund(refund));
  }

  private static PspFact dispute(Dispute dispute) {
    Optional<Money> amount = money(dispute.amount(), dispute.currency());
    String id = dispute.id();
    String status = dispute.status();
    String reason = dispute.reason();
    Long created = dispute.created();
    if (id == null || status == null || reason == null || created == null || amount.isEmpty()) {
      return new PspFact.Unreadable(
          "a dispute without id, status, reason, time or amount that we know");
    }
    Stage stage = stage(status);
    if (stage == null) {
      return new PspFact.Unreadable("a dispute of unknown status " + status);
    }
    return new PspFact.Dispute(
        id, dispute.intent(), amount.get(), stage, reason, Instant.ofEpochSecond(created));
  }

  /** Stripe API: "The Dispute object", status. A warning is a bank's inquiry. */
  private static @Nullable Stage stage(String status) {
    return switch (status) {
      case "warning_needs_response", "warning_under_review" -> Stage.INQUIRY;
      case "warning_closed" -> Stage.INQUIRY_CLOSED;
      case "needs_response", "under_review" -> Stage.OPEN;
      case "won" -> Stage.WON;
      case "lost" -> Stage.LOST;
      default -> null;
    };
  }

  private static Optional<Money> money(@Nullable Long minor, @Nullable String currency) {
    return minor == null || currency == null
        ? Optional.empty()
        : Currency.find(currency).map(known -> new Money(minor, known));
  }
}
