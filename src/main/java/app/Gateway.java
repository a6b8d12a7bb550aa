package app;

import config.OpsSettings;
import config.Settings;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.BindException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.ops.HealthChecks;
import telemetry.Telemetry;
import verticles.OpsVerticle;

/**
 * One gateway: built from its settings, started once, closed once. Start and close block and must
 * not be called on an event loop; close may be called while start is under way.
 */
public final class Gateway implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

  private final Settings settings;
  private final OpenParts open = new OpenParts();
  private final HealthChecks health;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicInteger apiPort = new AtomicInteger();
  private final AtomicInteger opsPort = new AtomicInteger();

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
      Telemetry telemetry = new Telemetry();
      open.addCloseable("telemetry", telemetry);
      Vertx vertx = vertx(telemetry);
      open.add("vertx", vertx::close);
      for (Part part : parts(telemetry)) {
        deploy(vertx, part);
      }
      health.started();
      LOG.info(
          "gateway started node={} mode={} apiPort={} opsPort={}",
          settings.mode(),
          apiPort(),
          opsPort());
      return this;
    } catch (Throwable failure) {
      close();
      throw failure;
    }
  }

  /** Everything that is deployed, in order; closed in the reverse order. */
  private List<Part> parts(Telemetry telemetry) {
    OpsSettings ops = settings.ops();
    return List.of(
        Part.listening(
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
                        List.of(),
                        opsPort::set))));
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
