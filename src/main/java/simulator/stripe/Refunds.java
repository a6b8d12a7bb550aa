package simulator.stripe;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import simulator.BankRefund;
import simulator.BankResult.Done;
import simulator.BankResult.Reason;
import simulator.BankResult.Refused;
import simulator.Ids;
import simulator.Metadata;
import simulator.Operation;
import simulator.RefundRequest;

/** {@code /v1/refunds}. */
final class Refunds {
  private static final Set<String> REASONS =
      Set.of("duplicate", "fraudulent", "requested_by_customer");

  private final StripeWorld world;

  Refunds(StripeWorld world) {
    this.world = world;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.post(
            "refunds",
            Operation.REFUND,
            Set.of(
                "amount",
                "charge",
                "instructions_email",
                "metadata",
                "payment_intent",
                "reason",
                "refund_application_fee",
                "reverse_transfer"),
            this::create),
        Endpoint.get(
            "refunds", Operation.SEARCH, Page.params("charge", "payment_intent"), this::list),
        Endpoint.get("refunds/*", Operation.RETRIEVE, Set.of(), this::retrieve),
        Endpoint.post("refunds/*", Operation.OTHER, Set.of("metadata"), this::update));
  }

  private JsonObject create(StripeCall call) {
    Params params = call.params();
    Long amount = params.integer("amount");
    if (amount != null && amount < 1) {
      throw StripeError.invalid(
          "parameter_invalid_integer", "amount", "Invalid positive integer: " + amount);
    }
    String reason = params.text("reason");
    if (reason != null && !REASONS.contains(reason)) {
      throw StripeError.invalid(null, "reason", "Invalid reason: " + reason);
    }
    Map<String, String> metadata = params.metadata(Map.of());
    String charge = charge(call);
    return switch (world
        .bank()
        .refund(
            new RefundRequest(
                Ids.next("re_"),
                call.account().id(),
                charge,
                amount == null ? null : Long.valueOf(amount + call.skewMinor()),
                reason,
                call.idempotencyKey(),
                metadata,
                false,
                null))) {
      case Done<BankRefund> done -> render(call.account(), done.value());
      case Refused<BankRefund> no -> throw refused(no.reason(), charge, params.text("charge"));
    };
  }

  private static StripeError refused(Reason why, String charge, @Nullable String named) {
    return switch (why) {
      case NOT_FOUND -> StripeError.noSuchParam("charge", named == null ? charge : named, "charge");
      case NOTHING_LEFT ->
          StripeError.refused(
              "charge_already_refunded", null, "Charge " + charge + " has already been refunded.");
      case CHARGED_BACK ->
          StripeError.refused(
              "charge_disputed", null, "Charge " + charge + " has been charged back.");
      case AMOUNT_TOO_LARGE ->
          StripeError.refused(
              null, "amount", "Refund amount is greater than unrefunded amount on charge.");
      case NOT_OPEN, NOT_CAPTURED ->
          StripeError.refused(
              "charge_not_refundable", null, "Charge " + charge + " holds no captured money.");
    };
  }

  /** The charge to refund, named itself or by its intent. */
  private String charge(StripeCall call) {
    String charge = call.params().text("charge");
    String intentId = call.params().text("payment_intent");
    if (charge != null) {
      return charge;
    }
    if (intentId == null) {
      throw StripeError.invalid(
          "parameter_missing",
          null,
          "One of the following params should be provided: payment_intent or charge.");
    }
    PaymentIntent intent = call.account().intent(intentId);
    if (intent == null) {
      throw StripeError.noSuchParam("payment_intent", intentId, "payment_intent");
    }
    if (!intent.status.equals(PaymentIntent.SUCCEEDED) || intent.latestCharge == null) {
      throw StripeError.refused(
          null,
          null,
          "This PaymentIntent (" + intentId + ") does not have a successful charge to refund.");
    }
    return intent.latestCharge;
  }

  private JsonObject list(StripeCall call) {
    String charge = call.params().text("charge");
    String intent = call.params().text("payment_intent");
    List<BankRefund> found = new ArrayList<>(world.bank().refunds(call.account().id()));
    found.removeIf(
        refund ->
            (charge != null && !charge.equals(refund.charge()))
                || (intent != null && !intent.equals(refund.payment())));
    return Page.of(
        "/v1/refunds",
        call.params(),
        found.reversed(),
        BankRefund::id,
        BankRefund::createdAt,
        refund -> render(call.account(), refund));
  }

  private JsonObject retrieve(StripeCall call) {
    return render(call.account(), require(call));
  }

  private JsonObject update(StripeCall call) {
    BankRefund refund = require(call);
    return render(
        call.account(),
        world.bank().describeRefund(refund, call.params().metadata(refund.metadata())));
  }

  private BankRefund require(StripeCall call) {
    return world
        .bank()
        .refund(call.account().id(), call.id())
        .orElseThrow(() -> StripeError.notFound("refund", call.id(), "refund"));
  }

  static JsonObject render(StripeAccount account, BankRefund refund) {
    PaymentIntent intent = account.intent(refund.payment());
    JsonObject json =
        new JsonObject()
            .put("id", refund.id())
            .put("object", "refund")
            .put("amount", refund.amountMinor())
            .put("balance_transaction", "txn_" + refund.id().substring("re_".length()))
            .put("charge", refund.charge())
            .put("created", refund.createdAt().getEpochSecond())
            .put("currency", refund.currency())
            .put("customer", intent == null ? null : intent.customer)
            .putNull("customer_account")
            .put(
                "destination_details",
                new JsonObject()
                    .put(
                        "card",
                        new JsonObject()
                            .put("reference_status", "pending")
                            .put("reference_type", "acquirer_reference_number")
                            .put("type", "refund"))
                    .put("type", "card"))
            .put("metadata", Metadata.toJson(refund.metadata()))
            .put("payment_intent", refund.payment())
            .putNull("payment_method")
            .put("reason", refund.reason())
            .putNull("receipt_number")
            .putNull("source_transfer_reversal")
            .put("status", refund.status().name().toLowerCase(Locale.ROOT))
            .putNull("transfer_reversal");
    if (refund.status() == BankRefund.Status.FAILED) {
      json.put("failure_reason", "lost_or_stolen_card");
    }
    return json;
  }
}
