package simulator;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One authorization at the simulated bank, declined ones included; amounts are minor units. A
 * capture takes from it, a void or a partial capture releases the rest, refunds give back.
 *
 * @param id the dialect's name for it (Stripe: the charge's id)
 * @param payment the payment it belongs to, as the dialect calls it
 * @param instrument the payment method it was made with
 * @param card name of the test card
 * @param idempotencyKey of the request that caused it
 * @param refundedMinor refunds that succeeded or are pending
 * @param disputedMinor what chargebacks took and did not give back
 * @param disputed whether there ever was a chargeback
 * @param decline why it failed; null unless {@link Status#FAILED}
 * @param authenticated whether the cardholder passed a challenge for it
 */
public record Authorization(
    String id,
    String account,
    String payment,
    String instrument,
    String card,
    @Nullable String idempotencyKey,
    Map<String, String> metadata,
    long amountMinor,
    String currency,
    Instant createdAt,
    Status status,
    long capturedMinor,
    long refundedMinor,
    long disputedMinor,
    boolean disputed,
    @Nullable DeclineReason decline,
    boolean authenticated) {

  /** Where an authorization stands. */
  public enum Status {
    AUTHORIZED,
    CAPTURED,
    VOIDED,
    /** Released by itself, as nobody captured it in time. */
    EXPIRED,
    FAILED
  }

  /** Whether it was released without a capture, on request or by time. */
  public boolean voided() {
    return status == Status.VOIDED || status == Status.EXPIRED;
  }

  /** What can still be given back. */
  public long refundableMinor() {
    return Math.max(0, capturedMinor - refundedMinor - disputedMinor);
  }

  Authorization captured(long amount) {
    return with(Status.CAPTURED, amount, refundedMinor, disputedMinor, disputed);
  }

  Authorization released(Status how) {
    return with(how, 0, 0, 0, false);
  }

  Authorization refunded(long amount) {
    return with(
        status, capturedMinor, Math.addExact(refundedMinor, amount), disputedMinor, disputed);
  }

  /** Takes money by a chargeback, or gives it back where the amount is negative. */
  Authorization chargedBack(long amount) {
    return with(status, capturedMinor, refundedMinor, Math.addExact(disputedMinor, amount), true);
  }

  private Authorization with(
      Status newStatus, long captured, long refunded, long newDisputedMinor, boolean everDisputed) {
    return new Authorization(
        id,
        account,
        payment,
        instrument,
        card,
        idempotencyKey,
        metadata,
        amountMinor,
        currency,
        createdAt,
        newStatus,
        captured,
        refunded,
        newDisputedMinor,
        everDisputed,
        decline,
        authenticated);
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("id", id)
        .put("account", account)
        .put("payment_intent", payment)
        .put("payment_method", instrument)
        .put("card", card)
        .put("idempotency_key", idempotencyKey)
        .put("metadata", Metadata.toJson(metadata))
        .put("amount", amountMinor)
        .put("currency", currency)
        .put("created_at", createdAt.toEpochMilli())
        .put("status", status.name())
        .put("voided", voided())
        .put("amount_captured", capturedMinor)
        .put("amount_refunded", refundedMinor)
        .put("amount_disputed", disputedMinor)
        .put("disputed", disputed)
        .put("decline", decline == null ? null : decline.name())
        .put("authenticated", authenticated);
  }

  static Authorization fromJson(JsonObject json) {
    String decline = json.getString("decline");
    return new Authorization(
        json.getString("id"),
        json.getString("account"),
        json.getString("payment_intent"),
        json.getString("payment_method"),
        json.getString("card"),
        json.getString("idempotency_key"),
        Metadata.fromJson(json.getJsonObject("metadata")),
        json.getLong("amount"),
        json.getString("currency"),
        Instant.ofEpochMilli(json.getLong("created_at")),
        Status.valueOf(json.getString("status")),
        json.getLong("amount_captured"),
        json.getLong("amount_refunded"),
        json.getLong("amount_disputed", 0L),
        json.getBoolean("disputed", false),
        decline == null ? null : DeclineReason.valueOf(decline),
        json.getBoolean("authenticated"));
  }
}
