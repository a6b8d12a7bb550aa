package simulator.adyen;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import simulator.AccountId;
import simulator.Bank;
import simulator.Journal;
import simulator.SimulatorOptions;
import simulator.webhooks.Webhooks;

/** The accounts of the simulated Adyen and what they share. Under the bank's lock. */
final class AdyenWorld {
  private static final int MOST_ACCOUNTS = 1_000;
  private static final String KEY = "adyen_test_";

  private final Bank bank;
  private final Journal journal;
  private final InstantSource clock;
  private final Set<String> secretKeys;
  private final int keptAnswers;
  private final Webhooks webhooks;
  private final Supplier<String> baseUrl;
  private final AdyenEvents events;
  private final AdyenEventFormat format = new AdyenEventFormat();
  private final Map<String, AdyenAccount> accounts = new LinkedHashMap<>();
  private final Map<String, AdyenAccount> accountsByKey = new HashMap<>();

  AdyenWorld(
      Bank bank,
      Journal journal,
      SimulatorOptions options,
      Webhooks webhooks,
      Supplier<String> baseUrl) {
    this.bank = bank;
    this.journal = journal;
    this.clock = options.clock();
    this.secretKeys = options.secretKeys();
    this.keptAnswers = options.keptAnswers();
    this.webhooks = webhooks;
    this.baseUrl = baseUrl;
    this.events = new AdyenEvents(this, webhooks);
    bank.onChange(events::changed);
    journal.onReplay(
        AdyenAccount.PAYMENT_KIND, json -> of(json).restore(AdyenPayment.fromJson(json)));
    journal.onReplay(
        AdyenAccount.MODIFICATION_KIND, json -> of(json).restore(Modification.fromJson(json)));
    journal.onReplay(
        AdyenAccount.STORED_CARD_KIND, json -> of(json).restore(StoredCard.fromJson(json)));
    journal.onReplay(AdyenAccount.KEYS.kind(), json -> of(json).keys().restore(json));
  }

  Bank bank() {
    return bank;
  }

  AdyenEvents events() {
    return events;
  }

  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  String baseUrl() {
    return baseUrl.get();
  }

  /** The account of an API key; null when the key is not accepted. */
  @Nullable AdyenAccount authenticate(String key) {
    AdyenAccount known = accountsByKey.get(key);
    if (known != null) {
      return known;
    }
    boolean accepted = secretKeys.isEmpty() ? key.startsWith(KEY) : secretKeys.contains(key);
    if (!accepted || accountsByKey.size() == MOST_ACCOUNTS) {
      return null;
    }
    AdyenAccount account = account(AccountId.of(key));
    accountsByKey.put(key, account);
    return account;
  }

  Collection<AdyenAccount> accounts() {
    return List.copyOf(accounts.values());
  }

  /** The account of an id, if it is one of Adyen's. */
  @Nullable AdyenAccount known(String account) {
    return accounts.get(account);
  }

  /** A payment, whoever's it is. */
  Optional<AdyenPayment> payment(String pspReference) {
    return accounts.values().stream()
        .flatMap(account -> Optional.ofNullable(account.payment(pspReference)).stream())
        .findFirst();
  }

  /** A payment that exists, with its account. */
  AdyenAccount ownerOf(AdyenPayment payment) {
    return account(payment.account);
  }

  void clear() {
    accounts.clear();
    accountsByKey.clear();
    events.clear();
  }

  private AdyenAccount of(JsonObject json) {
    return account(json.getString("account"));
  }

  private AdyenAccount account(String id) {
    AdyenAccount known = accounts.get(id);
    if (known != null) {
      return known;
    }
    AdyenAccount account = new AdyenAccount(id, clock, journal, keptAnswers);
    accounts.put(id, account);
    bank.naming(id, prefix -> PspReference.next());
    webhooks.format(id, format);
    return account;
  }
}
