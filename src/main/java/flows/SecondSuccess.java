package flows;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import payments.AnomalyKind;
import payments.OperationStatus;
import psp.PspResult;
import psp.PspResult.Approved;
import store.Standing.OperationPart;
import store.Standing.PaymentPart;

/**
 * Another object under the key of a charge whose success is given back already, as where the PSP
 * has forgotten the key. A charge is booked and given back once, so that of the other one nothing
 * is booked: a person gives it back. Whatever is told of it says nothing of the first one.
 */
final class SecondSuccess {
  private SecondSuccess() {}

  /**
   * The step of what is told of an authorization; empty where that is the one that is given back,
   * or may be.
   *
   * @param reference the PSP's id of it
   * @param result what is told of it
   */
  static Optional<FactStep> step(
      String reference,
      PspResult result,
      OperationPart charge,
      PaymentPart payment,
      OperationPart givingBack) {
    String first = first(charge, givingBack);
    if (first == null || first.equals(reference)) {
      return Optional.empty();
    }
    String about = "as " + reference + " under the same key";
    return Optional.of(
        result instanceof Approved approved
            ? new FactStep.Raise(
                charge.id(),
                AnomalyKind.SECOND_SUCCESS,
                "beside "
                    + first
                    + ", which is given back, the PSP has approved "
                    + approved.amount()
                    + " "
                    + about,
                about)
            : new FactStep.Nothing(payment.id()));
  }

  /**
   * The PSP's id of what is given back. A late success names its charge; what was let go of in case
   * is named by its release, at its end.
   */
  private static @Nullable String first(OperationPart charge, OperationPart givingBack) {
    if (!givingBack.inCase()) {
      return charge.pspReference();
    }
    return givingBack.status() == OperationStatus.SUCCEEDED
        ? givingBack.pspChargeReference()
        : null;
  }
}
