package flows;

import flows.Views.ChargeView;
import flows.Views.PaymentView;
import flows.Views.RefundView;
import org.jspecify.annotations.Nullable;
import payments.Dispute;
import payments.MerchantEvent;
import payments.Operation;
import payments.WebhookEndpoint;

/**
 * An event with the object it shows, as the change left it.
 *
 * @param requestId the API request that caused it, null where none did
 * @param idempotencyKey that request's key, where it is known
 * @param pendingWebhooks to how many endpoints it is still to be delivered
 */
public record EventView(
    MerchantEvent event,
    Shown shown,
    @Nullable String requestId,
    @Nullable String idempotencyKey,
    long pendingWebhooks) {

  /** What an event is about. */
  public sealed interface Shown {}

  /** A payment. */
  public record OfPayment(PaymentView view) implements Shown {}

  /** A charge. */
  public record OfCharge(ChargeView view) implements Shown {}

  /** A refund. */
  public record OfRefund(RefundView view) implements Shown {}

  /** A dispute, with the charge that is disputed where it is known. */
  public record OfDispute(Dispute dispute, @Nullable Operation charge) implements Shown {}

  /** A webhook endpoint. */
  public record OfEndpoint(WebhookEndpoint endpoint) implements Shown {}
}
