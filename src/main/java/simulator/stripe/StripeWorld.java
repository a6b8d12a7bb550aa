package simulator.stripe;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
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

/** The accounts of the simulated Stripe and what they share. Under the bank's lock. */
final class StripeWorld {
  private static final int MOST_ACCOUNTS = 1_000;

  private final Bank bank;
  private final Journal journal;
  private final InstantSource clock;
  private final Set<String> secretKeys;
  private final int keptAnswers;
  private final Duration searchLag;
  private final Supplier<String> baseUrl;
  private final StripeEvents events;
  private final Map<String, StripeAccount> accounts = new HashMap<>();
  private final Map<String, StripeAccount> accountsByKey = new HashMap<>();

  StripeWorld(
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
    this.searchLag = options.searchLag();
    this.baseUrl = baseUrl;
    this.events = new StripeEvents(this, webhooks);
    bank.onChange(events::changed);
    journal.onReplay(
        StripeAccount.INTENT_KIND, json -> of(json).restore(PaymentIntent.fromJson(json)));
    journal.onReplay(
        StripeAccount.CUSTOMER_KIND, json -> of(json).restore(Customer.fromJson(json)));
    journal.onReplay(
        StripeAccount.PAYMENT_METHOD_KIND, json -> of(json).restore(PaymentMethod.fromJson(json)));
    journal.onReplay(StripeAccount.KEYS.kind(), json -> of(json).keys().restore(json));
  }

  Bank bank() {
    return bank;
  }

  /** What is told about the objects here. */
  StripeEvents events() {
    return events;
  }

  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  Duration searchLag() {
    return searchLag;
  }

  String baseUrl() {
    return baseUrl.get();
  }

  /** The account of a secret key; null when the key is not accepted. */
  @Nullable StripeAccount authenticate(String secretKey) {
    StripeAccount known = accountsByKey.get(secretKey);
    if (known != null) {
      return known;
    }
    boolean accepted =
        secretKeys.isEmpty() ? secretKey.startsWith("sk_test_") : secretKeys.contains(secretKey);
    if (!accepted || accountsByKey.size() == MOST_ACCOUNTS) {
      return null;
    }
    StripeAccount account = account(AccountId.of(secretKey));
    accountsByKey.put(secretKey, account);
    return account;
  }

  /** The account and intent of a payment, whoever's it is. */
  Optional<StripeAccount> ownerOf(String intentId) {
    return accounts.values().stream()
        .filter(account -> account.intent(intentId) != null)
        .findFirst();
  }

  /** Whether an account is one of Stripe's. */
  boolean knows(String account) {
    return accounts.containsKey(account);
  }

  void clear() {
    accounts.clear();
    accountsByKey.clear();
  }

  private StripeAccount of(JsonObject json) {
    return account(json.getString("account"));
  }

  /** The account of an id. */
  StripeAccount account(String id) {
    return accounts.computeIfAbsent(
        id, absent -> new StripeAccount(id, clock, journal, keptAnswers, events));
  }
}
