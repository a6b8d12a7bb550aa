package simulator;

import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * What of the dashboard depends on the provider's dialect: what happens to its payments, whoever's
 * they are. What is not there is a {@link NoSuchElementException}, what cannot be done an {@link
 * IllegalStateException}. Under the bank's lock.
 */
public interface PaymentDesk {
  /** Whether a payment is this provider's. */
  boolean knows(String payment);

  /** The latest charge of a payment. */
  Authorization charge(String payment);

  /**
   * Captures a payment.
   *
   * @param amountMinor null for all of it
   */
  Authorization capture(String payment, @Nullable Long amountMinor);

  /** Cancels a payment that is not captured; its charge is null when there was none. */
  @Nullable Authorization cancel(String payment);

  /** Nobody captured a payment in time. */
  Authorization expire(String payment);

  /** A capture that was said to be good fails after all. */
  Authorization failCapture(String payment);
}
