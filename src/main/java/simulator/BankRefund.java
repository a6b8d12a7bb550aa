package simulator;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One refund at the simulated bank; amounts are minor units.
 *
 * @param charge the authorization it gives back from
 * @param idempotencyKey of the request that caused it
 * @param outside made in the provider's dashboard, not by a call of the merchant's
 * @param settlesAs what the next settlement makes of it; null once it is final
 */
public record BankRefund(
    String id,
    String account,
    String charge,
    String payment,
    @Nullable String idempotencyKey,
    Map<String, String> metadata,
    @Nullable String reason,
    long amountMinor,
    String currency,
    Instant createdAt,
    boolean outside,
    Status status,
    @Nullable Status settlesAs) {

  /** Where a refund stands. */
  public enum Status {
    PENDING,
    SUCCEEDED,
    FAILED
  }

  BankRefund settled(Status outcome) {
    return copy(metadata, outcome, null);
  }

  BankRefund withMetadata(Map<String, String> replacement) {
    return copy(replacement, status, settlesAs);
  }

  private BankRefund copy(Map<String, String> metadata, Status status, @Nullable Status settlesAs) {
    return new BankRefund(
        id,
        account,
        charge,
        payment,
        idempotencyKey,
        metadata,
        reason,
        amountMinor,
        currency,
        createdAt,
        outside,
        status,
        settlesAs);
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("id", id)
        .put("account", account)
        .put("charge", charge)
        .put("payment_intent", payment)
        .put("idempotency_key", idempotencyKey)
        .put("metadata", Metadata.toJson(metadata))
        .put("reason", reason)
        .put("amount", amountMinor)
        .put("currency", currency)
        .put("created_at", createdAt.toEpochMilli())
        .put("outside", outside)
        .put("status", status.name())
        .put("settles_as", settlesAs == null ? null : settlesAs.name());
  }

  static BankRefund fromJson(JsonObject json) {
    String settlesAs = json.getString("settles_as");
    return new BankRefund(
        json.getString("id"),
        json.getString("account"),
        json.getString("charge"),
        json.getString("payment_intent"),
        json.getString("idempotency_key"),
        Metadata.fromJson(json.getJsonObject("metadata")),
        json.getString("reason"),
        json.getLong("amount"),
        json.getString("currency"),
        Instant.ofEpochMilli(json.getLong("created_at")),
        json.getBoolean("outside", false),
        Status.valueOf(json.getString("status")),
        settlesAs == null ? null : Status.valueOf(settlesAs));
  }
}
