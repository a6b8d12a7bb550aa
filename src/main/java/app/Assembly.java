package app;

import static java.util.Objects.requireNonNull;

import config.DataMode;
import config.DatabaseSettings;
import config.KeyKind;
import config.MerchantSettings;
import config.Secret;
import config.Settings;
import flows.ApplyFact;
import flows.CheckoutObserver;
import flows.RecoveryPlan;
import flows.Services;
import inbox.InboxWork;
import inbox.Intake;
import inbox.RetryPlan;
import inbox.Storm;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import outbox.DeliveryMeters;
import payments.IdSource;
import psp.AccountGuard;
import psp.BreakerSettings;
import psp.BulkheadSettings;
import psp.PspAccount;
import psp.PspWebhooks;
import psp.adyen.AdyenPsp;
import psp.adyen.AdyenSettings;
import psp.stripe.StripePsp;
import psp.stripe.StripeSettings;
import routes.api.ApiKey;
import routes.api.ApiKeys;
import routes.api.StripeRenderer;
import routes.webhooks.WebhookAccount;
import store.Batcher;
import store.Customers;
import store.Database;
import store.FactReads;
import store.FactWrites;
import store.IdempotencyKeys;
import store.Inbox;
import store.OperationLog;
import store.PaymentMethods;
import store.PaymentReads;
import store.PaymentWrites;
import telemetry.Telemetry;
import telemetry.WebhookMeters;
import verticles.DeliveryVerticle;
import verticles.EventBusPspSender;
import verticles.Wake;

/** The gateway's objects, built from its settings. */
final class Assembly {
  private static final int INBOX_CONNECTIONS = 4;

  /** A PSP does not mind, and checkouts have the disk for themselves meanwhile. */
  private static final int WEBHOOKS_APART_MS = 5;

  private final Settings settings;
  private final Vertx vertx;
  private final Telemetry telemetry;
  private final IdSource ids = new IdSource(Clock.systemUTC(), new SecureRandom());
  private final PspAccounts accounts;
  private final List<Supplier<Future<Void>>> pspClosers = new ArrayList<>();
  private final CheckoutObserver observer;
  private final WebhookParts merchantWebhooks;
  private final Storm storm = new Storm(System::nanoTime);

  /**
   * The objects of a gateway.
   *
   * @param publicUrl under which customers' browsers reach it, once it listens; empty where nobody
   *     has said
   */
  Assembly(
      Settings settings,
      Vertx vertx,
      Telemetry telemetry,
      CheckoutObserver observer,
      Supplier<Optional<URI>> publicUrl) {
    this.settings = settings;
    this.vertx = vertx;
    this.telemetry = telemetry;
    this.observer = observer;
    this.accounts = new PspAccounts(settings, publicUrl);
    this.merchantWebhooks = new WebhookParts(settings, vertx);
    settings.merchants().forEach(merchant -> merchant.pspAccounts().forEach(this::addAccount));
  }

  private void addAccount(config.PspAccountSettings account) {
    var timeouts = settings.timeouts();
    var bulkhead =
        new BulkheadSettings(
            settings.bulkhead().maxConcurrent(),
            Math.max(1, settings.bulkhead().maxConcurrent() / 4),
            Math.max(1, settings.bulkhead().maxConcurrent() / 4));
    var breaker =
        new BreakerSettings(
            settings.breaker().maxFailures(),
            settings.breaker().window(),
            timeouts.breaker(),
            settings.breaker().resetAfter());
    PspAccount bare =
        switch (account.psp()) {
          case STRIPE -> stripe(account, bulkhead);
          case ADYEN -> adyen(account, bulkhead);
        };
    accounts.add(
        new AccountGuard(vertx, telemetry.registry(), bare, breaker, bulkhead, accounts.forced()),
        new AccountProof(account.secretKey()));
  }

  private PspAccount stripe(config.PspAccountSettings account, BulkheadSettings bulkhead) {
    var stripe =
        new StripePsp(
            vertx,
            new StripeSettings(
                account.id(),
                account.address(),
                account.secretKey().value(),
                settings.timeouts().pspConnect(),
                settings.timeouts().pspCall(),
                bulkhead.total(),
                settings.bulkhead().maxWaiting(),
                new StripeSettings.Webhooks(
                    account.mode() == DataMode.LIVE,
                    webhookSecrets(account),
                    settings.webhooks().tolerance())));
    pspClosers.add(stripe::close);
    return stripe.account();
  }

  private PspAccount adyen(config.PspAccountSettings account, BulkheadSettings bulkhead) {
    var adyen =
        new AdyenPsp(
            vertx,
            new AdyenSettings(
                account.id(),
                account.address(),
                account.secretKey().value(),
                requireNonNull(account.merchantAccount(), "the settings were checked"),
                account.mode() == DataMode.LIVE,
                settings.timeouts().pspConnect(),
                settings.timeouts().pspCall(),
                bulkhead.total(),
                settings.bulkhead().maxWaiting(),
                webhookSecrets(account)));
    pspClosers.add(adyen::close);
    return adyen.account();
  }

  private static List<String> webhookSecrets(config.PspAccountSettings account) {
    return Stream.of(account.webhookSecret(), account.previousWebhookSecret())
        .filter(Objects::nonNull)
        .map(Secret::value)
        .toList();
  }

  PspAccounts accounts() {
    return accounts;
  }

  /** What closes the accounts' connections. */
  List<Supplier<Future<Void>>> pspClosers() {
    return pspClosers;
  }

  Set<String> merchants() {
    return settings.merchants().stream().map(MerchantSettings::id).collect(Collectors.toSet());
  }

  IdSource ids() {
    return ids;
  }

  ApiKeys keys() {
    var byDigest = new HashMap<String, ApiKey>();
    for (var merchant : settings.merchants()) {
      for (var key : merchant.keys()) {
        byDigest.put(
            key.digest(),
            new ApiKey(
                key.id(),
                merchant.id(),
                key.mode() == DataMode.LIVE,
                key.kind() == KeyKind.PUBLISHABLE));
      }
    }
    return new ApiKeys(byDigest);
  }

  String node() {
    return NodeName.of(settings);
  }

  Database database(String name, int connections) {
    return Database.open(vertx, databaseOptions(), name, connections);
  }

  /** Connections whose plans stay on the tables' keys. */
  Database batchDatabase(String name, int connections) {
    return Database.openForBatches(vertx, databaseOptions(), name, connections);
  }

  private Database.Options databaseOptions() {
    DatabaseSettings database = settings.database();
    return new Database.Options(
        database.host(),
        database.port(),
        database.database(),
        database.user(),
        database.password().value(),
        settings.timeouts().databaseStatement(),
        settings.timeouts().databaseAcquire(),
        database.maxWaiting(),
        new Database.Tls(
            database.sslMode().name().toLowerCase(Locale.ROOT).replace('_', '-'),
            database.sslRootCertificate()));
  }

  RecoveryPlan recoveryPlan() {
    var recovery = settings.recovery();
    return new RecoveryPlan(
        recovery.schedule(),
        recovery.jitterPercent() / 100.0,
        recovery.pendingGrace(),
        recovery.authorizationDeadline(),
        recovery.operatorAfter(),
        recovery.resultDeadline(),
        recovery.acceptedDelay(),
        recovery.challengeDelay(),
        recovery.challengeDeadline(),
        RecoveryPlan.DEFAULT.keyMargin());
  }

  /** What the flows are told over, for one verticle's context: its pools are closed with it. */
  Services services(Context context, String role, int connections) {
    Database batches = batchDatabase(role + "-batches", settings.batch().connections());
    Database general = database(role, connections);
    var limits = new Batcher.Limits(settings.batch().maxRows(), 1, settings.batch().maxWaiting());
    return new Services(
        new PaymentWrites(context, batches, limits, telemetry::batchSent),
        new PaymentReads(general),
        new IdempotencyKeys(general),
        new OperationLog(general),
        new PaymentMethods(general),
        new Customers(general),
        new EventBusPspSender(vertx.eventBus(), pspReplyTimeout()),
        accounts,
        accounts.router(),
        new StripeRenderer(),
        ids,
        Clock.systemUTC(),
        recoveryPlan(),
        observer,
        node(),
        merchantWebhooks.over(general));
  }

  /** What delivers to webhook endpoints, for one verticle's context. */
  DeliveryVerticle.Work deliveries(
      Context context, int connections, DeliveryMeters meters, Supplier<List<Integer>> lanes) {
    var limits = new Batcher.Limits(settings.batch().maxRows(), 1, settings.batch().maxWaiting());
    return merchantWebhooks.work(
        context,
        database("deliveries", connections),
        limits,
        services(context, "deliveries", connections),
        meters,
        lanes);
  }

  /** Whether this node is in a storm of webhooks. */
  Storm storm() {
    return storm;
  }

  /** The inbox as one verticle's context feeds it: its pool is closed with it. */
  Intake intake(Context context) {
    var batch = settings.batch();
    var inbox =
        new Inbox(
            context,
            Database.openForBatches(
                vertx, databaseOptions(), "webhooks-batches", batch.connections()),
            new Batcher.Limits(
                batch.maxRows(), batch.connections(), batch.maxWaiting(), WEBHOOKS_APART_MS),
            rows -> {
              telemetry.batchSent(rows);
              storm.stored(rows);
            });
    return new Intake(context, inbox::insert, () -> Wake.INBOX.send(vertx.eventBus()));
  }

  /** The work of the inbox in one verticle's context: its pools are closed with it. */
  InboxWork inboxWork(Context context, WebhookMeters meters) {
    var inbox = settings.inbox();
    Database batches =
        Database.openForBatches(vertx, databaseOptions(), "facts-batches", INBOX_CONNECTIONS / 2);
    var limits = new Batcher.Limits(settings.batch().maxRows(), 1, settings.batch().maxWaiting());
    var readers = new HashMap<String, InboxWork.Reader>();
    for (var merchant : settings.merchants()) {
      for (var account : merchant.pspAccounts()) {
        PspWebhooks webhooks = requireNonNull(accounts.all().get(account.id())).webhooks();
        readers.put(account.id(), new InboxWork.Reader(account.psp().name(), webhooks));
      }
    }
    return new InboxWork(
        context,
        new Inbox(
            context,
            // What became of an event is found out again where a crash has lost it.
            Database.openForRepeatedBatches(
                vertx, databaseOptions(), "inbox", INBOX_CONNECTIONS / 2),
            limits,
            telemetry::batchSent),
        new ApplyFact(
            services(context, "facts", INBOX_CONNECTIONS),
            new FactReads(context, batches, limits, telemetry::batchSent),
            new FactWrites(context, batches, limits, telemetry::batchSent)),
        readers,
        new InboxWork.Options(
            inbox.batchSize(),
            // An event may ask its PSP, and wait for others of the same object before it.
            pspReplyTimeout().multipliedBy(2).plus(settings.timeouts().edge()),
            new RetryPlan(inbox.schedule(), inbox.foreignAfter())),
        meters);
  }

  List<WebhookAccount> webhookAccounts() {
    Map<String, PspAccount> all = accounts.all();
    var found = new ArrayList<WebhookAccount>();
    for (var merchant : settings.merchants()) {
      for (var account : merchant.pspAccounts()) {
        found.add(
            new WebhookAccount(
                account.psp().name().toLowerCase(Locale.ROOT),
                account.id(),
                merchant.id(),
                requireNonNull(all.get(account.id())).webhooks()));
      }
    }
    return found;
  }

  /** Above the breaker's and below the edge's, whose own reply it must come before. */
  private java.time.Duration pspReplyTimeout() {
    var timeouts = settings.timeouts();
    return timeouts.breaker().plus(timeouts.eventBusReply()).dividedBy(2);
  }
}
