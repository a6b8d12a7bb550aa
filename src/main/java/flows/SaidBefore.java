package flows;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;
import payments.Operation;
import psp.PspResult;
import psp.PspResult.Approved;
import psp.PspResult.Details;
import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;
import store.OperationLog.Said;

/**
 * What a PSP said that it did, where that was not what was asked and the operation is held for it.
 * A PSP need not say it twice: once its success can only come too late, what it said before is what
 * is to be given back.
 */
final class SaidBefore {
  private final Services services;
  private final SettleOperation settling;

  SaidBefore(Services services, SettleOperation settling) {
    this.services = services;
    this.settling = settling;
  }

  /** It as it is kept with the operation. */
  static @Nullable Said kept(@Nullable Approved approved) {
    return approved == null
        ? null
        : new Said(
            approved.reference(),
            approved.chargeReference(),
            approved.amount(),
            approved.captured());
  }

  /**
   * The result, or what was said before where the PSP tells nothing any more. That it was not
   * reached, or is not done with it, is no silence of that sort.
   */
  Future<PspResult> or(Operation operation, PspResult result) {
    boolean silent =
        result instanceof Unknown unknown && unknown.reason() == UnknownReason.NOT_FOUND;
    return silent && settling.isLate(operation)
        ? services
            .log()
            .said(operation)
            .map(said -> said.<PspResult>map(SaidBefore::approved).orElse(result))
        : Future.succeededFuture(result);
  }

  private static Approved approved(Said said) {
    return new Approved(
        said.reference(),
        said.chargeReference(),
        said.amount(),
        said.captured(),
        null,
        Details.NONE);
  }
}
