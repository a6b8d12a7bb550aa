package simulator;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import simulator.adyen.AdyenControls;
import simulator.adyen.AdyenDialect;
import simulator.stripe.StripeDialect;
import simulator.stripe.StripeEventFormat;
import simulator.webhooks.Webhooks;

/**
 * A running simulator: one HTTP server with the providers' dialects under their own paths and its
 * controls under {@code /_simulator/}. All methods are safe from any thread.
 */
public final class Simulator {
  private final Vertx vertx;
  private final SimulatorOptions options;
  private final Journal journal;
  private final Bank bank;
  private final Faults faults;
  private final CallLog calls;
  private final Webhooks webhooks;
  private final StripeDialect stripe;
  private final AdyenDialect adyen;
  private final Dashboard dashboard;
  private final Front front;
  private final Router controls;
  private final long settlementTimer;
  private @Nullable HttpServer server;
  private volatile int port;

  private Simulator(Vertx vertx, SimulatorOptions options) {
    this.vertx = vertx;
    this.options = options;
    this.port = options.port();
    this.journal = new Journal(vertx, options.journal());
    this.bank = new Bank(options.clock(), journal);
    this.faults = new Faults(options.seed(), options.latency());
    this.calls = new CallLog(options.keptCalls());
    this.webhooks =
        new Webhooks(
            vertx,
            options.webhooks(),
            new StripeEventFormat(),
            faults.webhooks(),
            journal,
            options.clock());
    this.stripe = new StripeDialect(bank, journal, options, webhooks, this::baseUrl);
    this.adyen = new AdyenDialect(bank, journal, options, webhooks, this::baseUrl);
    this.dashboard = new Dashboard(bank, journal, List.of(stripe.desk(), adyen.desk()));
    this.front = new Front(vertx, bank, journal, faults, calls, webhooks, List.of(stripe, adyen));
    this.controls = ControlRoutes.of(vertx, this);
    Duration every = options.settlementEvery();
    this.settlementTimer =
        every == null ? -1 : vertx.setPeriodic(every.toMillis(), tick -> settlePending());
  }

  /** Reads the journal, if there is one, and listens. */
  public static Future<Simulator> start(Vertx vertx, SimulatorOptions options) {
    return vertx
        .executeBlocking(
            () -> {
              Simulator simulator = new Simulator(vertx, options);
              simulator.journal.replay();
              simulator.webhooks.resume();
              return simulator;
            })
        .compose(simulator -> simulator.listen().map(simulator));
  }

  public int port() {
    return port;
  }

  public String baseUrl() {
    String host = options.host().equals("0.0.0.0") ? "localhost" : options.host();
    return "http://" + host + ":" + port;
  }

  /** The script of what goes wrong. */
  public Faults faults() {
    return faults;
  }

  /** The events that are sent. */
  public Webhooks webhooks() {
    return webhooks;
  }

  /** What people do at the provider, without the merchant's calls. */
  public Dashboard dashboard() {
    return dashboard;
  }

  /** What else can be controlled of the simulated Adyen. */
  public AdyenControls adyen() {
    return adyen.controls();
  }

  /** What really happened so far. */
  public Truth truth() {
    return bank.truth();
  }

  /** The last calls received, oldest first. */
  public List<Call> calls() {
    return calls.all();
  }

  public Bank bank() {
    return bank;
  }

  /** Settles what is open; see {@link Bank#settlePending()}. */
  public int settlePending() {
    int settled = bank.settlePending();
    journal.flush();
    return settled;
  }

  /**
   * Answers an issuer's challenge in the customer's place.
   *
   * @return false when the payment waits for none
   */
  public boolean completeChallenge(String payment, boolean passed) {
    boolean completed = stripe.completeChallenge(payment, passed);
    journal.flush();
    return completed || adyen.controls().completeChallenge(payment, passed).isPresent();
  }

  /**
   * Answers an issuer's challenge as a browser would that was sent to its page.
   *
   * @param page where the provider sent the browser
   * @return where the browser is sent from there; empty when nothing waits there, or there is no
   *     address to return to
   */
  public Optional<URI> completeChallenge(URI page, boolean passed) {
    Optional<URI> back =
        stripe
            .completeChallenge(page, passed)
            .or(() -> adyen.controls().completeChallenge(page.toString(), passed));
    journal.flush();
    return back;
  }

  /**
   * Stops listening, so that connections are refused and open ones are cut, or listens on the same
   * port again.
   */
  public Future<Void> refuseConnections(boolean refuse) {
    return refuse ? stopListening() : listen();
  }

  /**
   * Forgets everything: state, faults, calls, events, also in the journal; webhook endpoints are
   * those of the start again.
   */
  public Future<Void> reset() {
    bank.exclusively(
        () -> {
          bank.clear();
          stripe.clear();
          adyen.clear();
          webhooks.clear();
          journal.reset();
          return true;
        });
    faults.clear();
    calls.clear();
    return journal.flush();
  }

  public Future<Void> close() {
    if (settlementTimer >= 0) {
      vertx.cancelTimer(settlementTimer);
    }
    return stopListening().compose(stopped -> webhooks.close()).compose(stopped -> journal.flush());
  }

  private synchronized Future<Void> listen() {
    if (server != null) {
      return Future.succeededFuture();
    }
    HttpServer fresh =
        vertx
            .createHttpServer(new HttpServerOptions().setReuseAddress(true))
            .requestHandler(
                request -> {
                  if (request.path() != null && request.path().startsWith(ControlRoutes.PATH)) {
                    controls.handle(request);
                  } else {
                    front.handle(request);
                  }
                });
    server = fresh;
    return fresh
        .listen(port, options.host())
        .onSuccess(listening -> listeningOn(listening.actualPort()))
        .onFailure(failed -> notListening(fresh))
        .mapEmpty();
  }

  private synchronized void listeningOn(int actualPort) {
    port = actualPort;
  }

  private synchronized void notListening(HttpServer failed) {
    if (server == failed) {
      server = null;
    }
  }

  private synchronized Future<Void> stopListening() {
    HttpServer stopped = server;
    server = null;
    return stopped == null ? Future.succeededFuture() : stopped.close();
  }
}
