package flows;

import payments.AnomalyKind;
import psp.PspFact;
import psp.PspResult;
import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;
import store.Standing;
import store.Standing.OperationPart;

/** A PSP's word for how something stands that nobody knows here. */
final class UnknownWord {
  private UnknownWord() {}

  /** What people read of it. */
  static String of(Unknown unknown) {
    return "the PSP says "
        + unknown.detail()
        + (unknown.reference() == null ? "" : " of " + unknown.reference())
        + ", which is not known";
  }

  /** The step of a fact; where it says such a word, which moves nothing, a person is told of it. */
  static FactStep unlessSaid(FactStep step, PspFact fact, Standing now) {
    PspResult result =
        switch (fact) {
          case PspFact.Authorization authorization -> authorization.asAuthorize();
          case PspFact.Authorized authorized -> authorized.result();
          case PspFact.Modification modification -> modification.result();
          case PspFact.Refund refund -> refund.result();
          case PspFact.Dispute ignored -> null;
          case PspFact.Irrelevant ignored -> null;
          case PspFact.Unreadable ignored -> null;
        };
    OperationPart about = now.operation() == null ? now.charge() : now.operation();
    return step instanceof FactStep.Nothing
            && about != null
            && result instanceof Unknown unknown
            && unknown.reason() == UnknownReason.UNKNOWN_STATUS
        ? new FactStep.Raise(about.id(), AnomalyKind.UNKNOWN_STATUS, of(unknown))
        : step;
  }
}
