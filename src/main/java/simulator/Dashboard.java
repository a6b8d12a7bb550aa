package simulator;

import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import simulator.BankResult.Done;
import simulator.BankResult.Refused;
import simulator.TestCard.RefundBehaviour;

/**
 * What people do at the provider without the merchant's calls, whatever its dialect: the merchant's
 * own staff in the dashboard, cardholders and issuers. Charges may be named by their payment. What
 * is not there is a {@link NoSuchElementException}, what cannot be done an {@link
 * IllegalStateException}. Safe from any thread.
 */
public final class Dashboard {
  private final Bank bank;
  private final Journal journal;
  private final List<PaymentDesk> desks;

  Dashboard(Bank bank, Journal journal, List<PaymentDesk> desks) {
    this.bank = bank;
    this.journal = journal;
    this.desks = List.copyOf(desks);
  }

  /** Refunds all that is left of a charge, at once and for good. */
  public BankRefund refund(String chargeOrPayment) {
    return refund(chargeOrPayment, null, RefundBehaviour.SUCCEED);
  }

  /**
   * Refunds a charge.
   *
   * @param amountMinor null for all that is left
   * @param behaviour how it ends; what is not final ends at the next settlement, or when told to
   */
  public BankRefund refund(
      String chargeOrPayment, @Nullable Long amountMinor, RefundBehaviour behaviour) {
    return step(
        () -> {
          Authorization charge = charge(chargeOrPayment);
          return done(
              bank.refund(
                  new RefundRequest(
                      bank.name(charge.account(), "re_"),
                      charge.account(),
                      charge.id(),
                      amountMinor,
                      "requested_by_customer",
                      null,
                      Map.of(),
                      true,
                      behaviour)));
        });
  }

  /** Ends a pending refund well. */
  public BankRefund succeedRefund(String refund) {
    return step(() -> settle(refund, BankRefund.Status.SUCCEEDED));
  }

  /** A refund, pending or succeeded, fails: the money is the charge's again. */
  public BankRefund failRefund(String refund) {
    return step(() -> settle(refund, BankRefund.Status.FAILED));
  }

  private BankRefund settle(String id, BankRefund.Status outcome) {
    BankRefund refund =
        bank.refund(id).orElseThrow(() -> new NoSuchElementException("no refund " + id));
    return done(bank.settle(refund.account(), id, outcome));
  }

  /**
   * A cardholder disputes a charge: the issuer takes the money back at once.
   *
   * @param amountMinor null for what is left of it
   * @param reason in Stripe's words, such as {@code fraudulent}; at Adyen, its scheme's code will
   *     do
   */
  public BankDispute dispute(String chargeOrPayment, @Nullable Long amountMinor, String reason) {
    return open(chargeOrPayment, amountMinor, new DisputeDesk.Opening(reason, false));
  }

  /** An issuer asks about a charge, and takes nothing yet. */
  public BankDispute inquire(String chargeOrPayment, @Nullable Long amountMinor, String reason) {
    return open(chargeOrPayment, amountMinor, new DisputeDesk.Opening(reason, true));
  }

  private BankDispute open(
      String chargeOrPayment, @Nullable Long amountMinor, DisputeDesk.Opening opening) {
    return step(
        () -> {
          Authorization charge = charge(chargeOrPayment);
          return done(bank.disputes().open(charge.account(), charge.id(), amountMinor, opening));
        });
  }

  /** An inquiry becomes a chargeback. */
  public BankDispute escalate(String dispute) {
    return step(() -> done(bank.disputes().escalate(require(dispute).account(), dispute)));
  }

  /** The merchant sent evidence; the issuer looks at it. */
  public BankDispute review(String dispute) {
    return step(() -> done(bank.disputes().answer(require(dispute).account(), dispute)));
  }

  /** The issuer gives the money back. */
  public BankDispute winDispute(String dispute) {
    return close(dispute, BankDispute.Status.WON);
  }

  /** The issuer keeps the money. */
  public BankDispute loseDispute(String dispute) {
    return close(dispute, BankDispute.Status.LOST);
  }

  /** An inquiry ends without a chargeback. */
  public BankDispute closeInquiry(String dispute) {
    return close(dispute, BankDispute.Status.WARNING_CLOSED);
  }

  private BankDispute close(String dispute, BankDispute.Status outcome) {
    return step(() -> done(bank.disputes().close(require(dispute).account(), dispute, outcome)));
  }

  private BankDispute require(String id) {
    return bank.disputes()
        .find(id)
        .orElseThrow(() -> new NoSuchElementException("no dispute " + id));
  }

  /** The issuer takes the money of a dispute that the merchant won again, for good. */
  public BankDispute chargeBackAgain(String dispute) {
    return step(() -> done(bank.disputes().chargeBackAgain(require(dispute).account(), dispute)));
  }

  /**
   * Captures a payment.
   *
   * @param amountMinor null for all of it
   */
  public Authorization capture(String payment, @Nullable Long amountMinor) {
    return step(() -> deskOf(payment).capture(payment, amountMinor));
  }

  /** Cancels a payment that is not captured; its charge is null when there was none. */
  public @Nullable Authorization cancel(String payment) {
    return step(() -> deskOf(payment).cancel(payment));
  }

  /** Nobody captured a payment in time. */
  public Authorization expire(String payment) {
    return step(() -> deskOf(payment).expire(payment));
  }

  /** A capture that was said to be good fails after all, as some do at Adyen. */
  public Authorization failCapture(String payment) {
    return step(() -> deskOf(payment).failCapture(payment));
  }

  private PaymentDesk deskOf(String payment) {
    return desks.stream()
        .filter(desk -> desk.knows(payment))
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException("no payment " + payment));
  }

  /** A charge by its own id, or the latest one of a payment. */
  private Authorization charge(String chargeOrPayment) {
    return bank.authorization(chargeOrPayment)
        .orElseGet(() -> deskOf(chargeOrPayment).charge(chargeOrPayment));
  }

  private static <T> T done(BankResult<T> result) {
    return switch (result) {
      case Done<T> done -> done.value();
      case Refused<T> no ->
          throw new IllegalStateException("the bank does not do that: " + no.reason());
    };
  }

  private <T extends @Nullable Object> T step(Supplier<T> what) {
    T result = bank.exclusively(what);
    journal.flush();
    return result;
  }
}
