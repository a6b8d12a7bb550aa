package simulator;

import org.jspecify.annotations.Nullable;

/**
 * A change of an object at the bank, as told to listeners in the order in which it happened.
 *
 * <p>Each says what the object was before; null for a new one.
 */
public sealed interface BankChange {
  /** Whose it is. */
  default String account() {
    return switch (this) {
      case AuthorizationChanged charge -> charge.authorization().account();
      case RefundChanged refund -> refund.refund().account();
      case DisputeChanged dispute -> dispute.dispute().account();
    };
  }

  /** An authorization was made, declined, captured, released, refunded from or charged back. */
  record AuthorizationChanged(@Nullable Authorization before, Authorization authorization)
      implements BankChange {}

  /** A refund was made, settled or described. */
  record RefundChanged(@Nullable BankRefund before, BankRefund refund) implements BankChange {}

  /** A dispute was opened, answered, escalated or closed. */
  record DisputeChanged(@Nullable BankDispute before, BankDispute dispute) implements BankChange {}
}
