package simulator.adyen;

import java.net.URI;
import java.util.Optional;
import java.util.function.Supplier;
import simulator.Bank;
import simulator.Journal;

/**
 * What tests and people control of the simulated Adyen, beside faults and the dashboard. A reset
 * sets everything back to the beginning. Safe from any thread.
 */
public final class AdyenControls {
  private final Bank bank;
  private final Journal journal;
  private final AdyenWorld world;
  private final Payments payments;
  private final Modifications modifications;
  private final ChallengePage challenges;

  AdyenControls(
      Journal journal,
      AdyenWorld world,
      Payments payments,
      Modifications modifications,
      ChallengePage challenges) {
    this.bank = world.bank();
    this.journal = journal;
    this.world = world;
    this.payments = payments;
    this.modifications = modifications;
    this.challenges = challenges;
  }

  /** When captures, cancels and refunds that were received are carried out. */
  public enum CarriedOut {
    /** As they come in, which is the beginning. */
    AT_ONCE,
    /** At the next settlement: money moves, and the webhook is sent, only then. */
    AT_SETTLEMENT
  }

  /** Says when modifications are carried out; those already received keep waiting. */
  public void modifications(CarriedOut when) {
    step(
        () -> {
          modifications.atOnce(when == CarriedOut.AT_ONCE);
          return true;
        });
  }

  /**
   * Says when payments are captured that Adyen captures by itself; those that wait keep waiting. No
   * webhook tells of it.
   */
  public void automaticCaptures(CarriedOut when) {
    step(
        () -> {
          payments.captureWaits(when == CarriedOut.AT_SETTLEMENT);
          return true;
        });
  }

  /** What {@code /payments/details} answers of a payment that ends with it. */
  public enum DetailsAnswers {
    /** All of it, under the reference that the redirect had, which is the beginning. */
    WHOLE,
    /**
     * As in Adyen's published example: the payment has another reference from then on, and what the
     * schema leaves optional, the merchant's reference and the amount, is left out.
     */
    BARE
  }

  /** Says what details are answered with. */
  public void detailsAnswers(DetailsAnswers answers) {
    step(
        () -> {
          payments.bareDetails(answers == DetailsAnswers.BARE);
          return true;
        });
  }

  /** When payments are captured whose request does not say. */
  public enum UsualCapture {
    /** With the authorisation, which is the beginning, and Adyen's usual way. */
    AT_ONCE,
    /** When asked for. */
    MANUAL
  }

  /** The setting of the merchant accounts that captures payments whose request does not say. */
  public void usualCapture(UsualCapture usual) {
    step(
        () -> {
          payments.usuallyCapturedAtOnce(usual == UsualCapture.AT_ONCE);
          return true;
        });
  }

  /**
   * How many items an account's notifications have, 1 at the beginning. Items that wait for others
   * go at the next settlement at the latest.
   */
  public void itemsPerNotification(int items) {
    step(
        () -> {
          world.events().itemsPerNotification(items);
          return true;
        });
  }

  /** Sends the items that wait for others; how many that are. */
  public int sendHeldItems() {
    return step(() -> world.events().release());
  }

  /**
   * Answers an issuer's challenge in the shopper's place.
   *
   * @param payment by its reference at Adyen, by the merchant's, or by the page's address
   * @return where the browser is sent to: the return URL with its {@code redirectResult}; empty
   *     when the payment waits for no answer
   */
  public Optional<URI> completeChallenge(String payment, boolean passed) {
    return step(() -> challenges.complete(payment, passed));
  }

  private <T> T step(Supplier<T> what) {
    T result = bank.exclusively(what);
    journal.flush();
    return result;
  }
}
