package routes.api;

import flows.EventView;
import flows.EventView.OfCharge;
import flows.EventView.OfDispute;
import flows.EventView.OfEndpoint;
import flows.EventView.OfPayment;
import flows.EventView.OfRefund;
import payments.MerchantEvent;

/**
 * An event (Stripe API: The Event object), with {@code sequence} of Sluice's own: which of the
 * payment's changes it tells.
 */
final class EventJson {
  private EventJson() {}

  static void write(JsonWriter json, EventView view) {
    MerchantEvent event = view.event();
    json.beginObject()
        .field("id", event.publicId())
        .field("object", "event")
        .field("api_version", ApiVersion.PINNED)
        .field("created", event.createdAt().getEpochSecond())
        .name("data")
        .beginObject()
        .name("object");
    shown(json, view.shown());
    json.endObject()
        .field("livemode", event.livemode())
        .field("pending_webhooks", view.pendingWebhooks())
        .name("request")
        .beginObject()
        .field("id", view.requestId())
        .field("idempotency_key", view.idempotencyKey())
        .endObject();
    if (event.sequence() != null) {
      json.field("sequence", event.sequence().longValue());
    }
    json.field("type", event.type()).endObject();
  }

  private static void shown(JsonWriter json, EventView.Shown shown) {
    switch (shown) {
      case OfPayment payment -> PaymentIntentJson.write(json, payment.view(), Expansion.NONE);
      case OfCharge charge -> ChargeJson.write(json, charge.view(), Expansion.NONE);
      case OfRefund refund -> RefundJson.write(json, refund.view(), Expansion.NONE);
      case OfDispute dispute -> DisputeJson.write(json, dispute.dispute(), dispute.charge());
      case OfEndpoint endpoint -> WebhookEndpointJson.write(json, endpoint.endpoint(), null);
    }
  }
}
