package app;

import static java.util.Objects.requireNonNull;

import config.DataMode;
import config.Settings;
import flows.AccountDesk;
import io.vertx.circuitbreaker.CircuitBreakerState;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import payments.ForcedBreaker;
import payments.OperationKind;
import psp.AccountGuard;
import psp.CardVault;
import psp.ForcedOpen;
import psp.Psp;
import psp.PspAccount;
import psp.PspDirectory;
import psp.WayBack;
import psp.routing.Router;

/** The PSP accounts of this process, each behind its guard, as others need to see them. */
final class PspAccounts implements PspDirectory {
  private final Settings settings;
  private final Supplier<Optional<URI>> publicUrl;
  private final ForcedOpen forced = new ForcedOpen();
  private final Map<String, AccountGuard> guards = new HashMap<>();
  private final Map<String, AccountProof> proofs = new HashMap<>();

  /**
   * No accounts yet.
   *
   * @param publicUrl under which customers' browsers reach this process, once it listens; empty
   *     where nobody has said
   */
  PspAccounts(Settings settings, Supplier<Optional<URI>> publicUrl) {
    this.settings = settings;
    this.publicUrl = publicUrl;
  }

  /** What operators keep open, for the guards to look at. */
  ForcedOpen forced() {
    return forced;
  }

  void add(AccountGuard guard, AccountProof proof) {
    guards.put(guard.account().id(), guard);
    proofs.put(guard.account().id(), proof);
  }

  /** Takes what operators keep open, as it was read. */
  void keepOpen(List<ForcedBreaker> all) {
    forced.set(
        all.stream()
            .map(it -> new ForcedOpen.Breaker(it.accountId(), it.kind()))
            .collect(Collectors.toSet()));
  }

  Map<String, PspAccount> all() {
    var all = new HashMap<String, PspAccount>();
    guards.forEach((id, guard) -> all.put(id, guard.account()));
    return Map.copyOf(all);
  }

  @Override
  public Psp psp(String accountId) {
    return account(accountId)
        .orElseThrow(() -> new IllegalArgumentException("no PSP account " + accountId))
        .psp();
  }

  @Override
  public Optional<CardVault> vault(String accountId) {
    return account(accountId).map(PspAccount::vault);
  }

  @Override
  public Optional<WayBack> wayBack(String accountId) {
    AccountProof proof = requireNonNull(proofs.get(accountId));
    return publicUrl.get().map(base -> new WayBack(base, proof::of));
  }

  private Optional<PspAccount> account(String accountId) {
    return Optional.ofNullable(guards.get(accountId)).map(AccountGuard::account);
  }

  /** The router over them and their breakers. */
  Router router() {
    var routed = new ArrayList<Router.Account>();
    for (var merchant : settings.merchants()) {
      for (var account : merchant.pspAccounts()) {
        routed.add(
            new Router.Account(
                merchant.id(),
                account.id(),
                account.mode() == DataMode.LIVE,
                account.priority(),
                account.weight()));
      }
    }
    var routing = settings.routing();
    return new Router(
        routed,
        this::standing,
        new Router.Bounds(
            routing.maxAttempts(), routing.timeLimit(), settings.timeouts().breaker()));
  }

  private Router.Standing standing(String accountId, OperationKind kind) {
    AccountGuard guard = requireNonNull(guards.get(accountId));
    if (guard.forcedOpen(kind)) {
      return Router.Standing.FORCED_OPEN;
    }
    return guard.takes(kind) ? Router.Standing.TAKES : Router.Standing.OPEN;
  }

  /** How they are at the moment, for operators. */
  List<AccountDesk.Account> seen() {
    var seen = new ArrayList<AccountDesk.Account>();
    for (var merchant : settings.merchants()) {
      for (var account : merchant.pspAccounts()) {
        AccountGuard guard = requireNonNull(guards.get(account.id()));
        var breakers = new EnumMap<OperationKind, String>(OperationKind.class);
        for (OperationKind kind : OperationKind.values()) {
          breakers.put(kind, word(guard.state(kind)));
        }
        seen.add(
            new AccountDesk.Account(
                merchant.id(),
                account.id(),
                account.psp().name().toLowerCase(Locale.ROOT),
                account.mode() == DataMode.LIVE,
                account.priority(),
                account.weight(),
                breakers,
                new AccountDesk.Calls(guard.sends(), guard.limits().maxSends()),
                new AccountDesk.Calls(guard.lookups(), guard.limits().maxLookups()),
                guard.results()));
      }
    }
    return seen;
  }

  private static String word(CircuitBreakerState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
