package simulator.stripe;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import simulator.Authorization;
import simulator.BankChange;
import simulator.BankChange.AuthorizationChanged;
import simulator.BankChange.DisputeChanged;
import simulator.BankChange.RefundChanged;
import simulator.BankDispute;
import simulator.BankRefund;
import simulator.Ids;
import simulator.webhooks.WebhookEvent;
import simulator.webhooks.Webhooks;

/**
 * Turns changes of objects into Stripe's events: which types a change is told as, each with the
 * whole object as it is at that moment. Under the bank's lock.
 */
final class StripeEvents {
  private final StripeWorld world;
  private final Webhooks webhooks;
  private @Nullable String requestId;
  private @Nullable String idempotencyKey;

  StripeEvents(StripeWorld world, Webhooks webhooks) {
    this.world = world;
    this.webhooks = webhooks;
  }

  /** Runs a step whose events name the request that caused them. */
  <T> T causedBy(String request, @Nullable String key, Supplier<T> step) {
    requestId = request;
    idempotencyKey = key;
    try {
      return step.get();
    } finally {
      requestId = null;
      idempotencyKey = null;
    }
  }

  void saved(StripeAccount account, PaymentIntent.@Nullable Mark before, PaymentIntent intent) {
    String type = intentType(before, intent);
    if (type != null && webhooks.wants(account.id())) {
      tell(
          account,
          "payment_intent." + type,
          intent.id,
          intent.metadata,
          IntentJson.of(world, intent),
          null);
    }
  }

  private static @Nullable String intentType(
      PaymentIntent.@Nullable Mark before, PaymentIntent intent) {
    if (before == null) {
      return "created";
    }
    if (before.failures() != intent.failures) {
      return "payment_failed";
    }
    if (before.status().equals(intent.status)) {
      return null;
    }
    return switch (intent.status) {
      case PaymentIntent.REQUIRES_ACTION -> "requires_action";
      case PaymentIntent.PROCESSING -> "processing";
      case PaymentIntent.REQUIRES_CAPTURE -> "amount_capturable_updated";
      case PaymentIntent.SUCCEEDED -> "succeeded";
      case PaymentIntent.CANCELED -> "canceled";
      default -> null;
    };
  }

  /** A deleted customer is shown as it was. */
  void saved(StripeAccount account, @Nullable Customer before, Customer customer) {
    if (!webhooks.wants(account.id())) {
      return;
    }
    JsonObject shown = Customers.render(customer);
    JsonObject earlier = before == null ? null : Customers.render(before);
    String type = earlier == null ? "created" : "updated";
    if (earlier != null && customer.deleted()) {
      type = "deleted";
      shown = earlier;
      earlier = null;
    }
    tell(account, "customer." + type, customer.id(), customer.metadata(), shown, earlier);
  }

  void saved(StripeAccount account, @Nullable PaymentMethod before, PaymentMethod method) {
    String had = before == null ? null : before.customer();
    if (before == null
        || !webhooks.wants(account.id())
        || had == null == (method.customer() == null)) {
      return;
    }
    tell(
        account,
        had == null ? "payment_method.attached" : "payment_method.detached",
        method.id(),
        method.metadata(),
        PaymentMethodJson.of(method),
        had == null ? null : PaymentMethodJson.of(before));
  }

  /** Something changed at the bank, perhaps for an account of another provider's. */
  void changed(BankChange change) {
    if (!world.knows(change.account())) {
      return;
    }
    switch (change) {
      case AuthorizationChanged charge -> charge(charge.before(), charge.authorization());
      case RefundChanged refund -> refund(refund.before(), refund.refund());
      case DisputeChanged dispute -> dispute(dispute.before(), dispute.dispute());
    }
  }

  private void charge(@Nullable Authorization before, Authorization charge) {
    String type = chargeType(before, charge);
    if (type == null || !webhooks.wants(charge.account())) {
      return;
    }
    StripeAccount account = world.account(charge.account());
    tell(
        account,
        "charge." + type,
        charge.id(),
        charge.metadata(),
        ChargeJson.of(account, charge),
        before == null ? null : ChargeJson.of(account, before));
  }

  private static @Nullable String chargeType(@Nullable Authorization before, Authorization charge) {
    if (before == null) {
      return charge.status() == Authorization.Status.FAILED ? "failed" : "succeeded";
    }
    if (before.status() != charge.status()) {
      return switch (charge.status()) {
        case CAPTURED -> "captured";
        case VOIDED -> "refunded"; // as Stripe tells a hold that is given back
        case EXPIRED -> "expired";
        case AUTHORIZED, FAILED -> null;
      };
    }
    return charge.refundedMinor() > before.refundedMinor() ? "refunded" : null;
  }

  private void refund(@Nullable BankRefund before, BankRefund refund) {
    if (!webhooks.wants(refund.account())) {
      return;
    }
    StripeAccount account = world.account(refund.account());
    JsonObject shown = Refunds.render(account, refund);
    JsonObject earlier = before == null ? null : Refunds.render(account, before);
    List<String> types;
    if (before == null) {
      types = List.of("refund.created");
    } else if (before.status() != refund.status() && refund.status() == BankRefund.Status.FAILED) {
      types = List.of("refund.updated", "refund.failed", "charge.refund.updated");
    } else {
      types = List.of("refund.updated", "charge.refund.updated");
    }
    types.forEach(
        type ->
            tell(
                account,
                type,
                refund.id(),
                refund.metadata(),
                shown,
                type.equals("refund.failed") ? null : earlier));
  }

  private void dispute(@Nullable BankDispute before, BankDispute dispute) {
    if (!webhooks.wants(dispute.account())) {
      return;
    }
    StripeAccount account = world.account(dispute.account());
    JsonObject shown = DisputeJson.of(dispute);
    boolean closed = dispute.status().closed() && (before == null || !before.status().closed());
    tellDispute(
        account,
        before == null ? "created" : closed ? "closed" : "updated",
        dispute,
        shown,
        before == null ? null : DisputeJson.of(before));
    long taken = dispute.withdrawnMinor() - (before == null ? 0 : before.withdrawnMinor());
    if (taken != 0) {
      tellDispute(
          account, taken > 0 ? "funds_withdrawn" : "funds_reinstated", dispute, shown, null);
    }
  }

  private void tellDispute(
      StripeAccount account,
      String type,
      BankDispute dispute,
      JsonObject shown,
      @Nullable JsonObject earlier) {
    tell(account, "charge.dispute." + type, dispute.id(), dispute.metadata(), shown, earlier);
  }

  private void tell(
      StripeAccount account,
      String type,
      String object,
      Map<String, String> metadata,
      JsonObject shown,
      @Nullable JsonObject earlier) {
    String id = Ids.next("evt_");
    JsonObject data = new JsonObject().put("object", shown);
    if (earlier != null) {
      data.put("previous_attributes", difference(earlier, shown));
    }
    JsonObject event =
        new JsonObject()
            .put("id", id)
            .put("object", "event")
            .put("api_version", StripeDialect.API_VERSION)
            .put("created", world.now().getEpochSecond())
            .put("data", data)
            .put("livemode", false)
            .put("pending_webhooks", webhooks.endpointsOf(account.id()))
            .put(
                "request",
                new JsonObject().put("id", requestId).put("idempotency_key", idempotencyKey))
            .put("type", type);
    webhooks.emit(
        new WebhookEvent(
            id, account.id(), type, object, Map.copyOf(metadata), world.now(), event.toBuffer()));
  }

  /** The fields that were different, as they were. */
  private static JsonObject difference(JsonObject earlier, JsonObject now) {
    JsonObject different = new JsonObject();
    for (Map.Entry<String, Object> field : earlier) {
      Object was = field.getValue();
      Object is = now.getValue(field.getKey());
      if (was == null ? is != null : !was.equals(is)) {
        different.put(field.getKey(), was);
      }
    }
    now.fieldNames().stream()
        .filter(name -> !earlier.containsKey(name))
        .forEach(different::putNull);
    return different;
  }
}
