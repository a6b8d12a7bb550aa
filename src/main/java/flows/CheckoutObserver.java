package flows;

import java.time.Duration;
import payments.OperationStatus;

/** Hears of every checkout that was sent to a PSP, for metrics. */
public interface CheckoutObserver {
  CheckoutObserver NONE = (total, psp, status) -> {};

  /**
   * A checkout has its answer.
   *
   * @param total from the command to the stored answer
   * @param psp the part of it spent waiting for the PSP
   * @param status where its operation stands
   */
  void checkout(Duration total, Duration psp, OperationStatus status);

  /**
   * A checkout goes on at another account.
   *
   * @param from the PSP account that charged nothing
   * @param to the one that is asked next
   * @param declined whether the first said no, else it could not be reached
   */
  default void failedOver(String from, String to, boolean declined) {}
}
