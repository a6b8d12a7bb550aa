package flows;

import money.Money;
import payments.Refusal;

/**
 * Refuses what cards cannot move: an amount of a three-decimal currency whose last decimal is not
 * zero.
 */
final class WholeAmounts {
  private WholeAmounts() {}

  /**
   * Returns the amount.
   *
   * @param param the parameter to blame
   */
  static Money require(Money amount, String param) {
    if (!amount.isWhole()) {
      throw new Refused(
          Refusal.of(
              Refusal.Code.PARAMETER_INVALID,
              "Amounts in "
                  + amount.currency().code()
                  + " must end in 0: the last of its three decimals is not charged.",
              param));
    }
    return amount;
  }
}
