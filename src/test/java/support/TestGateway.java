package support;

import app.Gateway;
import app.development.DevelopmentMain;
import app.development.SimulatorWebhooks;
import com.stripe.StripeClient;
import config.MerchantSettings;
import config.PspKind;
import config.Settings;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import outbox.EventCheck;
import simulator.Simulator;
import simulator.SimulatorOptions;

/**
 * A whole gateway in this JVM, on a database and a simulator of its own, all on free ports:
 * development's settings with quick recovery. Close ends all of it.
 */
public final class TestGateway implements AutoCloseable {
  public static final String SECRET_KEY = "sk_test_demo";
  public static final String PUBLISHABLE_KEY = "pk_test_demo";

  /** What operators show on the management port. */
  public static final String OPERATOR_TOKEN = "operator_demo";

  /** The demo merchant's account at the simulator. */
  public static final String PSP_KEY = "sk_test_simulator";

  /** Longer than the gateway's own limit for a request. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestDatabase database;
  private final Vertx vertx = Vertx.vertx();
  private final Simulator simulator;
  private final List<String> arguments;
  private final UnaryOperator<List<MerchantSettings>> merchants;
  private Gateway gateway;
  private boolean takesWebhooks;

  private TestGateway(
      SimulatorOptions options,
      List<String> arguments,
      UnaryOperator<List<MerchantSettings>> merchants) {
    this.arguments = arguments;
    this.merchants = merchants;
    database = TestDatabase.create();
    simulator = Simulator.start(vertx, options).await();
    gateway = new Gateway(settings()).start();
  }

  /** A gateway with changes of its settings, as in {@code --recovery.poll-interval=1s}. */
  public static TestGateway start(String... changes) {
    return start(SimulatorOptions.defaults(), changes);
  }

  public static TestGateway start(SimulatorOptions options, String... changes) {
    return new TestGateway(options, arguments(changes), demo -> only(PspKind.STRIPE, demo));
  }

  /** A gateway for other merchants than the demo one, or for more; that one is at Stripe alone. */
  public static TestGateway startWith(
      UnaryOperator<List<MerchantSettings>> merchants, String... changes) {
    return new TestGateway(
        SimulatorOptions.defaults(),
        arguments(changes),
        demo -> merchants.apply(only(PspKind.STRIPE, demo)));
  }

  /** A gateway whose demo merchant is at one PSP alone. */
  public static TestGateway startAt(PspKind psp, String... changes) {
    return new TestGateway(
        SimulatorOptions.defaults(), arguments(changes), demo -> only(psp, demo));
  }

  /** With a second account, another PSP would take over wherever one fails. */
  private static List<MerchantSettings> only(PspKind psp, List<MerchantSettings> merchants) {
    return merchants.stream()
        .map(
            merchant ->
                new MerchantSettings(
                    merchant.id(),
                    merchant.keys(),
                    merchant.pspAccounts().stream()
                        .filter(account -> account.psp() == psp)
                        .toList()))
        .toList();
  }

  private static List<String> arguments(String... changes) {
    var arguments =
        new ArrayList<>(
            List.of(
                "--api.port=0",
                "--ops.port=0",
                "--webhooks.port=0",
                "--database.password=test",
                "--database.migrator-password=test",
                "--recovery.poll-interval=50ms",
                "--recovery.schedule=100ms,200ms,500ms",
                "--shutdown.drain=1s",
                "--shutdown.readiness-delay=0s"));
    arguments.addAll(List.of(changes));
    return arguments;
  }

  private Settings settings() {
    var at = database.options();
    return DevelopmentMain.read(Map.of(), arguments)
        .withMerchants(merchants)
        .withDatabaseUrl(URI.create("postgresql://127.0.0.1:" + at.port() + "/" + at.database()))
        // What names the host otherwise than development does is a way of the test's own.
        .withPspBaseUrls(
            url -> url.getHost().equals("localhost") ? url : URI.create(simulator.baseUrl()));
  }

  /** Closes the gateway and starts another one on the same database and simulator. */
  public void restart() {
    gateway.close();
    gateway = new Gateway(settings()).start();
    if (takesWebhooks) {
      takeWebhooks();
    }
  }

  /**
   * Has the simulator send its events to the gateway, also after a restart; otherwise it does not,
   * as most tests are about what the gateway knows by itself.
   */
  public TestGateway takeWebhooks() {
    takesWebhooks = true;
    SimulatorWebhooks.connect(simulator, settings(), gateway.webhookPort());
    return this;
  }

  public Simulator simulator() {
    return simulator;
  }

  public TestDatabase database() {
    return database;
  }

  public URI api() {
    return URI.create("http://127.0.0.1:" + gateway.apiPort());
  }

  public URI ops() {
    return URI.create("http://127.0.0.1:" + gateway.opsPort());
  }

  /** Where PSPs' webhooks come in. */
  public URI webhooks() {
    return URI.create("http://127.0.0.1:" + gateway.webhookPort());
  }

  /** The merchant's own SDK, pointed at the gateway, without retries of its own. */
  public StripeClient stripe() {
    return StripeClient.builder()
        .setApiKey(SECRET_KEY)
        .setApiBase(api().toString())
        .setMaxNetworkRetries(0)
        .build();
  }

  /** A POST of a form with the secret key. */
  public HttpResponse<String> post(String path, String form, String... headers) {
    var request =
        HttpRequest.newBuilder(api().resolve(path))
            .header("Authorization", "Bearer " + SECRET_KEY)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form));
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  /** A GET with the secret key. */
  public HttpResponse<String> get(String path) {
    return send(
        HttpRequest.newBuilder(api().resolve(path))
            .header("Authorization", "Bearer " + SECRET_KEY)
            .GET());
  }

  /** A GET on the management port, by an operator. */
  public HttpResponse<String> operator(String path) {
    return send(
        HttpRequest.newBuilder(ops().resolve(path))
            .header("Authorization", "Bearer " + OPERATOR_TOKEN)
            .GET());
  }

  /** A change by the operator alice. */
  public HttpResponse<String> operate(String path, String json, String... headers) {
    var request =
        HttpRequest.newBuilder(ops().resolve(path))
            .header("Authorization", "Bearer " + OPERATOR_TOKEN)
            .header("Sluice-Operator", "alice")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json));
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    return send(request);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Waits until nothing that PSPs told is left to be worked. */
  public void awaitWorkedInbox() {
    Await.until(
        "no event is left to be worked", () -> number("SELECT count(*) FROM inbox_work") == 0);
  }

  /** One number from the database, as the superuser sees it. */
  public long number(String sql) {
    return database.number(sql);
  }

  /** Ends it; fails where a payment's change was told in a way that no schema describes. */
  @Override
  public void close() {
    try {
      EventCheck.check(vertx, database);
    } finally {
      gateway.close();
      simulator.close().await();
      vertx.close().await();
    }
  }
}
