package simulator;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simulator.webhooks.WebhookEndpoint;
import simulator.webhooks.WebhookOptions;

/**
 * The simulator as a process of its own: {@code --port 12111 --host 127.0.0.1 --journal file
 * --latency-ms 0 --seed 1 --settle-ms 0 --port-file file --kept-events 10000}, or the same in the
 * environment as {@code SIMULATOR_PORT} and so on. Events go to {@code --webhook-url}, for the
 * account of {@code --webhook-account} (its secret key), signed with {@code --webhook-secrets} (one
 * or more, with commas between them); those of an Adyen account to {@code --adyen-webhook-url}, for
 * {@code --adyen-webhook-account} (its API key), signed with {@code --adyen-webhook-keys} (HMAC
 * keys in hex).
 */
public final class SimulatorMain {
  private static final Logger LOG = LoggerFactory.getLogger(SimulatorMain.class);
  private static final String DEVELOPMENT_PORT = "12111";
  private static final String USUALLY_KEPT_EVENTS = "10000";
  private static final Set<String> NAMES =
      Set.of(
          "port",
          "host",
          "journal",
          "latency-ms",
          "seed",
          "settle-ms",
          "port-file",
          "kept-events",
          "webhook-account",
          "webhook-url",
          "webhook-secrets",
          "adyen-webhook-account",
          "adyen-webhook-url",
          "adyen-webhook-keys");

  private SimulatorMain() {}

  /**
   * Starts it and stays until the process is stopped; a bad setting or a taken port ends it with
   * one clear line and exit code 1.
   */
  public static void main(String[] args) {
    Map<String, String> settings;
    SimulatorOptions options;
    try {
      settings = settings(args, System.getenv());
      options = options(settings);
    } catch (IllegalArgumentException e) {
      LOG.error("simulator: {}", e.getMessage());
      System.exit(1);
      return;
    }
    Vertx vertx = Vertx.vertx();
    Simulator.start(vertx, options)
        .compose(simulator -> announce(vertx, simulator, settings.get("port-file")))
        .onFailure(
            failed -> {
              LOG.error(
                  "simulator cannot start on {}:{}: {}",
                  options.host(),
                  options.port(),
                  failed.getMessage());
              System.exit(1);
            });
  }

  /** Says where it listens, also in a file for whoever started it on a free port. */
  private static Future<Void> announce(
      Vertx vertx, Simulator simulator, @Nullable String portFile) {
    LOG.info("simulator listens on {}", simulator.baseUrl());
    if (portFile == null) {
      return Future.succeededFuture();
    }
    String unfinished = portFile + ".new";
    return vertx
        .fileSystem()
        .writeFile(unfinished, Buffer.buffer(Integer.toString(simulator.port())))
        .compose(written -> vertx.fileSystem().move(unfinished, portFile));
  }

  static Map<String, String> settings(String[] args, Map<String, String> environment) {
    Map<String, String> given = new LinkedHashMap<>();
    for (int i = 0; i < args.length; i += 2) {
      String name = args[i].startsWith("--") ? args[i].substring(2) : "";
      if (!NAMES.contains(name)) {
        throw new IllegalArgumentException("unknown option " + args[i] + "; there are " + NAMES);
      }
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i] + " needs a value");
      }
      given.put(name, args[i + 1]);
    }
    for (String name : NAMES) {
      String value =
          environment.get("SIMULATOR_" + name.toUpperCase(Locale.ROOT).replace('-', '_'));
      if (value != null) {
        given.putIfAbsent(name, value);
      }
    }
    return given;
  }

  static SimulatorOptions options(Map<String, String> given) {
    String journal = given.get("journal");
    long settleMs = number(given, "settle-ms", "0");
    return SimulatorOptions.defaults()
        .withPort((int) number(given, "port", DEVELOPMENT_PORT))
        .withHost(given.getOrDefault("host", "127.0.0.1"))
        .withSeed(number(given, "seed", "1"))
        .withLatency(new Latency.Fixed(Duration.ofMillis(number(given, "latency-ms", "0"))))
        .withJournal(path(journal))
        .withSettlementEvery(settleMs == 0 ? null : Duration.ofMillis(settleMs))
        .withWebhooks(webhooks(given));
  }

  private static WebhookOptions webhooks(Map<String, String> given) {
    WebhookOptions options =
        WebhookOptions.defaults()
            .withKeptEvents((int) number(given, "kept-events", USUALLY_KEPT_EVENTS));
    options = withEndpoint(options, given, "webhook-account", "webhook-url", "webhook-secrets");
    return withEndpoint(
        options, given, "adyen-webhook-account", "adyen-webhook-url", "adyen-webhook-keys");
  }

  private static WebhookOptions withEndpoint(
      WebhookOptions options,
      Map<String, String> given,
      String accountName,
      String urlName,
      String secretsName) {
    String account = given.get(accountName);
    String url = given.get(urlName);
    String secrets = given.get(secretsName);
    if (account == null && url == null && secrets == null) {
      return options;
    }
    if (account == null || url == null || secrets == null) {
      throw new IllegalArgumentException(
          accountName + ", " + urlName + " and " + secretsName + " go together");
    }
    return options.withEndpoint(WebhookEndpoint.of(account, URI.create(url), secrets.split(",")));
  }

  private static @Nullable Path path(@Nullable String journal) {
    return journal == null ? null : Path.of(journal);
  }

  private static long number(Map<String, String> given, String name, String otherwise) {
    String value = given.getOrDefault(name, otherwise);
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " is a number, not '" + value + "'", e);
    }
  }
}
