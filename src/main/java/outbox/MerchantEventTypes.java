package outbox;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a state change is called in the words that merchants know (Stripe API: "Types of events").
 * Most changes are steps on the way and are told as nothing.
 */
public final class MerchantEventTypes {
  private static final Map<String, List<String>> BY_CHANGE =
      Map.ofEntries(
          Map.entry("created", List.of("payment_intent.created")),
          Map.entry("created_and_confirmed", List.of("payment_intent.created")),
          Map.entry("authorize_accepted", List.of("payment_intent.processing")),
          Map.entry("action_required", List.of("payment_intent.requires_action")),
          Map.entry(
              "authorized",
              List.of("charge.succeeded", "payment_intent.amount_capturable_updated")),
          Map.entry("declined", List.of("charge.failed", "payment_intent.payment_failed")),
          Map.entry("captured_at_psp", List.of("charge.captured", "payment_intent.succeeded")),
          Map.entry("capture_reversed", List.of("payment_intent.amount_capturable_updated")),
          Map.entry("canceled", List.of("payment_intent.canceled")),
          Map.entry("voided", List.of("payment_intent.canceled")),
          Map.entry("voided_at_psp", List.of("payment_intent.canceled")),
          Map.entry("late_success", List.of("payment_intent.canceled")),
          Map.entry("expired", List.of("charge.expired", "payment_intent.canceled")),
          Map.entry("refund_begun", List.of("refund.created")),
          Map.entry(
              "refunded", List.of("charge.refunded", "refund.updated", "charge.refund.updated")),
          Map.entry("refund_failed", failedRefund()),
          Map.entry("refund_reversed", failedRefund()),
          Map.entry("dispute_inquiry", List.of("charge.dispute.created")),
          Map.entry(
              "dispute_opened",
              List.of("charge.dispute.created", "charge.dispute.funds_withdrawn")),
          Map.entry(
              "dispute_won", List.of("charge.dispute.funds_reinstated", "charge.dispute.closed")),
          Map.entry("dispute_lost", List.of("charge.dispute.closed")),
          Map.entry("dispute_inquiry_closed", List.of("charge.dispute.closed")));

  private MerchantEventTypes() {}

  private static List<String> failedRefund() {
    return List.of("refund.failed", "refund.updated", "charge.refund.updated");
  }

  /**
   * The types of the events that tell of a change, in the order they are told; empty where
   * merchants hear nothing of it.
   *
   * @param event the change's name in the history
   * @param operationKind the kind of operation it was about, or null
   * @param operationStatus what that operation has become, or null
   */
  public static List<String> of(
      String event, @Nullable String operationKind, @Nullable String operationStatus) {
    if (event.equals("captured")) {
      String charge = "capture".equals(operationKind) ? "charge.captured" : "charge.succeeded";
      return List.of(charge, "payment_intent.succeeded");
    }
    if (event.equals("refunded_at_psp")) {
      return "succeeded".equals(operationStatus)
          ? List.of("refund.created", "charge.refunded")
          : List.of("refund.created");
    }
    return BY_CHANGE.getOrDefault(event, List.of());
  }
}
