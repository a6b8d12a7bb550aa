package flows;

import java.util.LinkedHashMap;
import java.util.UUID;
import money.Money;
import org.jspecify.annotations.Nullable;
import payments.AttemptOutcome;
import payments.CaptureMethod;
import payments.CardChecks;
import payments.Command.Confirmation;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Parameters;
import payments.Payment;
import payments.PublicId;
import payments.RequestContext;
import psp.PspCall;
import psp.PspCommand;
import store.Write;

/** Begins operations: the row with the exact request that will be sent. */
final class Beginnings {
  private final Services services;

  Beginnings(Services services) {
    this.services = services;
  }

  /** The authorize operation of a confirm. */
  Operation authorize(
      RequestContext context,
      Payment payment,
      MethodChoice.Chosen chosen,
      Confirmation confirmation,
      String accountId) {
    UUID id = services.ids().next();
    String key = PspKeys.ofAuthorize(context, id, accountId);
    Parameters given = payment.parameters();
    var back = comingBack(payment, key, accountId);
    boolean declinesChallenge = back.url == null || declinesChallenge(given);
    var options = CardOptions.of(given);
    var command =
        new PspCommand.Authorize(
            key,
            payment.amount(),
            payment.captureMethod() != CaptureMethod.MANUAL,
            chosen.token(),
            chosen.cardToken(),
            chosen.customerReference(),
            confirmation.offSession(),
            !confirmation.offSession() && declinesChallenge,
            options.threeDSecure(),
            options.setupFutureUsage(),
            given.text("description"),
            given.text("statement_descriptor"),
            given.text("statement_descriptor_suffix"),
            given.text("receipt_email"),
            back.url,
            given.map("shipping"),
            chosen.method().parameters().map("billing_details"));
    return operation(
        context,
        payment,
        new Begun(
            id,
            OperationKind.AUTHORIZE,
            payment.amount(),
            accountId,
            key,
            command,
            null,
            chosen.method().id()),
        chargeParameters(
            payment,
            chosen,
            chosen.method().isForOnePayment(accountId),
            confirmation.offSession() || declinesChallenge,
            back));
  }

  /**
   * Where the customer comes back to from a challenge.
   *
   * @param url null where they could not be sent on, or back at all. Who cannot be sent back from a
   *     challenge cannot be sent to one: it is a decline then, not a payment that hangs
   * @param ours the address where it is one of ours, and the merchant's comes after it
   */
  private record ComingBack(@Nullable String url, @Nullable ReturnAddress ours) {}

  private ComingBack comingBack(Payment payment, String key, String accountId) {
    String merchants = payment.parameters().text("return_url");
    if (merchants == null) {
      return new ComingBack(null, null);
    }
    return services
        .psps()
        .wayBack(accountId)
        .map(
            way -> {
              var ours = ReturnAddress.of(payment, key, way);
              return new ComingBack(way.base() + ours.path(), ours);
            })
        .orElseGet(
            () -> {
              boolean needsUs = services.psps().psp(accountId).authorizesOnlyByOurWord();
              return new ComingBack(needsUs ? null : merchants, null);
            });
  }

  private static boolean declinesChallenge(Parameters given) {
    return Boolean.TRUE.equals(given.values().get("error_on_requires_action"));
  }

  /**
   * The facts of an operation that begins.
   *
   * @param chargeId the charge it acts on, null for an authorize
   */
  record Begun(
      UUID id,
      OperationKind kind,
      money.Money amount,
      String accountId,
      String pspKey,
      PspCommand command,
      @Nullable UUID chargeId,
      @Nullable String methodId) {

    /** What is done to a charge, at the account and with the method that it has. */
    static Begun on(
        Operation charge,
        UUID id,
        OperationKind kind,
        Money amount,
        String pspKey,
        PspCommand command) {
      return new Begun(
          id,
          kind,
          amount,
          charge.pspAccountId(),
          pspKey,
          command,
          charge.id(),
          charge.paymentMethodId());
    }
  }

  Operation operation(RequestContext context, Payment payment, Begun begun, Parameters parameters) {
    var idempotency = context.idempotency();
    return new Operation(
        payment.merchantId(),
        payment.livemode(),
        begun.id,
        payment.id(),
        begun.kind,
        OperationStatus.PENDING,
        begun.amount,
        begun.accountId,
        begun.pspKey,
        services.psps().psp(begun.accountId).prepare(begun.command).stored(),
        null,
        null,
        1,
        begun.chargeId,
        0,
        0,
        begun.methodId,
        null,
        CardChecks.NONE,
        AttemptOutcome.NONE,
        null,
        parameters,
        false,
        idempotency == null ? null : idempotency.key(),
        null,
        services.clock().instant());
  }

  /**
   * What gives back or lets go of what a charge has at its PSP, beside whatever the payment does.
   * Recovery sends it, at once.
   *
   * @param pspKey made of the charge, so that the same is never given back twice
   */
  Write.Begin beside(
      Operation charge,
      OperationKind kind,
      Money amount,
      String pspKey,
      PspCommand command,
      Parameters parameters) {
    var operation =
        new Operation(
            charge.merchantId(),
            charge.livemode(),
            services.ids().next(),
            charge.paymentId(),
            kind,
            OperationStatus.PENDING,
            amount,
            charge.pspAccountId(),
            pspKey,
            services.psps().psp(charge.pspAccountId()).prepare(command).stored(),
            null,
            null,
            0,
            charge.id(),
            0,
            0,
            charge.paymentMethodId(),
            null,
            CardChecks.NONE,
            AttemptOutcome.NONE,
            null,
            parameters,
            true,
            null,
            null,
            services.clock().instant());
    return new Write.Begin(operation, services.node(), 0);
  }

  /**
   * A payment's change and the operation that it is for, over the payment as it was read.
   *
   * @param key what claims the request's idempotency key; null for an operation of no request
   */
  Write over(
      Payment before,
      Payment begun,
      Operation operation,
      Write.@Nullable KeyClaim key,
      Write.Cause cause) {
    return new Write(begun, before.status(), before.version(), begin(operation), key, null, cause);
  }

  Write.Begin begin(Operation operation) {
    return begin(operation, null);
  }

  /**
   * The same with the decision that sent it to its account.
   *
   * @param routing as it is kept, null where nothing was decided
   */
  Write.Begin begin(Operation operation, @Nullable Parameters routing) {
    return new Write.Begin(
        operation,
        services.node(),
        services.recovery().pendingGrace().toMillis(),
        routing,
        services
            .psps()
            .psp(operation.pspAccountId())
            .kept(PspCall.ofStored(operation.request()))
            .map(PspCall::stored)
            .orElse(null));
  }

  /** What only we have to know of it, and what the charge shows that may change on the payment. */
  private static Parameters chargeParameters(
      Payment payment,
      MethodChoice.Chosen chosen,
      boolean spent,
      boolean noChallenge,
      ComingBack back) {
    var kept = new LinkedHashMap<String, Object>();
    kept.put(Outcomes.TAKES_AT_ONCE, payment.captureMethod() != CaptureMethod.MANUAL);
    if (spent) {
      kept.put(Outcomes.SPENT, true);
    }
    if (noChallenge) {
      kept.put(Outcomes.NO_CHALLENGE, true);
    }
    if (back.ours != null) {
      kept.put(ReturnAddress.DIGEST, back.ours.digest());
    }
    var billing = chosen.method().parameters().map("billing_details");
    if (!billing.isEmpty()) {
      kept.put("billing_details", billing);
    }
    for (String name :
        new String[] {
          "description",
          "metadata",
          "receipt_email",
          "shipping",
          "statement_descriptor",
          "statement_descriptor_suffix"
        }) {
      Object value = payment.parameters().values().get(name);
      if (value != null) {
        kept.put(name, value);
      }
    }
    if (payment.customerId() != null) {
      kept.put("customer", PublicId.CUSTOMER.of(payment.customerId()));
    }
    return new Parameters(kept);
  }
}
