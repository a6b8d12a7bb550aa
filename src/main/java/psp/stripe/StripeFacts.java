package psp.stripe;

import com.stripe.exception.StripeException;
import com.stripe.model.Dispute;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.model.StripeObject;
import io.vertx.core.json.JsonObject;
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
    } catch (StripeException | RuntimeException e) {
      // The exception's text may quote the event.
      return new PspFact.Unreadable("unreadable " + type + ": " + e.getClass().getSimpleName());
    }
  }

  private PspFact read(String type, String body) throws StripeException {
    if (type.startsWith("payment_intent.")) {
      return intent(object(body, PaymentIntent.class));
    }
    if (type.startsWith("refund.")) {
      return refund(object(body, Refund.class), new JsonObject(body).getString("api_version"));
    }
    if (type.startsWith("charge.dispute.")) {
      return dispute(object(body, Dispute.class));
    }
    if (type.startsWith("charge.refund")) {
      return new PspFact.Irrelevant("told by refund.*");
    }
    if (type.startsWith("charge.")) {
      return new PspFact.Irrelevant("told by payment_intent.*");
    }
    return new PspFact.Irrelevant("type not used: " + type);
  }

  /**
   * The event's object, whatever the API version: the SDK's own reading of events refuses those of
   * other versions than its own.
   *
   * @throws RuntimeException where a field is of another kind than it should be
   */
  private <T> T object(String body, Class<T> kind) throws StripeException {
    JsonObject object = new JsonObject(body).getJsonObject("data").getJsonObject("object");
    object.forEach(field -> requireWhole(field.getKey(), field.getValue()));
    return kind.cast(reader.read(object.encode()));
  }

  /** stripe-java would cut an amount that is no long down to one. */
  private static void requireWhole(String field, @Nullable Object value) {
    boolean whole = value == null || value instanceof Integer || value instanceof Long;
    if (field.startsWith("amount") && !whole && !(value instanceof JsonObject)) {
      throw new IllegalArgumentException("not a whole number: " + field);
    }
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
