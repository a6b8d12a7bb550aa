package app;

import config.DatabaseSettings;
import config.Mode;
import config.OpsSettings;
import config.Secret;
import config.Settings;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.BindException;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import payments.Answer;
import payments.Command;
import psp.PspResult;
import psp.Sending;
import routes.api.ApiSettings;
import routes.ops.HealthChecks;
import routes.reference.Reference;
import store.ForcedBreakers;
import store.Migrations;
import store.OperationLog;
import telemetry.CheckoutMeters;
import telemetry.Telemetry;
import verticles.ApiVerticle;
import verticles.EventBusCommandSender;
import verticles.ForcedBreakersVerticle;
import verticles.LanesVerticle;
import verticles.LocalCodec;
import verticles.OpsVerticle;
import verticles.PaymentVerticle;
import verticles.PspVerticle;
import verticles.RecoveryVerticle;

/**
 * One gateway: built from its settings, started once, closed once. Start and close block and must
 * not be called on an event loop; close may be called while start is under way.
 */
public final class Gateway implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

  private static final int OPS_CONNECTIONS = 2;
  private static final int RECOVERY_CONNECTIONS = 4;

  private final Settings settings;
  private final OpenParts open = new OpenParts();
  private final HealthChecks health;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicInteger apiPort = new AtomicInteger();
  private final AtomicInteger opsPort = new AtomicInteger();
  private final AtomicInteger webhookPort = new AtomicInteger();

  public Gateway(Settings settings) {
    this.settings = settings;
    health =
        new HealthChecks(
            settings.ops().checkTimeout(), settings.ops().checkCache(), InstantSource.system());
  }

  /**
   * Starts everything and returns when requests are served. What was started is closed again when
   * something fails.
   *
   * @throws StartFailure saying why, in one line
   */
  public Gateway start() {
    try {
      new DatabasePreflight(settings.database()).check();
      migrate();
      Telemetry telemetry = new Telemetry();
      open.addCloseable("telemetry", telemetry);
      Vertx vertx = vertx(telemetry);
      open.add("vertx", vertx::close);
      for (Part part : parts(vertx, telemetry)) {
        deploy(vertx, part);
      }
      new FirstRequest(vertx, settings.api().host(), apiPort()).make();
      health.started();
      LOG.info(
          "gateway started node={} mode={} apiPort={} opsPort={} webhookPort={}",
          NodeName.of(settings),
          settings.mode(),
          apiPort(),
          opsPort(),
          webhookPort());
      return this;
    } catch (Throwable failure) {
      close();
      throw failure;
    }
  }

  /**
   * Everything that is deployed, in order; closed in the reverse order: first the edge, which lets
   * requests in flight end, last the way to the PSPs.
   */
  private List<Part> parts(Vertx vertx, Telemetry telemetry) {
    LocalCodec.register(
        vertx.eventBus(), Command.class, Answer.class, Sending.class, PspResult.class);
    var meters = new CheckoutMeters(telemetry.registry(), CheckoutOutcomes.ALL);
    var assembly = new Assembly(settings, vertx, telemetry, new Checkouts(meters), this::publicUrl);
    assembly.pspClosers().forEach(closer -> open.add("psp account", closer::get));
    var opsDatabase = assembly.database("ops", OPS_CONNECTIONS);
    open.add("ops database", opsDatabase::close);
    var operations = new OperationLog(opsDatabase);
    new OpenOperations(vertx, operations, meters).start();
    var events = new EventParts(settings, vertx, telemetry, assembly, open);
    RecoveryVerticle recovery = recovery(assembly, events.lanes());
    health.register("database", opsDatabase::ping);
    health.register("recovery", recovery::healthy);
    int core = Math.max(1, Runtime.getRuntime().availableProcessors() / 4);
    int edges = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    int connections = Math.max(2, settings.database().poolSize() / core);
    var parts = new ArrayList<Part>();
    parts.add(ops(telemetry, assembly));
    parts.add(
        Part.working(
            "forced breakers",
            new DeploymentOptions(),
            () ->
                new ForcedBreakersVerticle(
                    context -> new ForcedBreakers(opsDatabase), assembly.accounts()::keepOpen)));
    parts.add(
        Part.working("psp", instances(core), () -> new PspVerticle(assembly.accounts().all())));
    parts.addAll(events.background(health));
    parts.add(Part.working("recovery", new DeploymentOptions(), () -> recovery));
    parts.add(
        Part.working(
            "payments",
            instances(core),
            () ->
                new PaymentVerticle(
                    context -> assembly.services(context, "payments", connections))));
    parts.add(events.webhooks(webhookPort::set));
    parts.add(api(vertx, assembly, edges));
    return parts;
  }

  /** Where none is set, development's browsers reach what runs on their own machine. */
  private Optional<URI> publicUrl() {
    URI set = settings.api().publicUrl();
    if (set == null) {
      return settings.mode() == Mode.DEVELOPMENT
          ? Optional.of(URI.create("http://127.0.0.1:" + apiPort()))
          : Optional.empty();
    }
    String url = set.toString();
    return Optional.of(URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url));
  }

  private Part ops(Telemetry telemetry, Assembly assembly) {
    OpsSettings ops = settings.ops();
    Secret token = ops.operatorToken();
    var operators = new OperatorAssembly(assembly);
    return Part.listening(
        "ops",
        "ops.port",
        ops.port(),
        new DeploymentOptions(),
        () ->
            new OpsVerticle(
                new OpsVerticle.Options(
                    ops.host(),
                    ops.port(),
                    health,
                    telemetry::scrape,
                    token == null ? null : token.value(),
                    operators::resources,
                    opsPort::set)));
  }

  private RecoveryVerticle recovery(Assembly assembly, LanesVerticle lanes) {
    var recovery = settings.recovery();
    var timeouts = settings.timeouts();
    return new RecoveryVerticle(
        new RecoveryVerticle.Options(
            assembly.node(),
            recovery.pollInterval(),
            timeouts.eventBusReply().plus(timeouts.edge()),
            recovery.batchSize()),
        lanes,
        context -> assembly.services(context, "recovery", RECOVERY_CONNECTIONS));
  }

  private Part api(Vertx vertx, Assembly assembly, int edges) {
    config.ApiSettings api = settings.api();
    int instances = api.instances() > 0 ? api.instances() : edges;
    var limits =
        new ApiSettings(
            api.host(),
            // Any free port, but the same one for all instances.
            api.port() == 0 ? -1 : api.port(),
            api.maxBodyBytes(),
            api.maxHeaderBytes(),
            Math.max(1, settings.admission().maxConcurrent() / instances),
            Math.max(1, settings.admission().maxConcurrentPerMerchant() / instances),
            settings.timeouts().edge(),
            api.idleTimeout(),
            settings.shutdown().drain());
    var keys = assembly.keys();
    var sender =
        new EventBusCommandSender(
            vertx.eventBus(), LocalCodec.NAME, settings.timeouts().eventBusReply());
    var reference = new Reference(vertx);
    return Part.listening(
        "api",
        "api.port",
        api.port(),
        instances(instances),
        () -> new ApiVerticle(limits, keys, sender, assembly.ids(), reference, apiPort::set));
  }

  private static DeploymentOptions instances(int number) {
    return new DeploymentOptions().setInstances(number);
  }

  private void migrate() {
    DatabaseSettings database = settings.database();
    Secret password = database.migratorPassword();
    if (database.migrate() && password != null) {
      try {
        Migrations.apply(
            database.jdbcUrl(), database.migratorUser(), password.value(), database.user());
      } catch (RuntimeException failure) {
        throw new StartFailure(
            "database.url " + database.url() + " cannot be migrated: " + failure.getMessage(),
            failure);
      }
    }
  }

  private Vertx vertx(Telemetry telemetry) {
    VertxOptions options =
        new VertxOptions()
            .setPreferNativeTransport(true)
            .setMetricsOptions(telemetry.vertxMetricsOptions());
    if (settings.eventLoops() > 0) {
      options.setEventLoopPoolSize(settings.eventLoops());
    }
    return Vertx.builder().with(options).withMetrics(telemetry.vertxMetrics()).build();
  }

  private void deploy(Vertx vertx, Part part) {
    if (open.isClosing()) {
      throw new StartFailure("stopped while starting");
    }
    String id;
    try {
      id = vertx.deployVerticle(part.verticle(), part.options()).await();
    } catch (Exception failure) {
      throw new StartFailure(explain(part, failure), failure);
    }
    open.add(part.name(), () -> vertx.undeploy(id));
  }

  private static String explain(Part part, Throwable failure) {
    if (part.address().isEmpty()) {
      return part.name() + " did not start: " + failure.getMessage();
    }
    String said = String.valueOf(failure.getMessage());
    if (said.contains("Address already in use")) {
      return part.address() + " is in use";
    }
    boolean host = failure instanceof UnknownHostException || said.contains("assign requested");
    String setting = host ? part.address().replaceAll("port .*", "host") : part.address();
    boolean listening = failure instanceof BindException || failure instanceof SocketException;
    return setting + (host || listening ? " cannot be listened on: " : " did not start: ") + said;
  }

  public int apiPort() {
    return apiPort.get();
  }

  public int opsPort() {
    return opsPort.get();
  }

  public int webhookPort() {
    return webhookPort.get();
  }

  /**
   * Fails readiness, waits for load balancers to notice, then closes everything in reverse: the
   * edges first, which let requests in flight end. Returns when all is closed or the limit is over.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    boolean serving = health.drain();
    if (serving) {
      LOG.info("gateway draining");
      waitForLoadBalancers();
    }
    open.close(settings.shutdown().limit().minus(settings.shutdown().readinessDelay()));
    LOG.info("gateway closed");
  }

  private void waitForLoadBalancers() {
    try {
      Thread.sleep(settings.shutdown().readinessDelay());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
