package simulator;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/**
 * One dispute of a charge at the simulated bank; the amount is minor units. An inquiry only asks; a
 * chargeback takes the money when it is opened, and gives it back when the merchant wins.
 *
 * @param reason in Stripe's words, such as {@code fraudulent}
 * @param submissions how often the merchant sent evidence
 */
public record BankDispute(
    String id,
    String account,
    String charge,
    String payment,
    String card,
    String reason,
    long amountMinor,
    String currency,
    Instant createdAt,
    Status status,
    int submissions,
    Map<String, String> metadata) {

  /** Where a dispute stands. */
  public enum Status {
    WARNING_NEEDS_RESPONSE,
    WARNING_UNDER_REVIEW,
    WARNING_CLOSED,
    NEEDS_RESPONSE,
    UNDER_REVIEW,
    WON,
    LOST;

    /** Whether it is still an inquiry, or was one to its end. */
    public boolean inquiry() {
      return this == WARNING_NEEDS_RESPONSE
          || this == WARNING_UNDER_REVIEW
          || this == WARNING_CLOSED;
    }

    public boolean closed() {
      return this == WARNING_CLOSED || this == WON || this == LOST;
    }

    /** Whether the money is away from the merchant. */
    public boolean withdrawn() {
      return !inquiry() && this != WON;
    }

    /** The word for it on the wire. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What is away from the merchant because of it. */
  public long withdrawnMinor() {
    return status.withdrawn() ? amountMinor : 0;
  }

  BankDispute became(Status next) {
    return copy(next, submissions, metadata);
  }

  BankDispute answered() {
    return copy(
        status.inquiry() ? Status.WARNING_UNDER_REVIEW : Status.UNDER_REVIEW,
        submissions + 1,
        metadata);
  }

  BankDispute withMetadata(Map<String, String> replacement) {
    return copy(status, submissions, replacement);
  }

  private BankDispute copy(Status newStatus, int newSubmissions, Map<String, String> newMetadata) {
    return new BankDispute(
        id,
        account,
        charge,
        payment,
        card,
        reason,
        amountMinor,
        currency,
        createdAt,
        newStatus,
        newSubmissions,
        newMetadata);
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("id", id)
        .put("account", account)
        .put("charge", charge)
        .put("payment_intent", payment)
        .put("card", card)
        .put("reason", reason)
        .put("amount", amountMinor)
        .put("currency", currency)
        .put("created_at", createdAt.toEpochMilli())
        .put("status", status.name())
        .put("withdrawn", status.withdrawn())
        .put("submissions", submissions)
        .put("metadata", Metadata.toJson(metadata));
  }

  static BankDispute fromJson(JsonObject json) {
    return new BankDispute(
        json.getString("id"),
        json.getString("account"),
        json.getString("charge"),
        json.getString("payment_intent"),
        json.getString("card"),
        json.getString("reason"),
        json.getLong("amount"),
        json.getString("currency"),
        Instant.ofEpochMilli(json.getLong("created_at")),
        Status.valueOf(json.getString("status")),
        json.getInteger("submissions"),
        Metadata.fromJson(json.getJsonObject("metadata")));
  }
}
