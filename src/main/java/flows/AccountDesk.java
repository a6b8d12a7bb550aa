package flows;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import payments.ForcedBreaker;
import payments.OperationKind;
import payments.OperatorOutcome;
import payments.OperatorRequest;
import store.ForcedBreakers;
import store.OperatorActions;

/** The PSP accounts as operators see them, and keeping their breakers open in an incident. */
public final class AccountDesk {
  private final Supplier<List<Account>> accounts;
  private final ForcedBreakers forced;
  private final OperatorActions actions;

  /**
   * The desk.
   *
   * @param accounts how all accounts are on this node at the moment
   */
  public AccountDesk(
      Supplier<List<Account>> accounts, ForcedBreakers forced, OperatorActions actions) {
    this.accounts = accounts;
    this.forced = forced;
    this.actions = actions;
  }

  /**
   * An account, and how it is on this node.
   *
   * @param breakers each kind's own breaker: closed, half_open or open
   * @param results how sendings ended since this process began
   */
  public record Account(
      String merchantId,
      String id,
      String psp,
      boolean livemode,
      int priority,
      int weight,
      Map<OperationKind, String> breakers,
      Calls sends,
      Calls lookups,
      Map<String, Long> results) {}

  /** Calls in flight, and how many there may be. */
  public record Calls(int inFlight, int most) {}

  /** An account with what operators did to its breakers. */
  public record Seen(Account account, List<ForcedBreaker> forced) {}

  /** All accounts, by merchant and name. */
  public Future<List<Seen>> list() {
    return forced
        .all()
        .map(
            all ->
                accounts.get().stream()
                    .map(
                        account ->
                            new Seen(
                                account,
                                all.stream()
                                    .filter(it -> it.accountId().equals(account.id()))
                                    .toList()))
                    .toList());
  }

  /** Keeps breakers of an account open on every node, until they are released. */
  public Future<OperatorOutcome> force(
      OperatorRequest request, String accountId, List<OperationKind> kinds) {
    return merchantOf(accountId)
        .map(merchant -> forced.force(actions, request, merchant, accountId, kinds))
        .orElseGet(AccountDesk::unknown);
  }

  /** Lets them go by the PSP's answers again. */
  public Future<OperatorOutcome> release(
      OperatorRequest request, String accountId, List<OperationKind> kinds) {
    return merchantOf(accountId)
        .map(ignored -> forced.release(actions, request, accountId, kinds))
        .orElseGet(AccountDesk::unknown);
  }

  private Optional<String> merchantOf(String accountId) {
    return accounts.get().stream()
        .filter(account -> account.id().equals(accountId))
        .map(Account::merchantId)
        .findFirst();
  }

  private static Future<OperatorOutcome> unknown() {
    return Future.succeededFuture(
        OperatorOutcome.refused(OperatorOutcome.Why.NOT_FOUND, "there is no such PSP account"));
  }
}
