package flows;

import java.time.Duration;
import ledger.Transfer;
import org.jspecify.annotations.Nullable;
import payments.AnomalyKind;
import payments.Decline;
import payments.OperationStatus;
import psp.PspResult.Approved;
import psp.PspResult.Details;
import psp.PspResult.Unknown;
import store.Finish.PaymentChange;

/** What a PSP's result means for an operation and its payment. */
sealed interface Meaning {
  /**
   * The operation is closed.
   *
   * @param event its name in the payment's history
   */
  record Closed(
      OperationStatus status,
      String event,
      PaymentChange change,
      @Nullable Transfer transfer,
      @Nullable Decline decline,
      @Nullable String reference,
      @Nullable String chargeReference,
      @Nullable String methodToken,
      Details details)
      implements Meaning {}

  /** It goes on: the customer acts, or the PSP answers later. */
  record Waiting(
      OperationStatus status,
      String event,
      PaymentChange change,
      @Nullable String reference,
      @Nullable String chargeReference,
      Details details)
      implements Meaning {}

  /**
   * Nobody knows yet; recovery looks again.
   *
   * @param notBefore how long the PSP asks us to wait with that; null where it asks for nothing
   * @param expected whether nothing else could come of it: it waits, and nobody was asked
   */
  record Open(String detail, @Nullable Duration notBefore, boolean expected) implements Meaning {
    Open(String detail) {
      this(detail, null, false);
    }
  }

  /** Nobody knows, and asking again tells no more: a webhook or an operator ends it. */
  record Stuck(String detail) implements Meaning {}

  /**
   * The PSP's word does not fit what we asked or what we know: an operator decides.
   *
   * @param looksOn whether recovery goes on looking: the PSP's next word may be one that we know
   * @param notBefore how long the PSP asks us to wait with that; null where it asks for nothing
   * @param said what the PSP says that it did, where it says how much
   */
  record Wrong(
      AnomalyKind anomaly,
      String detail,
      @Nullable String reference,
      boolean looksOn,
      @Nullable Duration notBefore,
      @Nullable Approved said)
      implements Meaning {
    Wrong(AnomalyKind anomaly, String detail, @Nullable String reference) {
      this(anomaly, detail, reference, false, null, null);
    }

    /** Of a word that is not known; the next one may be. */
    Wrong(AnomalyKind anomaly, String detail, Unknown word) {
      this(anomaly, detail, word.reference(), true, word.retryAfter(), null);
    }

    Wrong(AnomalyKind anomaly, String detail, Approved said) {
      this(anomaly, detail, said.reference(), false, null, said);
    }
  }
}
