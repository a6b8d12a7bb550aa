package ledger;

import java.util.UUID;
import money.Money;

/**
 * One row of the ledger: an amount leaves the credit account and arrives on the debit account, so
 * every row is balanced by construction. Never changed; a correction is another transfer.
 *
 * @param amount positive
 */
public record Transfer(
    UUID id, String debit, String credit, Money amount, UUID operationId, PostingRule rule) {
  public Transfer {
    if (!amount.isPositive()) {
      throw new IllegalArgumentException("a transfer moves a positive amount, not " + amount);
    }
    if (debit.equals(credit)) {
      throw new IllegalArgumentException("a transfer needs two accounts, not twice " + debit);
    }
  }
}
