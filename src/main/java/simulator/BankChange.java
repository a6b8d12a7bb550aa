package simulator;

/** A change of an object at the bank, as told to listeners in the order in which it happened. */
public sealed interface BankChange {
  /** An authorization was made, declined, captured, voided or refunded from. */
  record AuthorizationChanged(Authorization authorization) implements BankChange {}

  /** A refund was made or settled. */
  record RefundChanged(BankRefund refund) implements BankChange {}
}
