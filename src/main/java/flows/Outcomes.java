package flows;

import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import ledger.PostingRule;
import ledger.Transfer;
import org.jspecify.annotations.Nullable;
import payments.AnomalyKind;
import payments.CaptureMethod;
import payments.Decline;
import payments.DeclineCode;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Payment;
import payments.PaymentEvent;
import payments.PaymentStatus;
import payments.Transitions;
import psp.PspResult;
import psp.PspResult.Accepted;
import psp.PspResult.ActionRequired;
import psp.PspResult.Approved;
import psp.PspResult.Declined;
import psp.PspResult.Details;
import psp.PspResult.NotSent;
import psp.PspResult.Unknown;
import store.Finish.PaymentChange;

/**
 * What a PSP's result means for an operation and its payment: pure, and the only place that decides
 * it. An amount or a state that is not what was asked for never counts as success: the operation
 * stays open and an operator looks.
 */
final class Outcomes {
  /**
   * A parameter of an authorize: nobody is there to follow a challenge, so that one is a decline.
   */
  static final String NO_CHALLENGE = "no_challenge";

  /**
   * A parameter of an authorize: whether it is to take the money or to hold it. The payment may be
   * changed once the charge is closed, and a success that is told then did as it was asked.
   */
  static final String TAKES_AT_ONCE = "takes_at_once";

  /** A parameter of an authorize: its card data was for one payment, and is not kept. */
  static final String SPENT = "card_spent";

  /**
   * A parameter of what gives back: it lets go of what a PSP may have authorized without our
   * knowledge, so that it is no wonder where there is nothing.
   */
  static final String IN_CASE = "in_case";

  private static final Decline NOBODY_CAME =
      new Decline(
          DeclineCode.AUTHENTICATION_FAILED,
          "abandoned",
          "the customer did not finish the authentication in time",
          null,
          null);

  private static final Decline NOBODY_THERE =
      new Decline(
          DeclineCode.AUTHENTICATION_REQUIRED,
          "action_required",
          "the PSP asks for the customer, who is not there",
          null,
          null);

  private final Supplier<UUID> ids;

  /**
   * Outcomes that book transfers.
   *
   * @param ids gives each transfer its id
   */
  Outcomes(Supplier<UUID> ids) {
    this.ids = ids;
  }

  /** Whether it lets go of what nobody knows to be there. */
  static boolean isInCase(Operation operation) {
    return operation.givesBack()
        && Boolean.TRUE.equals(operation.parameters().values().get(IN_CASE));
  }

  Meaning of(Payment payment, Operation operation, PspResult result) {
    if (operation.status() == OperationStatus.AWAITING_CUSTOMER
        && payment.status() != PaymentStatus.REQUIRES_ACTION) {
      // A cancel is under way. Its end says what the challenge is worth; until then a look at it
      // moves nothing.
      return new Meaning.Open("another operation is under way");
    }
    return switch (result) {
      case Approved approved -> approved(payment, operation, approved);
      case Declined declined -> declined(payment, operation, declined);
      case ActionRequired action -> actionRequired(payment, operation, action);
      case Accepted accepted -> accepted(operation, accepted);
      case Unknown unknown -> unknown(operation, unknown);
      case NotSent notSent -> notSent(payment, operation, notSent);
    };
  }

  /**
   * A result of a sending, with what only we know of it: what completes an authentication carries
   * no word about the money, so that its PSP does as it was asked with the authorization.
   */
  static PspResult asAsked(Payment payment, Operation operation, PspResult result) {
    return operation.kind() == OperationKind.COMPLETE_AUTHENTICATION
            && result instanceof Approved approved
        ? approved.withCaptured(payment.captureMethod() != CaptureMethod.MANUAL)
        : result;
  }

  /**
   * Whether a result is the end of the charge that the operation is about, and of the operation
   * with it: what completes its authentication decides it, and what ends an authentication that
   * waits for the customer lets go of it.
   */
  static boolean endsCharge(Operation operation, PspResult result) {
    return switch (operation.kind()) {
      case COMPLETE_AUTHENTICATION ->
          result instanceof Approved
              || (result instanceof Declined declined && declined.reference() != null);
      case VOID -> result instanceof Approved && EndChallenge.Why.of(operation).isPresent();
      case AUTHORIZE, CAPTURE, REFUND -> false;
    };
  }

  /**
   * What such a result means for the charge.
   *
   * @param by the operation that it is the result of
   */
  Meaning ofCharge(Payment payment, Operation charge, Operation by, PspResult result) {
    Optional<EndChallenge.Why> why = EndChallenge.Why.of(by);
    if (why.isPresent()) {
      return challengeEnded(payment, charge, why.get());
    }
    return switch (result) {
      case Approved approved -> approved(payment, charge, approved);
      case Declined declined -> declinedCharge(payment, charge, declined);
      case ActionRequired action -> actionRequired(payment, by, action);
      case Accepted accepted -> accepted(by, accepted);
      case Unknown unknown -> unknown(by, unknown);
      case NotSent notSent -> new Meaning.Open(notSent.detail());
    };
  }

  /** A charge whose authentication is over without the customer. */
  Meaning challengeEnded(Payment payment, Operation charge, EndChallenge.Why why) {
    return switch (why) {
      case ABANDONED ->
          declinedCharge(
              payment,
              charge,
              new Declined(
                  NOBODY_CAME, charge.pspReference(), charge.pspChargeReference(), Details.NONE));
      case SUPERSEDED ->
          moving(
              payment,
              PaymentEvent.CHALLENGE_ENDED,
              charge.pspReference(),
              move ->
                  new Meaning.Closed(
                      OperationStatus.CANCELED,
                      "challenge_ended",
                      move,
                      null,
                      null,
                      null,
                      null,
                      null,
                      Details.NONE));
    };
  }

  /**
   * A word that we do not know may mean that money moved: it is no silence, and never undone by
   * hand. What a customer brought that is refused on a repeat will be refused on every other one;
   * the first sending may have authorized all the same.
   */
  private static Meaning unknown(Operation operation, Unknown unknown) {
    String detail = unknown.reason() + ": " + unknown.detail();
    return switch (unknown.reason()) {
      case UNKNOWN_STATUS ->
          new Meaning.Wrong(AnomalyKind.UNKNOWN_STATUS, UnknownWord.of(unknown), unknown);
      case REFUSED_AGAIN ->
          operation.kind() == OperationKind.COMPLETE_AUTHENTICATION
              ? new Meaning.Stuck(detail)
              : new Meaning.Open(detail, unknown.retryAfter(), false);
      case TIMEOUT,
          CONNECTION_LOST,
          PSP_ERROR,
          IN_PROGRESS,
          RATE_LIMITED,
          UNAUTHORIZED,
          NOT_FOUND,
          GARBLED,
          UNREADABLE ->
          new Meaning.Open(detail, unknown.retryAfter(), false);
      case NOT_ASKED -> new Meaning.Open(detail, null, RecoverOperation.waits(operation));
    };
  }

  private static Meaning accepted(Operation operation, Accepted accepted) {
    if (operation.status() == OperationStatus.AWAITING_CUSTOMER) {
      // The customer has done their part and the PSP has not decided. The payment keeps its status
      // until it has: an accepted operation belongs to a payment that is processing.
      return new Meaning.Open("the PSP has not decided on the authentication yet");
    }
    return new Meaning.Waiting(
        OperationStatus.ACCEPTED,
        operation.kind().wire() + "_accepted",
        PaymentChange.NONE,
        accepted.reference(),
        accepted.chargeReference(),
        Details.NONE);
  }

  private Meaning approved(Payment payment, Operation operation, Approved approved) {
    if (operation.kind() != OperationKind.VOID && !approved.amount().equals(operation.amount())) {
      return new Meaning.Wrong(
          AnomalyKind.AMOUNT_MISMATCH,
          "asked for " + operation.amount() + ", the PSP says " + approved.amount(),
          approved);
    }
    return switch (operation.kind()) {
      case AUTHORIZE, COMPLETE_AUTHENTICATION -> authorized(payment, operation, approved);
      case CAPTURE ->
          moving(
              payment,
              PaymentEvent.CAPTURED,
              approved.reference(),
              move ->
                  succeeded(
                      "captured",
                      move.amounts(-payment.authorized(), operation.amount().minor()),
                      transfer(PostingRule.CAPTURE, operation),
                      approved));
      case VOID -> voided(payment, operation, approved);
      case REFUND -> refunded(operation, approved);
    };
  }

  private Meaning authorized(Payment payment, Operation operation, Approved approved) {
    boolean byHand = payment.captureMethod() == CaptureMethod.MANUAL;
    if (approved.captured() == byHand) {
      return new Meaning.Wrong(
          AnomalyKind.CAPTURE_MISMATCH,
          byHand ? "the PSP captured what was to be held" : "the PSP holds what was to be captured",
          approved);
    }
    long minor = operation.amount().minor();
    return moving(
        payment,
        byHand ? PaymentEvent.AUTHORIZED : PaymentEvent.CAPTURED,
        approved.reference(),
        move ->
            succeeded(
                byHand ? "authorized" : "captured",
                move.amounts(byHand ? minor : 0, byHand ? 0 : minor)
                    .shows(operation.id(), operation.paymentMethodId())
                    .error(null),
                byHand ? null : transfer(PostingRule.CAPTURE, operation),
                approved));
  }

  private Meaning voided(Payment payment, Operation operation, Approved approved) {
    if (operation.givesBack()) {
      return succeeded("given_back", PaymentChange.NONE, null, approved);
    }
    return moving(
        payment,
        PaymentEvent.VOIDED,
        approved.reference(),
        move ->
            succeeded(
                "voided",
                move.amounts(-payment.authorized(), 0)
                    .canceledFor(operation.parameters().text("reason")),
                null,
                approved));
  }

  private Meaning refunded(Operation operation, Approved approved) {
    if (operation.givesBack()) {
      return succeeded(
          "given_back",
          PaymentChange.NONE,
          transfer(PostingRule.SUSPENSE_RETURNED, operation),
          approved);
    }
    long minor = operation.amount().minor();
    return succeeded(
        "refunded",
        PaymentChange.counters(-minor, minor),
        transfer(PostingRule.REFUND, operation),
        approved);
  }

  private Meaning declined(Payment payment, Operation operation, Declined declined) {
    if (operation.givesBack()) {
      Decline decline = declined.decline();
      if (decline.code() == DeclineCode.KEY_REFUSED) {
        // Nothing is wrong with what is owed: it is done when the account's key is right again.
        return new Meaning.Open("the PSP refused our key: " + decline.rawCode());
      }
      if (isInCase(operation)) {
        return declined.reference() == null
            ? new Meaning.Open("the PSP refused the call: " + decline.rawCode())
            : nothingLetGo(declined);
      }
      return new Meaning.Wrong(
          AnomalyKind.GIVE_BACK_REFUSED,
          "the PSP refused: " + decline.rawCode() + " " + decline.rawMessage(),
          declined.reference());
    }
    return switch (operation.kind()) {
      case AUTHORIZE -> declinedCharge(payment, operation, declined);
      case COMPLETE_AUTHENTICATION ->
          declined.reference() == null
              ? detailsRefused(payment, declined)
              : declinedCharge(payment, operation, declined);
      case CAPTURE ->
          moving(
              payment,
              PaymentEvent.CAPTURE_FAILED,
              declined.reference(),
              move -> failed("capture_failed", move, declined));
      case VOID ->
          moving(
              payment,
              payment.authorized() > 0 ? PaymentEvent.VOID_FAILED : PaymentEvent.CHALLENGE_KEPT,
              declined.reference(),
              move -> failed("void_failed", move.nextAction(payment.nextActionUrl()), declined));
      case REFUND ->
          failed("refund_failed", PaymentChange.counters(-operation.amount().minor(), 0), declined);
    };
  }

  /**
   * The end of what lets go in case; a refusal of the call itself tells nothing of what is held.
   */
  static Meaning.Closed nothingLetGo(Declined declined) {
    return failed("nothing_let_go", PaymentChange.NONE, declined);
  }

  private Meaning declinedCharge(Payment payment, Operation operation, Declined declined) {
    return moving(
        payment,
        PaymentEvent.DECLINED,
        declined.reference(),
        move ->
            failed("declined", move.shows(operation.id(), "").error(declined.decline()), declined));
  }

  /** Of the authorization that says nothing: the customer may still come back with what is true. */
  private static Meaning detailsRefused(Payment payment, Declined declined) {
    return moving(
        payment,
        PaymentEvent.CHALLENGE_KEPT,
        null,
        move ->
            failed("authentication_refused", move.nextAction(payment.nextActionUrl()), declined));
  }

  private Meaning actionRequired(Payment payment, Operation operation, ActionRequired action) {
    if (operation.kind() == OperationKind.COMPLETE_AUTHENTICATION) {
      return askedAgain(payment, action);
    }
    if (operation.kind() != OperationKind.AUTHORIZE) {
      return new Meaning.Wrong(
          AnomalyKind.UNEXPECTED_CHALLENGE,
          "a challenge for a " + operation.kind().wire(),
          action.reference());
    }
    if (operation.status() == OperationStatus.AWAITING_CUSTOMER) {
      return new Meaning.Open("still waiting for the customer");
    }
    if (Boolean.TRUE.equals(operation.parameters().values().get(NO_CHALLENGE))) {
      return declinedCharge(
          payment,
          operation,
          new Declined(NOBODY_THERE, action.reference(), null, action.details()));
    }
    return moving(
        payment,
        PaymentEvent.ACTION_REQUIRED,
        action.reference(),
        move ->
            new Meaning.Waiting(
                OperationStatus.AWAITING_CUSTOMER,
                "action_required",
                move.shows(null, operation.paymentMethodId())
                    .error(null)
                    .nextAction(action.redirectUrl()),
                action.reference(),
                null,
                action.details()));
  }

  /** What the customer came back with was taken, and they have to go on at another address. */
  private static Meaning askedAgain(Payment payment, ActionRequired action) {
    return moving(
        payment,
        PaymentEvent.ACTION_REQUIRED,
        action.reference(),
        move ->
            new Meaning.Closed(
                OperationStatus.SUCCEEDED,
                "action_required",
                move.nextAction(action.redirectUrl()),
                null,
                null,
                action.reference(),
                null,
                null,
                Details.NONE));
  }

  /**
   * Nothing left this machine. That proves no charge only on an operation that was never tried
   * before and has not seen a crash since it began; captures, voids and refunds were promised by us
   * and are tried again.
   */
  private Meaning notSent(Payment payment, Operation operation, NotSent notSent) {
    boolean proven =
        operation.kind() == OperationKind.AUTHORIZE
            && operation.attempts() == 1
            && operation.status() == OperationStatus.PENDING;
    if (!proven) {
      return new Meaning.Open("not sent: " + notSent.detail());
    }
    boolean spent = Boolean.TRUE.equals(operation.parameters().values().get(SPENT));
    String advice = spent ? null : "try_again_later";
    var decline = new Decline(DeclineCode.PSP_UNAVAILABLE, null, notSent.detail(), advice, null);
    return declinedCharge(payment, operation, new Declined(decline, null, null, Details.NONE));
  }

  /**
   * What follows where the payment may make this move; a word that would make an impossible one is
   * wrong.
   */
  private static Meaning moving(
      Payment payment,
      PaymentEvent event,
      @Nullable String reference,
      Function<PaymentChange, Meaning> then) {
    PaymentStatus from = payment.status();
    return Transitions.next(from, event)
        .map(to -> then.apply(PaymentChange.move(from, to)))
        .orElseGet(
            () ->
                new Meaning.Wrong(
                    AnomalyKind.ILLEGAL_TRANSITION,
                    event + " for a payment that is " + from.wire(),
                    reference));
  }

  private Transfer transfer(PostingRule rule, Operation operation) {
    return rule.transfer(ids.get(), operation.id(), operation.pspAccountId(), operation.amount());
  }

  private static Meaning succeeded(
      String event, PaymentChange change, @Nullable Transfer transfer, Approved approved) {
    return new Meaning.Closed(
        OperationStatus.SUCCEEDED,
        event,
        change,
        transfer,
        null,
        approved.reference(),
        approved.chargeReference(),
        approved.methodToken(),
        approved.details());
  }

  private static Meaning.Closed failed(String event, PaymentChange change, Declined declined) {
    return new Meaning.Closed(
        OperationStatus.FAILED,
        event,
        change,
        null,
        declined.decline(),
        declined.reference(),
        declined.chargeReference(),
        null,
        declined.details());
  }
}
