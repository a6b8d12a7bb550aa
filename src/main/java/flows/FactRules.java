package flows;

import flows.FactStep.AddRefund;
import flows.FactStep.Ask;
import flows.FactStep.EndHold;
import flows.FactStep.GiveBack;
import flows.FactStep.NoteFailed;
import flows.FactStep.Nothing;
import flows.FactStep.Odd;
import flows.FactStep.Raise;
import flows.FactStep.ReverseRefund;
import flows.FactStep.ReviveRefund;
import flows.FactStep.Settle;
import flows.FactStep.TakenLate;
import flows.FactStep.Wait;
import java.util.Optional;
import money.Money;
import org.jspecify.annotations.Nullable;
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

/**
 * What a PSP's word means, given how matters stand: pure, and the only place that decides it.
 *
 * <p>Facts come in any order and any number of times, and must end in the same state. They do
 * because a PSP's objects only ever move on: of every fact it is asked whether our state is already
 * past it (then it is stale, and nothing is done) or before it (then we move on, through the stages
 * between, each with its own entry in the books). What a PSP may still take back is not given back
 * on a snapshot's word: there it is asked.
 */
final class FactRules {
  private FactRules() {}

  static FactStep next(PspFact fact, Standing now) {
    return UnknownWord.unlessSaid(of(fact, now), fact, now);
  }

  private static FactStep of(PspFact fact, Standing now) {
    return switch (fact) {
      case PspFact.Authorization authorization -> authorization(authorization, now);
      case PspFact.Authorized authorized -> ModificationRules.authorized(authorized, now);
      case PspFact.Modification modification -> ModificationRules.next(modification, now);
      case PspFact.Refund refund -> refund(refund, now);
      case PspFact.Dispute dispute -> DisputeRules.next(dispute, now);
      case PspFact.Irrelevant ignored -> throw new IllegalArgumentException("says nothing");
      case PspFact.Unreadable ignored -> throw new IllegalArgumentException("says nothing");
    };
  }

  // ---- authorizations

  private static FactStep authorization(PspFact.Authorization fact, Standing now) {
    OperationPart charge = now.operation();
    PaymentPart payment = now.payment();
    if (charge == null || payment == null) {
      return FactStep.unmatched(fact.operationKey());
    }
    return switch (charge.status()) {
      case PENDING, UNKNOWN, ACCEPTED -> openCharge(fact, charge, payment);
      case AWAITING_CUSTOMER -> challenge(fact, charge, payment, now.open());
      case SUCCEEDED -> standingCharge(fact, charge, payment, now);
      case FAILED, CANCELED -> closedCharge(fact, charge, payment, now.givingBack());
    };
  }

  /**
   * The answer is outstanding. A decline is final here: the authorization was confirmed once, by
   * us, under a key by which a repeat gets the same answer, and nobody else can confirm it, since
   * only a challenge gives the customer an address at the PSP. So no attempt that is under way, the
   * second or the fifth, may yet charge. That the operation is still in the stage and the attempt
   * it was read in is guarded by the write.
   *
   * <p>What has ended may have been held before or declined, which its end does not tell: the PSP
   * is asked.
   */
  private static FactStep openCharge(
      PspFact.Authorization fact, OperationPart charge, PaymentPart payment) {
    return switch (fact.asAuthorize()) {
      case Approved approved -> settled(charge, payment, approved);
      case Declined declined ->
          fact.ended() ? new Ask(charge, fact.reference()) : new Settle(charge, declined, null);
      case ActionRequired action -> new Settle(charge, action, null);
      case Accepted accepted ->
          charge.status() == OperationStatus.ACCEPTED
              ? new Nothing(payment.id())
              : new Settle(charge, accepted, null);
      case Unknown ignored -> new Nothing(payment.id());
      case NotSent ignored -> new Nothing(payment.id());
    };
  }

  /** What was taken of a payment that is captured by hand was held before, as it was asked for. */
  static Settle settled(OperationPart charge, PaymentPart payment, Approved approved) {
    boolean heldBefore =
        payment.captureMethod() == CaptureMethod.MANUAL
            && approved.captured()
            && approved.amount().currency().equals(charge.amount().currency())
            && approved.amount().minor() <= charge.amount().minor();
    return new Settle(
        charge,
        approved,
        heldBefore
            ? new Approved(
                approved.reference(),
                approved.chargeReference(),
                charge.amount(),
                false,
                approved.methodToken(),
                approved.details())
            : null);
  }

  /**
   * The PSP was asked about a charge, and it has come to nothing. Where the network had approved a
   * hold, it stood until it was let go of: it is held first, as if that had been told in time, and
   * ends by the word about its end.
   */
  static Settle declined(OperationPart charge, PaymentPart payment, Declined declined) {
    String reference = declined.reference();
    boolean stood =
        payment.captureMethod() == CaptureMethod.MANUAL && declined.details().outcome().approved();
    return new Settle(
        charge,
        declined,
        stood && reference != null
            ? new Approved(
                reference,
                declined.chargeReference(),
                charge.amount(),
                false,
                null,
                declined.details())
            : null);
  }

  /**
   * The customer is at the PSP. They may fail there and try again, so that a failure may be of the
   * past and the next try succeed, or have succeeded: the PSP is asked how it stands now. Should it
   * succeed after all, once we have believed a failure, that is a late success and given back.
   */
  private static FactStep challenge(
      PspFact.Authorization fact,
      OperationPart charge,
      PaymentPart payment,
      @Nullable OperationPart open) {
    if (open != null && open.kind() == OperationKind.COMPLETE_AUTHENTICATION) {
      return completion(fact, open, payment);
    }
    if (open != null) {
      // A cancel is under way: it comes first. What becomes of it says what a success is worth.
      return openStep(fact, open)
          .orElseGet(
              () ->
                  fact.asAuthorize() instanceof Approved
                      ? new Wait("a cancel of the payment is under way")
                      : new Nothing(payment.id()));
    }
    return switch (fact.asAuthorize()) {
      case Approved approved -> settled(charge, payment, approved);
      case Declined ignored -> new Ask(charge, fact.reference());
      case ActionRequired ignored -> new Nothing(payment.id());
      case Accepted ignored -> new Nothing(payment.id());
      case Unknown ignored -> new Nothing(payment.id());
      case NotSent ignored -> new Nothing(payment.id());
    };
  }

  /**
   * The customer has come back and the PSP has been told, or is being told: its word about the
   * authorization is the answer to that. Where the details themselves were refused it says nothing
   * of the authorization, so that a decline is one of the authorization, and final.
   */
  private static FactStep completion(
      PspFact.Authorization fact, OperationPart open, PaymentPart payment) {
    return switch (fact.asAuthorize()) {
      case Approved approved -> settled(open, payment, approved);
      case Declined declined ->
          new Settle(
              open,
              new Declined(
                  declined.decline(),
                  fact.reference(),
                  declined.chargeReference(),
                  declined.details()),
              null);
      case Accepted accepted ->
          open.status() == OperationStatus.ACCEPTED
              ? new Nothing(payment.id())
              : new Settle(open, accepted, null);
      case ActionRequired ignored -> new Nothing(payment.id());
      case Unknown ignored -> new Nothing(payment.id());
      case NotSent ignored -> new Nothing(payment.id());
    };
  }

  /** What it says of an open capture or void, where that is something. */
  private static Optional<FactStep> openStep(PspFact.Authorization fact, OperationPart open) {
    PspResult result = open.kind() == OperationKind.CAPTURE ? fact.asCapture() : fact.asVoid();
    return switch (result) {
      case Approved approved ->
          Optional.of(new Settle(open, anotherCapture(open, approved).orElse(result), null));
      // Definite: taken and let go are both for ever, so neither can follow the other any more.
      case Declined declined -> Optional.of(new Settle(open, declined, null));
      case Accepted accepted ->
          open.status() == OperationStatus.ACCEPTED
              ? Optional.empty()
              : Optional.of(new Settle(open, accepted, null));
      case ActionRequired ignored -> Optional.empty();
      case Unknown ignored -> Optional.empty();
      case NotSent ignored -> Optional.empty();
    };
  }

  /**
   * A capture of another amount than ours is not ours, as from the dashboard, and final: a hold is
   * taken once, so ours has failed. Empty where it is ours, or no capture that can be.
   */
  private static Optional<PspResult> anotherCapture(OperationPart open, Approved approved) {
    boolean another =
        open.kind() == OperationKind.CAPTURE
            && approved.captured()
            && approved.amount().isPositive()
            && approved.amount().currency().equals(open.amount().currency())
            && !approved.amount().equals(open.amount());
    return another
        ? Optional.of(
            new Declined(
                new Decline(
                    DeclineCode.REFUSED_BY_PSP,
                    "captured_at_psp",
                    "asked for " + open.amount() + ", captured at the PSP: " + approved.amount(),
                    null,
                    null),
                approved.reference(),
                approved.chargeReference(),
                Details.NONE))
        : Optional.empty();
  }

  /** The PSP has approved it, as we know; what has become of it since? */
  private static FactStep standingCharge(
      PspFact.Authorization fact, OperationPart charge, PaymentPart payment, Standing now) {
    if (!charge.id().equals(payment.latestCharge())) {
      return new Odd("its operation succeeded and is not the payment's charge");
    }
    if (now.open() != null) {
      return openStep(fact, now.open()).orElseGet(() -> duringOurs(fact, payment));
    }
    return switch (payment.status()) {
      case REQUIRES_CAPTURE -> hold(fact, payment);
      case SUCCEEDED -> taken(fact, charge, payment);
      case CANCELED ->
          fact.asCapture() instanceof Approved approved && now.givingBack() == null
              ? new GiveBack(charge, approved, false)
              : new Nothing(payment.id());
      case PROCESSING -> new Wait("the payment is processing");
      case REQUIRES_PAYMENT_METHOD, REQUIRES_CONFIRMATION, REQUIRES_ACTION ->
          new Odd("its operation succeeded and the payment is " + payment.status().wire());
    };
  }

  /**
   * Of our capture or void, which is under way, it tells nothing. That the hold has ended is for
   * ever and told once: it has to be known still when that has ended.
   */
  private static FactStep duringOurs(PspFact.Authorization fact, PaymentPart payment) {
    return fact.ended()
        ? new Wait("what became of the operation that is open is not told yet")
        : new Nothing(payment.id());
  }

  /** That it is still held is what we know, or what was; taken and ended are for ever. */
  private static FactStep hold(PspFact.Authorization fact, PaymentPart payment) {
    if (fact.asCapture() instanceof Approved approved) {
      return fits(approved.amount(), payment)
          ? new EndHold(PaymentEvent.CAPTURED_AT_PSP, approved.amount(), null)
          : new Odd("a capture of " + approved.amount() + " for " + payment.amount());
    }
    if (fact.ended()) {
      boolean expired = "automatic".equals(fact.endReason()) || "expired".equals(fact.endReason());
      PaymentEvent event = expired ? PaymentEvent.EXPIRED : PaymentEvent.VOIDED_AT_PSP;
      return new EndHold(event, null, fact.endReason());
    }
    return new Nothing(payment.id());
  }

  private static FactStep taken(
      PspFact.Authorization fact, OperationPart charge, PaymentPart payment) {
    Money captured = payment.amount().withMinor(payment.captured());
    if (fact.asCapture() instanceof Approved approved && !approved.amount().equals(captured)) {
      return new Raise(
          charge.id(),
          AnomalyKind.CAPTURED_DIFFERS,
          "we have captured " + captured + ", the PSP says " + approved.amount());
    }
    // What a partial capture left of a hold runs out, and nothing is to be said of that.
    boolean restExpired =
        "expired".equals(fact.endReason()) && payment.captured() < payment.amount().minor();
    return fact.ended() && !restExpired
        ? new Raise(
            charge.id(),
            AnomalyKind.ENDED_AFTER_CAPTURE,
            "we have captured " + captured + ", the PSP says that it was let go of")
        : new Nothing(payment.id());
  }

  /**
   * We have closed it without a success. A hold may have been let go of since it was told, perhaps
   * by the very end that closed the operation here: the PSP is asked whether it still stands. What
   * was taken stays taken.
   */
  private static FactStep closedCharge(
      PspFact.Authorization fact,
      OperationPart charge,
      PaymentPart payment,
      @Nullable OperationPart givingBack) {
    if (givingBack != null) {
      Optional<FactStep> second =
          SecondSuccess.step(fact.reference(), fact.asAuthorize(), charge, payment, givingBack);
      if (second.isPresent()) {
        return second.get();
      }
      if (givingBack.kind() == OperationKind.VOID
          && fact.asAuthorize() instanceof Approved approved
          && approved.captured()) {
        return new TakenLate(charge, approved, givingBack);
      }
      // Booked already. What lets go of the hold is told by the same object.
      boolean lettingGo = givingBack.kind() == OperationKind.VOID && givingBack.status().open();
      FactStep otherwise =
          givingBack.inCase() && lettingGo && fact.asAuthorize() instanceof Approved
              ? new Wait("what lets go of it is under way")
              : new Nothing(payment.id());
      return lettingGo ? openStep(fact, givingBack).orElse(otherwise) : otherwise;
    }
    return fact.asAuthorize() instanceof Approved approved
        ? new GiveBack(charge, approved, !approved.captured())
        : new Nothing(payment.id());
  }

  // ---- refunds

  private static FactStep refund(PspFact.Refund fact, Standing now) {
    PaymentPart payment = now.payment();
    OperationPart refund = now.operation();
    if (refund != null && payment != null) {
      return refund.status().open()
          ? openRefund(fact, refund, payment)
          : closedRefund(fact, refund, payment);
    }
    OperationPart charge = now.charge();
    if (fact.operationKey() != null || charge == null || payment == null) {
      return FactStep.unmatched(fact.operationKey(), fact.authorizationKey());
    }
    return addedRefund(fact, charge, payment, now.givingBack());
  }

  /**
   * A failure is a refund's last word at any PSP, so that it closes the operation although the
   * refund may have counted as succeeded in between; a success that is told afterwards is stale.
   */
  private static FactStep openRefund(
      PspFact.Refund fact, OperationPart refund, PaymentPart payment) {
    return switch (fact.result()) {
      case Approved approved -> new Settle(refund, approved, null);
      case Declined declined -> new Settle(refund, declined, null);
      case Accepted accepted ->
          refund.status() == OperationStatus.ACCEPTED
              ? new Nothing(payment.id())
              : new Settle(refund, accepted, null);
      case ActionRequired ignored -> new Nothing(payment.id());
      case Unknown ignored -> new Nothing(payment.id());
      case NotSent ignored -> new Nothing(payment.id());
    };
  }

  /**
   * A success becomes a failure, never the other way round: where this very object has failed, the
   * success is older. Only where it failed here by an answer that named no object (a refusal) and
   * the PSP shows one all the same has the PSP the last word: money moved.
   */
  private static FactStep closedRefund(
      PspFact.Refund fact, OperationPart refund, PaymentPart payment) {
    if (refund.status() == OperationStatus.SUCCEEDED) {
      if (fact.result() instanceof Declined declined) {
        return new ReverseRefund(refund, declined.decline());
      }
      return fact.result() instanceof Approved && !fact.amount().equals(refund.amount())
          ? new Raise(
              refund.id(),
              AnomalyKind.REFUND_DIFFERS,
              "we have refunded " + refund.amount() + ", the PSP says " + fact.amount())
          : new Nothing(payment.id());
    }
    if (refund.status() != OperationStatus.FAILED || refund.pspReference() != null) {
      return new Nothing(payment.id());
    }
    return switch (fact.result()) {
      case Approved ignored -> revived(fact, refund, OperationStatus.SUCCEEDED);
      case Accepted ignored -> revived(fact, refund, OperationStatus.ACCEPTED);
      case Declined ignored -> new NoteFailed(refund);
      case ActionRequired ignored -> new Nothing(payment.id());
      case Unknown ignored -> new Nothing(payment.id());
      case NotSent ignored -> new Nothing(payment.id());
    };
  }

  private static FactStep revived(PspFact.Refund fact, OperationPart refund, OperationStatus to) {
    return fact.amount().equals(refund.amount())
        ? new ReviveRefund(refund, to)
        : new Odd("asked for " + refund.amount() + ", the PSP refunds " + fact.amount());
  }

  /**
   * Made at the PSP, as in its dashboard. What it gives back must be known first: the charge and
   * what was captured of it, or the late success. In another order the same would follow, but for
   * an anomaly that says that nothing had been captured.
   */
  private static FactStep addedRefund(
      PspFact.Refund fact,
      OperationPart charge,
      PaymentPart payment,
      @Nullable OperationPart givingBack) {
    boolean kept = kept(charge, payment);
    if (nothingTaken(charge, payment, givingBack)) {
      // PSPs show the release of a hold as a refund, too: no money moved.
      boolean released =
          givingBack == null
              ? charge.status() == OperationStatus.SUCCEEDED
                  && payment.status() == PaymentStatus.CANCELED
              : givingBack.status() == OperationStatus.SUCCEEDED;
      return released
          ? new Nothing(payment.id())
          : new Wait("a refund of a charge of which nothing is captured yet");
    }
    if (!fits(fact.amount(), payment)) {
      return new Odd("a refund of " + fact.amount() + " for " + payment.amount());
    }
    return switch (fact.result()) {
      case Approved ignored -> new AddRefund(charge.id(), OperationStatus.SUCCEEDED, !kept, null);
      case Accepted ignored -> new AddRefund(charge.id(), OperationStatus.ACCEPTED, !kept, null);
      case Declined declined ->
          new AddRefund(charge.id(), OperationStatus.FAILED, !kept, declined.decline());
      case ActionRequired ignored -> new Nothing(payment.id());
      case Unknown ignored -> new Nothing(payment.id());
      case NotSent ignored -> new Nothing(payment.id());
    };
  }

  /** Whether what the charge took is its payment's, and not a late success in suspense. */
  static boolean kept(OperationPart charge, PaymentPart payment) {
    return charge.status() == OperationStatus.SUCCEEDED
        && payment.status() != PaymentStatus.CANCELED;
  }

  /** Whether we know of no money that the charge took: a late hold is only let go of. */
  static boolean nothingTaken(
      OperationPart charge, PaymentPart payment, @Nullable OperationPart givingBack) {
    return kept(charge, payment)
        ? payment.captured() == 0
        : givingBack == null || givingBack.kind() == OperationKind.VOID;
  }

  static boolean fits(Money amount, PaymentPart payment) {
    return amount.isPositive() && amount.currency().equals(payment.amount().currency());
  }
}
