package psp.stripe;

import com.stripe.exception.StripeException;
import com.stripe.model.Dispute;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.model.StripeObject;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import money.Currency;
import money.Money;
import org.jspecify.annotations.Nullable;
import payments.OperationKind;
import psp.PspFact;
import psp.PspFact.Dispute.Stage;

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

  private final Reader reader;

  StripeFacts(Reader reader) {
    this.reader = reader;
  }

  /** stripe-java's reading of an object by what the object itself says that it is. */
  interface Reader {
    StripeObject read(String json) throws StripeException;
  }

  /** The fact in an event's data.object. */
  PspFact of(String type, String body) {
    try {
      return read(type, body);
    } catch (StripeException | IOException | RuntimeException e) {
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

  private PspFact read(String type, String body) throws StripeException, IOException {
    String irrelevance = irrelevance(type);
    if (irrelevance != null) {
      return new PspFact.Irrelevant(irrelevance);
    }
    StripeEventObject object = StripeEventObject.of(body);
    if (type.startsWith("payment_intent.")) {
      return intent(as(PaymentIntent.class, object));
    }
    if (type.startsWith("refund.")) {
      return refund(as(Refund.class, object), object.apiVersion());
    }
    return dispute(as(Dispute.class, object));
  }

  private <T> T as(Class<T> kind, StripeEventObject object) throws StripeException {
    return kind.cast(reader.read(object.json()));
  }

  private static PspFact intent(PaymentIntent intent) {
    if (intent.getId() == null || intent.getStatus() == null) {
      return new PspFact.Unreadable("an intent without id or status");
    }
    boolean ended = intent.getStatus().equals("canceled");
    return new PspFact.Authorization(
        intent.getId(),
        operationKey(intent.getMetadata()),
        StripeMapping.ofIntent(OperationKind.AUTHORIZE, intent),
        StripeMapping.ofIntent(OperationKind.CAPTURE, intent),
        StripeMapping.ofIntent(OperationKind.VOID, intent),
        ended,
        ended ? intent.getCancellationReason() : null);
  }

  private static PspFact refund(Refund refund, @Nullable String apiVersion) {
    boolean ours = operationKey(refund.getMetadata()) != null;
    if (!ours && (apiVersion == null || apiVersion.compareTo(REFUNDS_ARE_REFUNDS) < 0)) {
      // Nothing in it tells a released hold from money that was given back.
      return new PspFact.Unreadable(
          "a refund not made by us in API version "
              + apiVersion
              + ": the webhook endpoint needs "
              + REFUNDS_ARE_REFUNDS
              + ".basil or later");
    }
    Optional<Money> amount = money(refund.getAmount(), refund.getCurrency());
    if (refund.getId() == null || refund.getStatus() == null || amount.isEmpty()) {
      return new PspFact.Unreadable("a refund without id, status or amount that we know");
    }
    return new PspFact.Refund(
        refund.getId(),
        operationKey(refund.getMetadata()),
        refund.getPaymentIntent(),
        null,
        amount.get(),
        refund.getReason(),
        StripeMapping.ofRefund(refund));
  }

  private static PspFact dispute(Dispute dispute) {
    Optional<Money> amount = money(dispute.getAmount(), dispute.getCurrency());
    if (dispute.getId() == null
        || dispute.getStatus() == null
        || dispute.getReason() == null
        || dispute.getCreated() == null
        || amount.isEmpty()) {
      return new PspFact.Unreadable(
          "a dispute without id, status, reason, time or amount that we know");
    }
    Stage stage = stage(dispute.getStatus());
    if (stage == null) {
      return new PspFact.Unreadable("a dispute of unknown status " + dispute.getStatus());
    }
    return new PspFact.Dispute(
        dispute.getId(),
        dispute.getPaymentIntent(),
        amount.get(),
        stage,
        dispute.getReason(),
        Instant.ofEpochSecond(dispute.getCreated()));
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

  private static @Nullable String operationKey(@Nullable Map<String, String> metadata) {
    return metadata == null ? null : metadata.get(StripeCalls.OPERATION_ID);
  }

  private static Optional<Money> money(@Nullable Long minor, @Nullable String currency) {
    return minor == null || currency == null
        ? Optional.empty()
        : Currency.find(currency).map(known -> new Money(minor, known));
  }
}
