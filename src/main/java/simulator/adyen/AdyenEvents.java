package simulator.adyen;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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
 * Turns what happens into the items of Adyen's notifications. Refunds and disputes are told as the
 * bank changes them, whoever caused it; the rest is told by whoever does it, as only they know the
 * modification's reference. Under the bank's lock.
 */
final class AdyenEvents {
  static final String ID = "ntf_";
  static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx").withZone(ZoneOffset.UTC);
  private static final int MOST_ITEMS = 100;

  private final AdyenWorld world;
  private final Webhooks webhooks;
  private final Map<String, List<Item>> held = new LinkedHashMap<>();
  private int itemsPerNotification = 1;

  AdyenEvents(AdyenWorld world, Webhooks webhooks) {
    this.world = world;
    this.webhooks = webhooks;
  }

  /** One item of a notification, about one payment. */
  private record Item(String payment, Map<String, String> labels, JsonObject content) {
    String eventCode() {
      return content.getString("eventCode");
    }
  }

  /** How many items of an account are sent together; those that wait for others are held back. */
  void itemsPerNotification(int items) {
    if (items < 1 || items > MOST_ITEMS) {
      throw new IllegalArgumentException("a notification has 1 to " + MOST_ITEMS + " items");
    }
    itemsPerNotification = items;
    release();
  }

  /** Sends what is held back; how many items that are. */
  int release() {
    Map<String, List<Item>> all = new LinkedHashMap<>(held);
    held.clear();
    all.forEach(this::send);
    return all.values().stream().mapToInt(List::size).sum();
  }

  void clear() {
    held.clear();
    itemsPerNotification = 1;
  }

  /** An authorisation ended, well or not. */
  void authorised(AdyenPayment payment) {
    boolean success = payment.resultCode.equals(Outcome.AUTHORISED);
    String refusal = payment.outcome().refusalReason();
    PaymentCard card = payment.card;
    JsonObject content =
        item(payment, "AUTHORISATION", payment.pspReference, payment.amountMinor)
            .put("merchantReference", payment.reference())
            .put("success", Boolean.toString(success))
            .put(
                "reason",
                success
                    ? payment.authCode + ":" + card.card().last4() + ":" + card.expiry()
                    : refusal);
    if (success) {
      content.put("operations", new JsonArray().add("CANCEL").add("CAPTURE").add("REFUND"));
    }
    content.put("additionalData", PaymentJson.additionalOfEvent(payment));
    tell(payment, content);
  }

  /** A modification ended, well or not. */
  void ended(
      AdyenPayment payment,
      Modification modification,
      long amountMinor,
      boolean success,
      String reason) {
    if (success && modification.kind() == Modification.Kind.CAPTURE) {
      payment.capture = modification;
      world.ownerOf(payment).save(payment);
    }
    tell(
        payment,
        modified(
                payment,
                modification.kind().eventCode(),
                modification.pspReference(),
                modification.merchantReference(),
                amountMinor)
            .put("success", Boolean.toString(success))
            .put("reason", reason));
  }

  /** A reversal ended well: as a cancel or as a refund. */
  void reversed(AdyenPayment payment, Modification modification, long amountMinor, String action) {
    tell(
        payment,
        modified(
                payment,
                modification.kind().eventCode(),
                modification.pspReference(),
                modification.merchantReference(),
                amountMinor)
            .put("additionalData", new JsonObject().put("modification.action", action)));
  }

  /** A cancel by the merchant's reference found no payment. */
  void foundNothing(AdyenAccount account, Modification modification) {
    JsonObject content =
        new JsonObject()
            .put("eventCode", modification.kind().eventCode())
            .put("eventDate", DATE.format(world.now()))
            .put("pspReference", modification.pspReference())
            .put("merchantAccountCode", modification.merchantAccount())
            .put("merchantReference", modification.merchantReference())
            .put("amount", new JsonObject().put("currency", "EUR").put("value", 0))
            .put("success", "false")
            .put("reason", "Transaction not found")
            .put("additionalData", new JsonObject());
    tell(account.id(), new Item(modification.pspReference(), Map.of(), content));
  }

  /** Something of a payment came to be without a modification: a cancel outside, an expiry. */
  void happened(AdyenPayment payment, String eventCode, long amountMinor) {
    tell(
        payment,
        modified(payment, eventCode, PspReference.next(), payment.reference(), amountMinor));
  }

  /** A capture failed after it was told to be good. */
  void captureFailed(AdyenPayment payment, long amountMinor) {
    Modification failed = payment.capture;
    tell(
        payment,
        modified(
                payment,
                "CAPTURE_FAILED",
                failed == null ? PspReference.next() : failed.pspReference(),
                failed == null ? payment.reference() : failed.merchantReference(),
                amountMinor)
            .put("reason", "Capture Failed"));
  }

  /** Something changed at the bank, perhaps for an account of another provider's. */
  void changed(BankChange change) {
    AdyenAccount account = world.known(change.account());
    if (account == null) {
      return;
    }
    switch (change) {
      case AuthorizationChanged told -> {} // by whoever changed it
      case RefundChanged refund -> refund(account, refund.before(), refund.refund());
      case DisputeChanged dispute ->
          DisputeItems.codes(dispute.before(), dispute.dispute())
              .forEach(code -> dispute(account, code, dispute.dispute()));
    }
  }

  private void refund(AdyenAccount account, @Nullable BankRefund before, BankRefund refund) {
    AdyenPayment payment = account.payment(refund.charge());
    if (payment == null || (before != null && before.status() == refund.status())) {
      return;
    }
    Modification modification = account.modification(refund.id());
    String reference =
        modification == null ? payment.reference() : modification.merchantReference();
    boolean reversal = modification != null && modification.kind() == Modification.Kind.REVERSAL;
    switch (refund.status()) {
      case PENDING -> {} // told when it ends
      case SUCCEEDED -> {
        if (modification != null && reversal) {
          reversed(payment, modification, refund.amountMinor(), "refund");
        } else {
          tell(payment, modified(payment, "REFUND", refund.id(), reference, refund.amountMinor()));
        }
      }
      case FAILED -> {
        boolean wasGood = before != null && before.status() == BankRefund.Status.SUCCEEDED;
        tell(
            payment,
            modified(
                    payment,
                    wasGood ? "REFUND_FAILED" : "REFUND",
                    refund.id(),
                    reference,
                    refund.amountMinor())
                .put("success", Boolean.toString(wasGood))
                .put("reason", "Refund Failed"));
      }
    }
  }

  private void dispute(AdyenAccount account, String eventCode, BankDispute dispute) {
    AdyenPayment payment = account.payment(dispute.charge());
    if (payment != null) {
      tell(
          payment,
          modified(payment, eventCode, dispute.id(), payment.reference(), dispute.amountMinor())
              .put("reason", DisputeItems.reason(dispute))
              .put(
                  "additionalData",
                  DisputeItems.additional(
                      eventCode, dispute, payment.card.card().brand(), world.now())));
    }
  }

  private JsonObject modified(
      AdyenPayment payment,
      String eventCode,
      String pspReference,
      String merchantReference,
      long amountMinor) {
    return item(payment, eventCode, pspReference, amountMinor)
        .put("merchantReference", merchantReference)
        .put("originalReference", payment.pspReference)
        .put("success", "true")
        .put("reason", "")
        .put(
            "additionalData",
            new JsonObject().put("paymentMethodVariant", payment.card.card().brand()));
  }

  private JsonObject item(
      AdyenPayment payment, String eventCode, String pspReference, long amountMinor) {
    return new JsonObject()
        .put("eventCode", eventCode)
        .put("eventDate", DATE.format(world.now()))
        .put("pspReference", pspReference)
        .put("merchantAccountCode", payment.merchantAccount())
        .put("paymentMethod", payment.card.card().brand())
        .put("amount", payment.amount(amountMinor));
  }

  private void tell(AdyenPayment payment, JsonObject content) {
    tell(payment.account, new Item(payment.pspReference, payment.labels(), content));
  }

  private void tell(String account, Item item) {
    if (!webhooks.wants(account)) {
      return;
    }
    List<Item> waiting = held.computeIfAbsent(account, absent -> new ArrayList<>());
    waiting.add(item);
    if (waiting.size() >= itemsPerNotification) {
      held.remove(account);
      send(account, waiting);
    }
  }

  private void send(String account, List<Item> items) {
    JsonArray wrapped = new JsonArray();
    items.forEach(
        item -> wrapped.add(new JsonObject().put("NotificationRequestItem", item.content())));
    Item first = items.getFirst();
    webhooks.emit(
        new WebhookEvent(
            Ids.next(ID),
            account,
            items.stream().map(Item::eventCode).collect(Collectors.joining(",")),
            first.payment(),
            first.labels(),
            world.now(),
            new JsonObject().put("live", "false").put("notificationItems", wrapped).toBuffer()));
  }
}
