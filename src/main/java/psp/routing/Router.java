package psp.routing;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which PSP account takes a payment: the merchant's first by priority, among those of the payment's
 * mode.
 */
public final class Router {
  /**
   * A merchant's PSP account.
   *
   * @param priority lower comes first
   */
  public record Account(String merchantId, String accountId, boolean livemode, int priority) {}

  /** An account and why it was chosen, for people to read. */
  public record Choice(String accountId, String reason) {}

  private final List<Account> accounts;

  public Router(List<Account> accounts) {
    this.accounts =
        accounts.stream()
            .sorted(Comparator.comparingInt(Account::priority).thenComparing(Account::accountId))
            .toList();
  }

  /** The account for a payment, or empty where the merchant has none for that mode. */
  public Optional<Choice> choose(String merchantId, boolean livemode) {
    return accounts.stream()
        .filter(account -> account.merchantId.equals(merchantId) && account.livemode == livemode)
        .findFirst()
        .map(account -> new Choice(account.accountId, "first by priority " + account.priority));
  }
}
