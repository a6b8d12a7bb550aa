package ledger;

import java.util.UUID;
import money.Money;

/**
 * The posting rules, all of them: which two accounts each money fact moves money between. One
 * transfer per operation and rule, which the database holds unique, so a fact reported twice is
 * booked once.
 */
public enum PostingRule {
  /** A PSP took money for a merchant: the PSP owes it to us, we owe it to the merchant. */
  CAPTURE("capture", AccountType.PSP_RECEIVABLE, AccountType.MERCHANT_PAYABLE),
  /** A capture that had succeeded failed after all: the PSP has nothing to owe us for it. */
  CAPTURE_REVERSED("capture_reversed", AccountType.MERCHANT_PAYABLE, AccountType.PSP_RECEIVABLE),
  /** A PSP gave money back to the customer. */
  REFUND("refund", AccountType.MERCHANT_PAYABLE, AccountType.PSP_RECEIVABLE),
  /** A PSP took money that no payment may keep: it waits in suspense until it is given back. */
  LATE_CAPTURE("late_capture", AccountType.PSP_RECEIVABLE, AccountType.SUSPENSE),
  /** Money in suspense went back to the customer. */
  SUSPENSE_RETURNED("suspense_returned", AccountType.SUSPENSE, AccountType.PSP_RECEIVABLE),
  /** A refund that had succeeded failed after all: the PSP has the money again. */
  REFUND_REVERSED("refund_reversed", AccountType.PSP_RECEIVABLE, AccountType.MERCHANT_PAYABLE),
  /** What was given back from suspense came back: it waits there again. */
  SUSPENSE_RETURN_REVERSED(
      "suspense_return_reversed", AccountType.PSP_RECEIVABLE, AccountType.SUSPENSE),
  /** A PSP took disputed money from us: until the dispute is over nobody has lost it. */
  DISPUTE_OPENED("dispute_opened", AccountType.DISPUTE_RESERVE, AccountType.PSP_RECEIVABLE),
  /** The dispute was won: the PSP owes us the money again. */
  DISPUTE_WON("dispute_won", AccountType.PSP_RECEIVABLE, AccountType.DISPUTE_RESERVE),
  /** The dispute was lost, which is the merchant's loss as a refund is. */
  DISPUTE_LOST("dispute_lost", AccountType.MERCHANT_PAYABLE, AccountType.DISPUTE_RESERVE),
  /** A dispute about a late success was lost: the customer has the money, as it was to be. */
  SUSPENSE_DISPUTE_LOST("suspense_dispute_lost", AccountType.SUSPENSE, AccountType.DISPUTE_RESERVE);

  private final String wire;
  private final AccountType debit;
  private final AccountType credit;

  PostingRule(String wire, AccountType debit, AccountType credit) {
    this.wire = wire;
    this.debit = debit;
    this.credit = credit;
  }

  public String wire() {
    return wire;
  }

  /**
   * The transfer this rule books.
   *
   * @param amount what moved; must be positive
   * @param operationId the operation that moved it
   */
  public Transfer transfer(UUID transferId, UUID operationId, String pspAccountId, Money amount) {
    return new Transfer(
        transferId,
        debit.account(pspAccountId),
        credit.account(pspAccountId),
        amount,
        operationId,
        this);
  }

  /** The kinds of account, per merchant and currency; those of a PSP also per PSP account. */
  public enum AccountType {
    PSP_RECEIVABLE("psp_receivable", true),
    SUSPENSE("suspense", true),
    MERCHANT_PAYABLE("merchant_payable", false),
    DISPUTE_RESERVE("dispute_reserve", false);

    private final String wire;
    private final boolean perPspAccount;

    AccountType(String wire, boolean perPspAccount) {
      this.wire = wire;
      this.perPspAccount = perPspAccount;
    }

    /** The account's name, as in {@code psp_receivable:stripe_demo}. */
    public String account(String pspAccountId) {
      return perPspAccount ? wire + ":" + pspAccountId : wire;
    }
  }
}
