package flows;

import flows.FactStep.MoveDispute;
import flows.FactStep.Nothing;
import flows.FactStep.Odd;
import flows.FactStep.Raise;
import flows.FactStep.Unmatched;
import flows.FactStep.Wait;
import java.util.UUID;
import money.Money;
import org.jspecify.annotations.Nullable;
import payments.AnomalyKind;
import payments.DisputeStatus;
import psp.PspFact;
import store.Standing;
import store.Standing.DisputePart;
import store.Standing.OperationPart;
import store.Standing.PaymentPart;

/** The part of {@link FactRules} that is about disputes. */
final class DisputeRules {
  private DisputeRules() {}

  static FactStep next(PspFact.Dispute fact, Standing now) {
    OperationPart charge = now.charge();
    PaymentPart payment = now.payment();
    if (charge == null || payment == null) {
      return new Unmatched();
    }
    if (FactRules.nothingTaken(charge, payment, now.givingBack())) {
      return new Wait("a dispute of a charge of which nothing is captured yet");
    }
    if (!FactRules.fits(fact.amount(), payment)) {
      return new Odd("a dispute of " + fact.amount() + " for " + payment.amount());
    }
    DisputePart known = now.dispute();
    DisputeStatus told = status(fact.stage());
    boolean suspense = !FactRules.kept(charge, payment);
    if (known == null) {
      return moved(charge.id(), null, told, fact.amount(), suspense);
    }
    if (known.status().decided() && told.decided() && known.status() != told) {
      return new Odd(
          "the dispute is " + known.status().wire() + " and is now told as " + told.wire());
    }
    if (told.compareTo(known.status()) > 0) {
      // What was booked when it opened is what is booked when it ends.
      Money amount = known.status() == DisputeStatus.OPEN ? known.amount() : fact.amount();
      return moved(charge.id(), known, told, amount, suspense);
    }
    boolean bothMoved =
        told.compareTo(DisputeStatus.OPEN) >= 0
            && known.status().compareTo(DisputeStatus.OPEN) >= 0;
    if (bothMoved && !known.amount().equals(fact.amount())) {
      // Which of two amounts is the newer one no snapshot tells, so neither is booked over the
      // other: a person compares them with what the PSP has settled.
      return new Raise(
          charge.id(),
          AnomalyKind.DISPUTE_DIFFERS,
          "we have a dispute of " + known.amount() + ", the PSP says " + fact.amount());
    }
    return new Nothing(payment.id());
  }

  /** One stage at a time: what was won or lost was open before, whether that was told or not. */
  private static MoveDispute moved(
      UUID chargeId,
      @Nullable DisputePart known,
      DisputeStatus told,
      Money amount,
      boolean suspense) {
    DisputeStatus from = known == null ? null : known.status();
    DisputeStatus to = told.decided() && from != DisputeStatus.OPEN ? DisputeStatus.OPEN : told;
    return new MoveDispute(chargeId, known == null ? null : known.id(), from, to, amount, suspense);
  }

  private static DisputeStatus status(PspFact.Dispute.Stage stage) {
    return switch (stage) {
      case INQUIRY -> DisputeStatus.INQUIRY;
      case INQUIRY_CLOSED -> DisputeStatus.INQUIRY_CLOSED;
      case OPEN -> DisputeStatus.OPEN;
      case WON -> DisputeStatus.WON;
      case LOST -> DisputeStatus.LOST;
    };
  }
}
