package flows;

import flows.OperationRunner.Running;
import flows.Views.PaymentView;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Parameters;
import payments.Payment;
import payments.PaymentEvent;
import payments.PublicId;
import payments.RequestContext;
import payments.Transitions;
import psp.PspCommand;
import store.Write;

/**
 * Ends an authentication that waits for the customer, so that its payment can go on without it. At
 * a PSP that finishes authentications by itself the authorization is voided first, and only its
 * word that it is void ends the charge: the customer may be finishing at this moment. Where nothing
 * can be authorized without us, there is nothing to wait for: the charge is closed here, and what
 * the customer still brings back is not sent. Both are written over the payment as it was read, so
 * that of this and a customer who comes back only one happens.
 *
 * <p>A database that was restored may have forgotten that our word was given. So what is closed
 * here begins to be let go of there, too, by our key: recovery sends that, and it ends without a
 * word where there is nothing, which is as good as always.
 */
final class EndChallenge {
  private static final String LET_GO = PspCommand.OUR_IDS + "let-go-";

  private final Services services;
  private final Beginnings beginnings;
  private final Durably durably;
  private final OperationRunner runner;
  private final Outcomes outcomes;
  private final SettleOperation settling;

  EndChallenge(Services services) {
    this.services = services;
    this.beginnings = new Beginnings(services);
    this.durably = new Durably(services);
    this.runner = new OperationRunner(services);
    this.outcomes = new Outcomes(services.ids()::next);
    this.settling = new SettleOperation(services);
  }

  /** Why it ends. */
  enum Why {
    /** The customer did not finish in time: the charge has failed. */
    ABANDONED,
    /** The merchant wants the payment otherwise: the charge is given up. */
    SUPERSEDED;

    private static final String PARAMETER = "ends_challenge";

    /** Why a void ends an authentication, where it does. */
    static Optional<Why> of(Operation operation) {
      String why =
          operation.kind() == OperationKind.VOID ? operation.parameters().text(PARAMETER) : null;
      return why == null
          ? Optional.empty()
          : Optional.of(Why.valueOf(why.toUpperCase(Locale.ROOT)));
    }

    Parameters parameters() {
      return new Parameters(Map.of(PARAMETER, name().toLowerCase(Locale.ROOT)));
    }
  }

  /**
   * Ends it for a request that wants the payment otherwise. Afterwards the payment is looked at
   * again: it goes on without the authentication, or someone else has brought it further.
   *
   * @param what the request does, for people: "confirm"
   */
  Future<Void> supersede(RequestContext context, Payment payment, String what) {
    var cause = new Write.Cause("void_begun", context.requestId(), context.actor());
    return waiting(services, payment)
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture()
                    : supersede(payment, found.get(), cause, what));
  }

  private Future<Void> supersede(
      Payment payment, Operation charge, Write.Cause cause, String what) {
    return end(payment, charge, Why.SUPERSEDED, cause)
        .compose(
            status ->
                status == OperationStatus.FAILED
                    ? Durably.afterwards(settledNow(charge, cause))
                    : Future.succeededFuture(status))
        .compose(
            status ->
                status == OperationStatus.AWAITING_CUSTOMER
                    ? Future.failedFuture(GuardedChange.unexpectedState(payment, what))
                    : Future.succeededFuture());
  }

  /** The PSP did not end it, so it says what has become of it. */
  private Future<OperationStatus> settledNow(Operation charge, Write.Cause cause) {
    return settling
        .running(charge, "told", cause.actor(), cause.reference())
        .compose(
            running ->
                services
                    .sender()
                    .lookup(OperationRunner.sending(charge))
                    .compose(result -> settling.settle(running, result)));
  }

  /** Ends it because nobody came back in time. */
  Future<Void> abandon(Payment payment, Operation charge, String actor) {
    var cause = new Write.Cause("void_begun", "challenge_deadline", actor);
    return end(payment, charge, Why.ABANDONED, cause).mapEmpty();
  }

  /** Whether an account's authentications end without its PSP being asked. */
  boolean endsHere(Operation charge) {
    return services.psps().psp(charge.pspAccountId()).authorizesOnlyByOurWord();
  }

  /**
   * What became of its end: succeeded; failed where the PSP did not end it; still open; canceled
   * where the payment had moved on, so that it was not begun.
   */
  private Future<OperationStatus> end(
      Payment payment, Operation charge, Why why, Write.Cause cause) {
    return endsHere(charge)
        ? here(payment, charge, why, cause)
        : there(payment, charge, why, cause);
  }

  private Future<OperationStatus> here(
      Payment payment, Operation charge, Why why, Write.Cause cause) {
    if (!(outcomes.challengeEnded(payment, charge, why) instanceof Meaning.Closed closed)) {
      return Future.failedFuture(new IllegalStateException("the payment waits for the customer"));
    }
    var running = new Running(null, PaymentView.of(payment), charge, cause, null);
    return durably
        .finishUnlessOvertaken(runner.finish(running, closed), lettingGo(charge))
        .map(ended -> ended ? OperationStatus.SUCCEEDED : OperationStatus.CANCELED);
  }

  private Write.Begin lettingGo(Operation charge) {
    String key = LET_GO + PublicId.digits(charge.id());
    return beginnings.beside(
        charge,
        OperationKind.VOID,
        charge.amount(),
        key,
        new PspCommand.VoidByKey(key, charge.pspIdempotencyKey()),
        new Parameters(Map.of(Outcomes.IN_CASE, true)));
  }

  private Future<OperationStatus> there(
      Payment payment, Operation charge, Why why, Write.Cause cause) {
    Payment begun =
        new PaymentDraft(payment)
            .status(Transitions.require(payment.status(), PaymentEvent.VOID_BEGUN))
            .payment();
    Operation operation = voiding(begun, charge, why, cause);
    return durably
        .begin(beginnings.over(payment, begun, operation, null, cause))
        .compose(
            ours ->
                ours
                    ? Durably.afterwards(
                        runner
                            .end(new Running(null, PaymentView.of(begun), operation, cause, null))
                            .map(OperationRunner.Ended::status))
                    : Future.succeededFuture(OperationStatus.CANCELED));
  }

  private Operation voiding(Payment begun, Operation charge, Why why, Write.Cause cause) {
    // Without the merchant's key: that one is for what comes after.
    var context =
        new RequestContext(
            begun.merchantId(),
            begun.livemode(),
            cause.reference(),
            cause.actor(),
            false,
            null,
            List.of());
    var id = services.ids().next();
    String key = PspKeys.of(context, OperationKind.VOID, id, 0);
    var facts =
        Beginnings.Begun.on(
            charge,
            id,
            OperationKind.VOID,
            charge.amount(),
            key,
            new PspCommand.VoidHold(key, HeldCharge.reference(charge), "abandoned"));
    return beginnings.operation(context, begun, facts, why.parameters());
  }

  /** The authorize operation of a payment that waits for the customer, where one does. */
  static Future<Optional<Operation>> waiting(Services services, Payment payment) {
    return services
        .reads()
        .operationsOf(payment)
        .map(
            operations ->
                operations.stream()
                    .filter(
                        it ->
                            it.kind() == OperationKind.AUTHORIZE
                                && it.status() == OperationStatus.AWAITING_CUSTOMER)
                    .findFirst());
  }
}
