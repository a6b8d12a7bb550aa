package simulator.adyen;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import simulator.Authorization;
import simulator.BankResult;
import simulator.BankResult.Done;
import simulator.BankResult.Refused;
import simulator.Operation;
import simulator.RefundRequest;
import simulator.TestCard.RefundBehaviour;

/**
 * Captures, cancels, reversals and refunds: each is received at once and carried out at once or at
 * the next settlement; only then money moves, and a webhook says how it ended.
 */
final class Modifications {
  private static final Set<String> REFUND_REASONS =
      Set.of("FRAUD", "CUSTOMER REQUEST", "RETURN", "DUPLICATE", "OTHER");

  private final AdyenWorld world;
  private boolean atOnce = true;

  Modifications(AdyenWorld world) {
    this.world = world;
  }

  /** Whether they are carried out at once, or at the next settlement. */
  void atOnce(boolean now) {
    atOnce = now;
  }

  List<Endpoint> endpoints() {
    Set<String> plain = Set.of("merchantAccount", "reference", "applicationInfo");
    Set<String> withAmount =
        Set.of("amount", "merchantAccount", "reference", "applicationInfo", "lineItems");
    return List.of(
        Endpoint.post("payments/*/captures", Operation.CAPTURE, 201, withAmount, this::capture),
        Endpoint.post("payments/*/cancels", Operation.CANCEL, 201, plain, this::cancel),
        Endpoint.post("payments/*/reversals", Operation.CANCEL, 201, plain, this::reverse),
        Endpoint.post(
            "payments/*/refunds",
            Operation.REFUND,
            201,
            Set.of(
                "amount",
                "merchantAccount",
                "reference",
                "applicationInfo",
                "lineItems",
                "merchantRefundReason"),
            this::refund),
        Endpoint.post(
            "cancels",
            Operation.CANCEL,
            201,
            Set.of("merchantAccount", "reference", "applicationInfo", "paymentReference"),
            this::cancelByReference));
  }

  private JsonObject capture(AdyenCall call) {
    return received(call, Modification.Kind.CAPTURE, amountMinor(call));
  }

  private JsonObject cancel(AdyenCall call) {
    return received(call, Modification.Kind.CANCEL, null);
  }

  private JsonObject reverse(AdyenCall call) {
    return received(call, Modification.Kind.REVERSAL, null);
  }

  private JsonObject refund(AdyenCall call) {
    String reason = call.body().getString("merchantRefundReason");
    if (reason != null && !REFUND_REASONS.contains(reason)) {
      throw AdyenError.invalid("702", "Invalid merchantRefundReason: " + reason);
    }
    JsonObject answer = received(call, Modification.Kind.REFUND, amountMinor(call));
    if (reason != null) {
      answer.put("merchantRefundReason", reason);
    }
    return answer;
  }

  private static long amountMinor(AdyenCall call) {
    AdyenPayment payment = call.account().requirePayment(call.id(), call.merchantAccount());
    JsonObject amount = call.amount(false);
    if (!amount.getString("currency").equals(payment.currency())) {
      throw AdyenError.invalid("138", "The currency is not the one of the payment");
    }
    return amount.getLong("value") + call.skewMinor();
  }

  private JsonObject received(AdyenCall call, Modification.Kind kind, @Nullable Long amountMinor) {
    AdyenPayment payment = call.account().requirePayment(call.id(), call.merchantAccount());
    Modification modification =
        begin(call, kind, payment.pspReference, payment.reference(), amountMinor);
    JsonObject answer = answer(modification).put("paymentPspReference", payment.pspReference);
    if (amountMinor != null) {
      answer.put("amount", payment.amount(amountMinor));
    }
    return answer;
  }

  private JsonObject cancelByReference(AdyenCall call) {
    String merchantAccount = call.merchantAccount();
    String reference = call.body().getString("paymentReference");
    if (reference == null || reference.isEmpty()) {
      throw AdyenError.invalid("130", "Reference Missing");
    }
    AdyenPayment payment = call.account().paymentOfReference(reference);
    boolean found = payment != null && payment.merchantAccount().equals(merchantAccount);
    Modification modification =
        begin(
            call,
            Modification.Kind.TECHNICAL_CANCEL,
            found ? Objects.requireNonNull(payment).pspReference : "",
            reference,
            null);
    return answer(modification).put("paymentReference", reference);
  }

  private Modification begin(
      AdyenCall call,
      Modification.Kind kind,
      String payment,
      String paymentReference,
      @Nullable Long amountMinor) {
    Limits.check(call.body());
    Modification modification =
        new Modification(
            PspReference.next(),
            call.account().id(),
            kind,
            payment,
            call.merchantAccount(),
            paymentReference,
            amountMinor,
            call.body().getString("reference"),
            call.idempotencyKey(),
            true);
    call.account().save(modification);
    if (atOnce) {
      carryOut(call.account(), modification);
    }
    return modification;
  }

  private static JsonObject answer(Modification modification) {
    JsonObject answer =
        new JsonObject()
            .put("merchantAccount", modification.merchantAccount())
            .put("pspReference", modification.pspReference())
            .put("status", "received");
    if (modification.reference() != null) {
      answer.put("reference", modification.reference());
    }
    return answer;
  }

  /** Does what was received, and tells how it ended. */
  void carryOut(AdyenAccount account, Modification modification) {
    account.save(modification.ended());
    AdyenPayment payment = account.payment(modification.payment());
    if (payment == null) {
      world.events().foundNothing(account, modification);
      return;
    }
    switch (modification.kind()) {
      case CAPTURE -> ended(payment, modification, captured(payment, modification));
      case CANCEL, TECHNICAL_CANCEL ->
          ended(payment, modification, world.bank().release(payment.account, payment.pspReference));
      case REFUND -> refund(payment, modification);
      case REVERSAL -> reverse(payment, modification);
    }
  }

  private BankResult<Authorization> captured(AdyenPayment payment, Modification modification) {
    Long amount = modification.amountMinor();
    return world
        .bank()
        .capture(
            payment.account, payment.pspReference, amount == null ? payment.amountMinor : amount);
  }

  private void ended(
      AdyenPayment payment, Modification modification, BankResult<Authorization> result) {
    Long amount = modification.amountMinor();
    long told = amount == null ? payment.amountMinor : amount;
    switch (result) {
      case Done<Authorization> done -> world.events().ended(payment, modification, told, true, "");
      case Refused<Authorization> no ->
          world.events().ended(payment, modification, told, false, why(modification, no.reason()));
    }
  }

  /** A good refund is told as the bank makes it. */
  private void refund(AdyenPayment payment, Modification modification) {
    Long amount = modification.amountMinor();
    if (world.bank().refund(request(payment, modification, amount)) instanceof Refused<?> refused) {
      world
          .events()
          .ended(
              payment,
              modification,
              amount == null ? payment.amountMinor : amount,
              false,
              why(modification, refused.reason()));
    }
  }

  private static RefundRequest request(
      AdyenPayment payment, Modification modification, @Nullable Long amountMinor) {
    boolean failsLater = payment.aftermath().kind() == Aftermath.Kind.REFUNDS_FAIL;
    return new RefundRequest(
        modification.pspReference(),
        payment.account,
        payment.pspReference,
        amountMinor,
        null,
        modification.idempotencyKey(),
        labels(payment, modification),
        false,
        failsLater ? RefundBehaviour.FAIL_LATER : RefundBehaviour.SUCCEED);
  }

  private static Map<String, String> labels(AdyenPayment payment, Modification modification) {
    String reference = modification.reference();
    return reference == null
        ? payment.labels()
        : AdyenPayment.labels(payment.request.copy().put(AdyenPayment.REFERENCE, reference));
  }

  private void reverse(AdyenPayment payment, Modification modification) {
    if (world.bank().release(payment.account, payment.pspReference) instanceof Done<?>) {
      world.events().reversed(payment, modification, payment.amountMinor, "cancel");
    } else {
      refund(payment, modification);
    }
  }

  /** In words such as Adyen's; they are for people. */
  private static String why(Modification modification, BankResult.Reason reason) {
    return switch (reason) {
      case NOT_FOUND -> "Transaction not authorised";
      case NOT_OPEN ->
          modification.kind() == Modification.Kind.CAPTURE
              ? "Insufficient balance on payment"
              : "Transaction has been captured or cancelled, cancel not possible";
      case NOT_CAPTURED -> "Transaction hasn't been captured, refund not possible";
      case AMOUNT_TOO_LARGE, NOTHING_LEFT, CHARGED_BACK -> "Insufficient balance on payment";
    };
  }
}
