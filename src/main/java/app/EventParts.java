package app;

import config.KafkaSettings;
import config.Settings;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import outbox.DeliveryMeters;
import outbox.KafkaRelay;
import outbox.Publisher;
import outbox.RelayObserver;
import routes.ops.HealthChecks;
import routes.webhooks.WebhookSettings;
import store.Database;
import store.EventLog;
import store.InboxReview;
import store.LaneLeases;
import store.OperationLog;
import store.Outbox;
import store.PaymentMethods;
import store.Trimming;
import telemetry.EventMeters;
import telemetry.Telemetry;
import telemetry.WebhookMeters;
import verticles.DeliveryVerticle;
import verticles.InboxVerticle;
import verticles.LanesVerticle;
import verticles.OutboxVerticle;
import verticles.RelayVerticle;
import verticles.WebhookVerticle;

/**
 * The parts that events need, in and out, and the lanes that share the background work: built from
 * the settings, deployed by {@link Gateway}.
 */
final class EventParts {
  private static final int EVENTS_CONNECTIONS = 3;
  private static final int DELIVERY_CONNECTIONS = 4;
  private static final int LANES_CONNECTIONS = 1;
  private static final int OUTBOX_CONNECTIONS = 1;

  /** What webhooks' bodies may take of the memory, far above what honest storms do. */
  private static final int WEBHOOK_BYTES = 64 << 20;

  private final Settings settings;
  private final Vertx vertx;
  private final Telemetry telemetry;
  private final Assembly assembly;
  private final OpenParts open;
  private final WebhookMeters meters;
  private final LanesVerticle lanes;

  EventParts(
      Settings settings, Vertx vertx, Telemetry telemetry, Assembly assembly, OpenParts open) {
    this.settings = settings;
    this.vertx = vertx;
    this.telemetry = telemetry;
    this.assembly = assembly;
    this.open = open;
    this.meters = new WebhookMeters(telemetry.registry());
    this.lanes =
        new LanesVerticle(
            assembly.node(),
            settings.timeouts().edge(),
            context -> new LaneLeases(assembly.database("lanes", LANES_CONNECTIONS)));
  }

  /** This node's share of the background work. */
  LanesVerticle lanes() {
    return lanes;
  }

  /** What works in the background, in the order to deploy it; its health is registered. */
  List<Part> background(HealthChecks health) {
    Database looks = assembly.batchDatabase("events", EVENTS_CONNECTIONS);
    open.add("events database", looks::close);
    OutboxVerticle outbox = outbox();
    InboxVerticle inbox = inbox();
    DeliveryVerticle deliveries = deliveries();
    Optional<RelayVerticle> relay = relay(looks);
    new CardDataSweep(
            vertx,
            new PaymentMethods(looks),
            new OperationLog(looks),
            settings.recovery(),
            InstantSource.system(),
            lanes)
        .start();
    new InboxBacklog(vertx, new InboxReview(looks), meters).start();
    health.register("lanes", lanes::healthy);
    // Payments are taken without these: a fault there must not turn merchants away.
    health.registerDetail("outbox", outbox::healthy);
    health.registerDetail("deliveries", deliveries::healthy);
    health.registerDetail("inbox", inbox::healthy);
    var parts = new ArrayList<Part>();
    parts.add(working("lanes", lanes));
    relay.ifPresent(
        verticle -> {
          health.registerDetail("kafka", verticle::healthy);
          parts.add(working("kafka relay", verticle));
        });
    parts.add(working("outbox", outbox));
    parts.add(working("deliveries", deliveries));
    parts.add(working("inbox", inbox));
    return parts;
  }

  private static Part working(String name, Deployable verticle) {
    return Part.working(name, new DeploymentOptions(), () -> verticle);
  }

  private OutboxVerticle outbox() {
    var outbox = settings.outbox();
    return new OutboxVerticle(
        outbox.pollInterval(),
        lanes,
        context ->
            new Publisher(
                new Outbox(assembly.batchDatabase("outbox", OUTBOX_CONNECTIONS)),
                assembly.ids()::next,
                System::nanoTime,
                outbox.batchSize()));
  }

  private InboxVerticle inbox() {
    return new InboxVerticle(
        new InboxVerticle.Options(
            settings.inbox().pollInterval(), settings.webhooks().retention(), assembly.storm()),
        lanes,
        context -> assembly.inboxWork(context, meters));
  }

  /** The way to Kafka where there is one; what is on its way out is measured in any case. */
  private Optional<RelayVerticle> relay(Database database) {
    KafkaSettings kafka = settings.kafka();
    String servers = kafka.bootstrapServers();
    var log = new EventLog(database);
    var meters = new EventMeters(telemetry.registry());
    String consumer = servers == null ? null : KafkaRelay.CONSUMER;
    new EventBacklog(
            vertx, log, consumer, settings.outbox().retention(), new Trimming(lanes), meters)
        .start();
    if (servers == null) {
      return Optional.empty();
    }
    var options =
        new KafkaRelay.Options(
            servers,
            KafkaAccess.of(kafka),
            kafka.topic(),
            "sluice-" + assembly.node(),
            kafka.batchSize(),
            kafka.deliveryTimeout(),
            kafka.retryDelay());
    var relay =
        new RelayVerticle(
            settings.outbox().pollInterval(),
            context -> new KafkaRelay(vertx, options, log, lanes, observer(meters)));
    return Optional.of(relay);
  }

  private static RelayObserver observer(EventMeters meters) {
    return new RelayObserver() {
      @Override
      public void relayed(int events) {
        meters.relayed(events);
      }

      @Override
      public void failed() {
        meters.relayFailed();
      }

      @Override
      public void stuck() {
        meters.relayStuck();
      }
    };
  }

  private DeliveryVerticle deliveries() {
    var meters = new DeliveryMeters(telemetry.registry());
    return new DeliveryVerticle(
        settings.deliveries().pollInterval(),
        WebhookParts.careInterval(settings.deliveries()),
        context -> assembly.deliveries(context, DELIVERY_CONNECTIONS, meters, lanes));
  }

  /**
   * The port that PSPs' webhooks come in on.
   *
   * @param port told when it listens
   */
  Part webhooks(IntConsumer port) {
    config.WebhookSettings webhooks = settings.webhooks();
    int instances = webhooks.instances();
    var limits =
        new WebhookSettings(
            webhooks.host(),
            // Any free port, but the same one for all instances, and not the API's.
            webhooks.port() == 0 ? -2 : webhooks.port(),
            webhooks.maxBodyBytes(),
            settings.api().maxHeaderBytes(),
            Math.max(1, webhooks.maxConcurrent() / instances),
            Math.max(webhooks.maxBodyBytes(), WEBHOOK_BYTES / instances),
            webhooks.timeout(),
            webhooks.timeout().plus(settings.api().idleTimeout()),
            settings.shutdown().drain());
    var options =
        new WebhookVerticle.Options(
            limits,
            assembly.webhookAccounts(),
            assembly::intake,
            meters,
            InstantSource.system(),
            port);
    return Part.listening(
        "webhooks",
        "webhooks.port",
        webhooks.port(),
        new DeploymentOptions().setInstances(instances),
        () -> new WebhookVerticle(options));
  }
}
