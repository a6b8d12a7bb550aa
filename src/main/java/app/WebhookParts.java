package app;

import config.DeliverySettings;
import config.Mode;
import config.Secret;
import config.Settings;
import config.TimeoutSettings;
import flows.EndpointSecrets;
import flows.EventBodies;
import flows.MerchantWebhooks;
import flows.SecretBox;
import flows.Services;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import outbox.Deliverer;
import outbox.DeliveryMeters;
import outbox.EndpointCare;
import outbox.NameLookup;
import outbox.RetryPlan;
import outbox.TargetGuard;
import outbox.TargetRules;
import outbox.WebhookClient;
import store.Batcher;
import store.Database;
import store.Deliveries;
import store.DeliveryQueue;
import store.MerchantEvents;
import store.WebhookEndpoints;
import verticles.DeliveryVerticle;

/** The objects of merchants' webhooks, built from the settings. */
final class WebhookParts {
  /** Beyond an attempt's own time: to claim, to render and to record. */
  private static final Duration CLAIM_MARGIN = Duration.ofSeconds(30);

  /** What the documentation asks of the nodes' clocks. */
  private static final Duration CLOCKS_DIFFER_BY = Duration.ofSeconds(3);

  private final Settings settings;
  private final Vertx vertx;
  private final SecureRandom random = new SecureRandom();
  private final EndpointSecrets secrets;
  private final TargetGuard guard;

  WebhookParts(Settings settings, Vertx vertx) {
    this.settings = settings;
    this.vertx = vertx;
    Secret key = settings.encryptionKey();
    secrets =
        new EndpointSecrets(
            key == null ? null : new SecretBox(Base64.getDecoder().decode(key.value()), random));
    guard =
        new TargetGuard(
            new TargetRules(
                settings.mode() != Mode.PRODUCTION, settings.mode() == Mode.DEVELOPMENT),
            NameLookup.of(vertx),
            settings.deliveries().connectTimeout());
  }

  /** What the flows are told over. */
  MerchantWebhooks over(Database database) {
    return new MerchantWebhooks(
        new WebhookEndpoints(database),
        new MerchantEvents(database),
        secrets,
        guard,
        settings.outbox().retention(),
        eventsSettle(settings.timeouts()));
  }

  /**
   * For how long an event may follow whose id was drawn before: it waits for the statement that is
   * in flight, for a connection and for its own statement, and clocks differ.
   */
  static Duration eventsSettle(TimeoutSettings timeouts) {
    return timeouts
        .databaseStatement()
        .multipliedBy(2)
        .plus(timeouts.databaseAcquire())
        .plus(CLOCKS_DIFFER_BY);
  }

  /** What delivers, for one verticle's context. */
  DeliveryVerticle.Work work(
      Context context,
      Database database,
      Batcher.Limits limits,
      Services services,
      DeliveryMeters meters,
      Supplier<List<Integer>> lanes) {
    DeliverySettings deliveries = settings.deliveries();
    var queue = new DeliveryQueue(context, database, limits);
    var client =
        new WebhookClient(
            vertx,
            guard,
            new WebhookClient.Options(
                deliveries.connectTimeout(),
                deliveries.timeout(),
                deliveries.maxConcurrent(),
                userAgent()));
    var deliverer =
        new Deliverer(
            new Deliverer.Parts(
                queue,
                new EventBodies(services),
                secrets,
                client,
                meters,
                Clock.systemUTC(),
                random),
            new Deliverer.Options(
                deliveries.maxConcurrent(),
                deliveries.maxPerEndpoint(),
                deliveries.timeout().plus(CLAIM_MARGIN),
                new RetryPlan(deliveries.schedule(), deliveries.giveUpAfter())),
            lanes);
    var care =
        new EndpointCare(
            new EndpointCare.Parts(
                services.webhooks().endpoints(),
                queue,
                new Deliveries(database),
                services.webhooks().events(),
                services.ids(),
                meters),
            lanes,
            deliveries.giveUpAfter(),
            settings.outbox().retention());
    return new DeliveryVerticle.Work(deliverer, care);
  }

  /** Once a minute, and oftener where endpoints are given up sooner than in an hour. */
  static Duration careInterval(DeliverySettings deliveries) {
    Duration part = deliveries.giveUpAfter().dividedBy(60);
    Duration most = Duration.ofMinutes(1);
    Duration least = Duration.ofMillis(100);
    return part.compareTo(most) > 0 ? most : part.compareTo(least) < 0 ? least : part;
  }

  private static String userAgent() {
    String version = WebhookParts.class.getPackage().getImplementationVersion();
    return "Sluice/" + (version == null ? "development" : version);
  }
}
