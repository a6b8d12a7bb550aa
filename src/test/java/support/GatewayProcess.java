package support;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A gateway as a process of its own, which can be killed: the packaged jar where there is one, with
 * secrets of its own, quick recovery and always the same node id.
 */
public final class GatewayProcess implements AutoCloseable {
  public static final String SECRET_KEY = "sk_test_acme_server";
  public static final String PSP_KEY = "sk_test_acme_psp";

  /** The key of a second account, where there is one; its id is {@code stripe_second}. */
  public static final String SECOND_PSP_KEY = "sk_test_acme_second";

  /** The key of an account at Adyen, where there is one; its id is {@code adyen_acme}. */
  public static final String ADYEN_KEY = "adyen_test_acme";

  /** What its PSP signs webhooks with. */
  public static final String WEBHOOK_SECRET = "whsec_acme";

  private static final String WEBHOOK_PATH = "/webhooks/stripe/stripe_acme";

  private final JavaProcess process;
  private final URI api;
  private final URI webhooks;
  private final URI ops;
  private final HttpClient client = HttpClient.newHttpClient();

  private GatewayProcess(JavaProcess process) {
    this.process = process;
    String ready = process.awaitLine(line -> line.startsWith("Sluice is ready."));
    api = URI.create("http://127.0.0.1:" + ready.replaceAll(".*API port (\\d+),.*", "$1"));
    String started = process.awaitLine(line -> line.contains("webhookPort="));
    webhooks =
        URI.create(
            "http://127.0.0.1:"
                + started.replaceAll(".*webhookPort=(\\d+).*", "$1")
                + WEBHOOK_PATH);
    ops = URI.create("http://127.0.0.1:" + started.replaceAll(".*opsPort=(\\d+).*", "$1"));
  }

  /**
   * Starts it and returns when it serves requests.
   *
   * @param databasePort where it finds the database's server, which may be a proxy
   * @param pspPort where it finds its PSP, which may be a proxy
   * @param changes of its settings, as in {@code --recovery.poll-interval=1h}
   */
  public static GatewayProcess start(
      Path directory, TestDatabase database, int databasePort, int pspPort, String... changes)
      throws IOException {
    return launch(directory, settings(database, databasePort, pspPort), changes);
  }

  /**
   * The same for a merchant with a second account.
   *
   * @param priority of the second; the first has 100
   */
  public static GatewayProcess startWithTwoAccounts(
      Path directory,
      TestDatabase database,
      int databasePort,
      int pspPort,
      int priority,
      String... changes)
      throws IOException {
    String second =
        """
              - id: stripe_second
                psp: stripe
                mode: test
                secret-key: %s
                base-url: "http://127.0.0.1:%d"
                priority: %d
        """
            .formatted(SECOND_PSP_KEY, pspPort, priority);
    return launch(directory, settings(database, databasePort, pspPort) + second, changes);
  }

  /**
   * The same for a merchant with an account at Adyen beside the one at Stripe.
   *
   * @param priority of the one at Adyen; the other has 100
   */
  public static GatewayProcess startWithAdyen(
      Path directory,
      TestDatabase database,
      int databasePort,
      int pspPort,
      int priority,
      String... changes)
      throws IOException {
    String adyen =
        """
              - id: adyen_acme
                psp: adyen
                mode: test
                secret-key: %s
                merchant-account: Acme
                base-url: "http://127.0.0.1:%d"
                priority: %d
        """
            .formatted(ADYEN_KEY, pspPort, priority);
    var all = new ArrayList<>(List.of(changes));
    all.add("--api.public-url=http://127.0.0.1:8080");
    return launch(
        directory, settings(database, databasePort, pspPort) + adyen, all.toArray(String[]::new));
  }

  /**
   * Starts it with settings of the test's own and returns when it serves requests.
   *
   * @param directory its own, for the settings and what it leaves behind
   * @param changes of its settings, or of its JVM, as in {@code -Xmx1g}
   */
  public static GatewayProcess launch(Path directory, String settings, String... changes)
      throws IOException {
    Path file = directory.resolve("sluice.yaml");
    Files.writeString(file, settings);
    var arguments = new ArrayList<>(JavaProcess.quickToStart("256m"));
    List<String> all = List.of(changes);
    arguments.addAll(all.stream().filter(change -> !change.startsWith("--")).toList());
    String jar = System.getProperty("sluice.jar", "");
    if (!jar.isEmpty() && Files.exists(Path.of(jar))) {
      if (arguments.stream().noneMatch(flag -> flag.startsWith("-javaagent:"))) {
        // A life that ended by itself leaves its loaded classes to the later ones of its directory,
        // unless an agent changes them. What the JVM has to say about that is kept apart from what
        // the gateway prints.
        arguments.addAll(List.of("-Xlog:disable", "-Xlog:all=warning:stderr"));
        arguments.add("-XX:+AutoCreateSharedArchive");
        arguments.add("-XX:SharedArchiveFile=" + directory.resolve("gateway.jsa"));
      }
      arguments.addAll(List.of("-jar", jar));
    } else {
      arguments.addAll(List.of("-classpath", System.getProperty("java.class.path"), "app.Main"));
    }
    arguments.add("--config=" + file);
    arguments.addAll(all.stream().filter(change -> change.startsWith("--")).toList());
    return new GatewayProcess(JavaProcess.start(directory, Map.of(), arguments));
  }

  private static String settings(TestDatabase database, int databasePort, int pspPort) {
    return """
    mode: test
    node-id: node_of_this_test
    ops: {port: 0}
    webhooks: {host: 127.0.0.1, port: 0}
    api: {host: 127.0.0.1, port: 0}
    shutdown: {readiness-delay: 0s}
    recovery: {poll-interval: 50ms, schedule: "100ms,200ms,500ms"}
    database:
      url: postgresql://127.0.0.1:%d/%s
      password: %s
      migrator-password: %s
      ssl-mode: disable
    merchants:
      - id: acme
        keys:
          - {id: acme_server, kind: secret, mode: test, value: %s}
        psp-accounts:
          - id: stripe_acme
            psp: stripe
            mode: test
            secret-key: %s
            webhook-secret: %s
            base-url: "http://127.0.0.1:%d"
    """
        .formatted(
            databasePort,
            database.options().database(),
            TestDatabase.PASSWORD,
            TestDatabase.PASSWORD,
            SECRET_KEY,
            PSP_KEY,
            WEBHOOK_SECRET,
            pspPort);
  }

  /** A POST of a form with the secret key, without waiting for the answer. */
  public CompletableFuture<HttpResponse<String>> send(String path, String form, String... headers) {
    var request =
        HttpRequest.newBuilder(api.resolve(path))
            .header("Authorization", "Bearer " + SECRET_KEY)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form));
    return client.sendAsync(
        (headers.length == 0 ? request : request.headers(headers)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** A POST of a form with the secret key. */
  public HttpResponse<String> post(String path, String form, String... headers) {
    return send(path, form, headers).join();
  }

  /** A GET with the secret key. */
  public HttpResponse<String> get(String path) {
    var request =
        HttpRequest.newBuilder(api.resolve(path)).header("Authorization", "Bearer " + SECRET_KEY);
    return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString()).join();
  }

  /** Where it serves merchants. */
  public URI api() {
    return api;
  }

  /** Where its PSP's webhooks come in. */
  public URI webhooks() {
    return webhooks;
  }

  /** The management port. */
  public URI ops() {
    return ops;
  }

  /** The process with what it prints. */
  public JavaProcess process() {
    return process;
  }

  /** SIGKILL; returns when it is dead. */
  public void kill() throws InterruptedException {
    process.kill();
    process.awaitExit();
  }

  @Override
  public void close() throws InterruptedException {
    process.close();
    client.shutdownNow();
  }
}
