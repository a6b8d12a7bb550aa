package flows;

import flows.FactStep.EndHold;
import flows.FactStep.GiveBack;
import flows.FactStep.NoteFailed;
import flows.FactStep.Nothing;
import flows.FactStep.Raise;
import flows.FactStep.ReverseCapture;
import flows.FactStep.Settle;
import flows.FactStep.Wait;
import java.util.Objects;
import java.util.UUID;
import money.Money;
import payments.AnomalyKind;
import payments.CaptureMethod;
import payments.Decline;
import payments.DeclineCode;
import payments.OperationKind;
import payments.OperationStatus;
import payments.PaymentEvent;
import payments.PaymentStatus;
import psp.PspFact;
import psp.PspResult;
import psp.PspResult.Accepted;
import psp.PspResult.ActionRequired;
import psp.PspResult.Approved;
import psp.PspResult.Declined;
import psp.PspResult.Details;
import psp.PspResult.NotSent;
import psp.PspResult.Unknown;
import store.Standing;
import store.Standing.OperationPart;
import store.Standing.PaymentPart;

/** The part of {@link FactRules} that is about captures and releases with ids of their own. */
final class ModificationRules {
  private ModificationRules() {}

  static FactStep next(PspFact.Modification fact, Standing now) {
    OperationPart own = now.operation();
    PaymentPart payment = now.payment();
    if (own != null && payment != null) {
      return own.status().open() ? open(fact, own, payment) : closed(fact, own, payment);
    }
    OperationPart charge = now.charge();
    if (fact.operationKey() != null || charge == null || payment == null) {
      return FactStep.unmatched(fact.operationKey(), fact.authorizationKey());
    }
    return madeAtPsp(fact, charge, payment, now);
  }

  private static FactStep open(PspFact.Modification fact, OperationPart own, PaymentPart payment) {
    return switch (fact.result()) {
      case Approved approved -> new Settle(own, naming(fact, own, approved), null);
      case Declined declined -> new Settle(own, declined, null);
      case Accepted accepted ->
          own.status() == OperationStatus.ACCEPTED
              ? new Nothing(payment.id())
              : new Settle(own, accepted, null);
      case ActionRequired ignored -> new Nothing(payment.id());
      case Unknown ignored -> new Nothing(payment.id());
      case NotSent ignored -> new Nothing(payment.id());
    };
  }

  /** What was let go of in case was not known before: another success of its charge is another. */
  private static Approved naming(PspFact.Modification fact, OperationPart own, Approved approved) {
    return own.inCase()
        ? new Approved(
            approved.reference(),
            fact.authorizationReference(),
            approved.amount(),
            approved.captured(),
            approved.methodToken(),
            approved.details())
        : approved;
  }

  private static FactStep closed(
      PspFact.Modification fact, OperationPart own, PaymentPart payment) {
    boolean succeeded = own.status() == OperationStatus.SUCCEEDED;
    return switch (fact.result()) {
      case Approved approved ->
          succeeded ? known(own, payment, approved) : afterFailure(fact, own, payment, approved);
      case Declined declined ->
          succeeded ? undone(own, payment, declined) : failedToo(fact, own, payment);
      case Accepted ignored -> nothing(payment);
      case ActionRequired ignored -> nothing(payment);
      case Unknown ignored -> nothing(payment);
      case NotSent ignored -> nothing(payment);
    };
  }

  /**
   * What lets go in case seldom finds anything. Where the PSP names a payment that it has and could
   * not let go of, a restored database has forgotten that the money was taken: the webhook of that
   * has it given back where it is told again, and a person sees to it that it is.
   */
  private static FactStep notLetGo(
      PspFact.Modification fact, OperationPart own, PaymentPart payment) {
    UUID charge = own.inCase() ? own.chargeId() : null;
    return charge != null && fact.authorizationReference() != null
        ? new Raise(
            charge,
            AnomalyKind.LET_GO_REFUSED,
            "the PSP has " + fact.authorizationReference() + ", and did not let go of it")
        : nothing(payment);
  }

  private static FactStep known(OperationPart own, PaymentPart payment, Approved approved) {
    return own.kind() == OperationKind.CAPTURE && !approved.amount().equals(own.amount())
        ? new Raise(
            own.id(),
            AnomalyKind.CAPTURED_DIFFERS,
            "we have captured " + own.amount() + ", the PSP says " + approved.amount())
        : nothing(payment);
  }

  /** A failure is a capture's last word, as it is a refund's: the money never came. */
  private static FactStep undone(OperationPart own, PaymentPart payment, Declined declined) {
    if (own.kind() == OperationKind.VOID) {
      return new Raise(
          own.id(),
          AnomalyKind.VOID_CONTRADICTED,
          "a hold was let go of, and the PSP says that it was not");
    }
    return payment.status() == PaymentStatus.SUCCEEDED
        ? new ReverseCapture(own, declined.decline())
        : nothing(payment);
  }

  /** Told before its success, that is known to be the older word when it comes. */
  private static FactStep failedToo(
      PspFact.Modification fact, OperationPart own, PaymentPart payment) {
    return own.kind() == OperationKind.CAPTURE && own.pspReference() == null
        ? new NoteFailed(own)
        : notLetGo(fact, own, payment);
  }

  /**
   * It failed here, and the PSP says that it was done. Of a release that is true and the hold gone.
   * A capture may have failed by an answer that named no object of the PSP's, or been closed by a
   * person, who closes none that the PSP has taken in: then the PSP has the last word, and what it
   * did is known by its name for it, as its failure will be. Where this very object has failed, its
   * success is the older word: both are told to a person.
   */
  private static FactStep afterFailure(
      PspFact.Modification fact, OperationPart own, PaymentPart payment, Approved approved) {
    boolean held = payment.status() == PaymentStatus.REQUIRES_CAPTURE && !own.givesBack();
    if (fact.kind() == OperationKind.VOID) {
      return held ? new EndHold(PaymentEvent.VOIDED_AT_PSP, null, null) : nothing(payment);
    }
    return held && own.pspReference() == null && FactRules.fits(approved.amount(), payment)
        ? new EndHold(PaymentEvent.CAPTURED_AT_PSP, approved.amount(), null, fact.reference())
        : new Raise(
            own.id(),
            AnomalyKind.CAPTURE_CONTRADICTED,
            "a capture that has failed was made, the PSP says, of " + approved.amount());
  }

  /** Not asked for by us: as the authorization's own state tells of it at other PSPs. */
  private static FactStep madeAtPsp(
      PspFact.Modification fact, OperationPart charge, PaymentPart payment, Standing now) {
    OperationPart open = now.open();
    OperationPart givingBack = now.givingBack();
    if (fact.kind() == OperationKind.VOID
        && fact.result() instanceof Declined
        && givingBack != null
        && givingBack.inCase()
        && givingBack.status().open()
        && givingBack.pspReference() == null) {
      return new Wait("what lets go of it has no id of the PSP's yet");
    }
    if (fact.result() instanceof Declined declined) {
      return captureUndone(fact, charge, payment, declined);
    }
    if (!(fact.result() instanceof Approved approved)) {
      return nothing(payment);
    }
    if (fact.kind() == OperationKind.VOID && givingBack != null && reverses(charge, givingBack)) {
      return reversedOtherwise(fact, payment, givingBack);
    }
    if (open != null && open.kind() == OperationKind.CAPTURE && fact.kind() == open.kind()) {
      return new Wait("a capture of ours is under way");
    }
    boolean held =
        payment.status() == PaymentStatus.REQUIRES_CAPTURE
            || payment.status() == PaymentStatus.PROCESSING;
    if (fact.kind() == OperationKind.CAPTURE && payment.chargeReversed() && held) {
      // Of the failed one an older word, or another one: a charge is booked once, a person tells.
      return new Raise(
          charge.id(),
          AnomalyKind.CAPTURED_AFTER_REVERSAL,
          "what the charge took has failed, and the PSP says that " + fact.amount() + " was taken");
    }
    if (fact.kind() == OperationKind.CAPTURE && takenBefore(charge, payment)) {
      return new Raise(
          charge.id(),
          AnomalyKind.CAPTURED_AGAIN,
          "we have captured "
              + payment.amount().withMinor(payment.captured())
              + ", the PSP says that "
              + fact.amount()
              + " was taken beside it as "
              + fact.reference());
    }
    FactStep step =
        FactRules.next(
            fact.kind() == OperationKind.CAPTURE
                ? captured(fact, approved)
                : released(fact, approved),
            new Standing(charge, null, payment, open, now.givingBack(), null));
    return step instanceof EndHold end && end.taken() != null
        ? new EndHold(end.event(), end.taken(), end.reason(), fact.reference())
        : step;
  }

  /**
   * Whether it gives back all that a late success took by itself, as the PSP finds it. What was
   * begun before that was kept says it by its amount.
   */
  private static boolean reverses(OperationPart charge, OperationPart givingBack) {
    Boolean reverses = givingBack.reverses();
    return (charge.status() == OperationStatus.FAILED
            || charge.status() == OperationStatus.CANCELED)
        && givingBack.kind() == OperationKind.REFUND
        && (reverses == null ? givingBack.amount().equals(charge.amount()) : reverses);
  }

  /**
   * The PSP was not through with what a late success took, and has let go of it for somebody else:
   * all is given back, as ours would have done it. Ours may have done it as long as it is not
   * refused; then it is the one that counts.
   */
  private static FactStep reversedOtherwise(
      PspFact.Modification fact, PaymentPart payment, OperationPart givingBack) {
    if (!givingBack.status().open()) {
      return nothing(payment);
    }
    return AnomalyKind.GIVE_BACK_REFUSED.wire().equals(givingBack.heldReason())
        ? new Settle(
            givingBack,
            new Approved(fact.reference(), null, givingBack.amount(), true, null, Details.NONE),
            null)
        : new Wait("what gives it back is under way");
  }

  /** Of a hold: then the capture that took it is known by its id, and another one is another. */
  private static boolean takenBefore(OperationPart charge, PaymentPart payment) {
    return payment.captureMethod() == CaptureMethod.MANUAL
        && payment.status() == PaymentStatus.SUCCEEDED
        && charge.status() == OperationStatus.SUCCEEDED
        && charge.id().equals(payment.latestCharge());
  }

  /**
   * A capture that is not known by the PSP's id of it has failed. Where the charge itself took the
   * money, and as much, and the PSP takes back what it had counted as captured, that is what has
   * failed. Otherwise it may be one that was tried at the PSP beside ours, whose money came:
   * nothing is booked, and a person looks. One that was only asked for has changed nothing, unless
   * it can have been the charge's own. Before the charge is done its failure is early and waits.
   */
  private static FactStep captureUndone(
      PspFact.Modification fact, OperationPart charge, PaymentPart payment, Declined declined) {
    boolean byItself = payment.captureMethod() != CaptureMethod.MANUAL && !payment.chargeReversed();
    if (fact.kind() != OperationKind.CAPTURE || !(fact.takenBack() || byItself)) {
      return nothing(payment);
    }
    boolean notDone =
        charge.status().open()
            || charge.status() == OperationStatus.AWAITING_CUSTOMER
            || payment.status() == PaymentStatus.PROCESSING
            || (payment.status() == PaymentStatus.REQUIRES_CAPTURE
                && payment.captureMethod() == CaptureMethod.MANUAL);
    if (notDone) {
      return new Wait("a capture has failed of what is not captured yet");
    }
    boolean standing =
        charge.status() == OperationStatus.SUCCEEDED
            && charge.id().equals(payment.latestCharge())
            && payment.status() == PaymentStatus.SUCCEEDED;
    Money captured = payment.amount().withMinor(payment.captured());
    boolean asMuch = fact.amount().equals(captured);
    if (!standing || !(fact.takenBack() || asMuch)) {
      return nothing(payment);
    }
    return fact.takenBack() && byItself && asMuch
        ? new ReverseCapture(charge, declined.decline())
        : new Raise(
            charge.id(),
            AnomalyKind.UNKNOWN_CAPTURE_FAILED,
            "the PSP says that the capture "
                + fact.reference()
                + " of "
                + fact.amount()
                + (fact.takenBack() ? " has failed" : " was refused")
                + ", which is not known as ours; we have captured "
                + captured);
  }

  private static PspFact captured(PspFact.Modification fact, Approved approved) {
    var of = new Approved(charge(fact), null, approved.amount(), true, null, Details.NONE);
    return new PspFact.Authorization(charge(fact), null, of, of, no(fact, "captured"), false, null);
  }

  private static PspFact released(PspFact.Modification fact, Approved approved) {
    var of = new Approved(charge(fact), null, approved.amount(), false, null, Details.NONE);
    PspResult no = no(fact, "released");
    return new PspFact.Authorization(charge(fact), null, no, no, of, true, null);
  }

  private static PspResult no(PspFact.Modification fact, String state) {
    return new Declined(
        new Decline(DeclineCode.REFUSED_BY_PSP, state, null, null, null),
        charge(fact),
        null,
        Details.NONE);
  }

  /** What is found as a charge's was told with the PSP's id of that. */
  private static String charge(PspFact.Modification fact) {
    return Objects.requireNonNull(fact.authorizationReference(), "it is about a charge");
  }

  private static FactStep nothing(PaymentPart payment) {
    return new Nothing(payment.id());
  }

  /** As the charge was asked to do: its payment may have been changed since it was closed. */
  private static boolean takesAtOnce(OperationPart charge, PaymentPart payment) {
    Boolean asked = charge.takesAtOnce();
    return asked == null ? payment.captureMethod() != CaptureMethod.MANUAL : asked;
  }

  /**
   * An authorization told without a word about its capture. What has succeeded here is known, and
   * what has become of it since this does not tell.
   */
  static FactStep authorized(PspFact.Authorized fact, Standing now) {
    OperationPart charge = now.operation();
    PaymentPart payment = now.payment();
    if (charge == null || payment == null) {
      return FactStep.unmatched(fact.operationKey());
    }
    if (charge.status() == OperationStatus.SUCCEEDED) {
      return fact.result() instanceof Approved approved
              && !approved.amount().equals(charge.amount())
          ? new Raise(
              charge.id(),
              AnomalyKind.AUTHORIZED_DIFFERS,
              "we have authorized " + charge.amount() + ", the PSP says " + approved.amount())
          : nothing(payment);
    }
    PspResult result =
        fact.result() instanceof Approved approved
            ? approved.withCaptured(takesAtOnce(charge, payment))
            : fact.result();
    boolean closed =
        charge.status() == OperationStatus.FAILED || charge.status() == OperationStatus.CANCELED;
    OperationPart givingBack = now.givingBack();
    if (closed && result instanceof Approved approved) {
      if (givingBack == null) {
        // Such a PSP cannot be asked whether a hold still stands: it only repeats its first answer.
        return new GiveBack(charge, approved, false);
      }
      if (givingBack.inCase()) {
        return givingBack.status().open()
            ? new Wait("what lets go of it is under way")
            : SecondSuccess.step(fact.reference(), approved, charge, payment, givingBack)
                .orElseGet(() -> nothing(payment));
      }
    }
    var silent = new Unknown(PspResult.UnknownReason.NOT_FOUND, "not told");
    return FactRules.next(
        new PspFact.Authorization(
            fact.reference(), fact.operationKey(), result, silent, silent, false, null),
        now);
  }
}
