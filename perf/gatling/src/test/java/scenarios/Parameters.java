package scenarios;

import java.net.URI;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * What can be told to every scenario, as {@code -Drate=200}; the defaults are those of development
 * mode on this machine. Secrets may come from the environment instead, where other users of the
 * machine do not see them.
 */
final class Parameters {
  /** All there are: another one on a command line is a slip. */
  static final Set<String> NAMES =
      new TreeSet<>(
          Set.of(
              "rate",
              "duration",
              "ramp",
              "maxFailedPercent",
              "p99",
              "baseUrl",
              "apiKey",
              "opsUrl",
              "opsToken",
              "webhookUrl",
              "webhookSecret",
              "simulatorUrl",
              "currency",
              "payments",
              "webhooksPerCheckout",
              "operatorsPerCheckout",
              "pspDelay",
              "failing",
              "faults",
              "settled"));

  private Parameters() {}

  /** New virtual users in a second; what one does is the scenario's. */
  static double rate() {
    return number("rate", 10);
  }

  /** How long the rate is held. */
  static Duration duration() {
    return time("duration", "30s");
  }

  /** How long it takes to come to the rate before that. */
  static Duration ramp() {
    return time("ramp", "5s");
  }

  /** The share of requests that may fail, in percent. */
  static double maxFailedPercent() {
    return number("maxFailedPercent", 0);
  }

  /** The limit for the 99th percentile of answer times. */
  static Duration p99(String otherwise) {
    return time("p99", otherwise);
  }

  static URI baseUrl() {
    return url("baseUrl", "http://127.0.0.1:8080");
  }

  static String apiKey() {
    return secret("apiKey", "API_KEY", "sk_test_demo");
  }

  static URI opsUrl() {
    return url("opsUrl", "http://127.0.0.1:9090");
  }

  static String opsToken() {
    return secret("opsToken", "OPS_TOKEN", "operator_demo");
  }

  /** Where an account at Stripe sends its webhooks. */
  static URI webhookUrl() {
    return url("webhookUrl", "http://127.0.0.1:8081/webhooks/stripe/stripe_demo");
  }

  static String webhookSecret() {
    return secret("webhookSecret", "WEBHOOK_SECRET", "whsec_simulator");
  }

  static URI simulatorUrl() {
    return url("simulatorUrl", "http://127.0.0.1:12111");
  }

  static String currency() {
    return text("currency", "usd");
  }

  /** Payments that are made before the load, for scenarios that are about existing ones. */
  static int payments() {
    return (int) number("payments", 50);
  }

  static String text(String name, String otherwise) {
    if (!NAMES.contains(name)) {
      throw new IllegalStateException(name + " is not among the parameters' names");
    }
    String given = System.getProperty(name, "");
    return given.isBlank() ? otherwise : given.strip();
  }

  static double number(String name, double otherwise) {
    String given = text(name, String.valueOf(otherwise));
    try {
      double number = Double.parseDouble(given);
      if (number >= 0 && number < Double.POSITIVE_INFINITY) {
        return number;
      }
    } catch (NumberFormatException none) {
      // Told below, as what is no number is.
    }
    throw new IllegalArgumentException("-D" + name + "=" + given + " is no number from 0 on");
  }

  /** A time such as {@code 500ms}, {@code 60s}, {@code 5m} or {@code 1h30m}. */
  static Duration time(String name, String otherwise) {
    String given = text(name, otherwise).toLowerCase(Locale.ROOT);
    try {
      if (given.endsWith("ms")) {
        return Duration.ofMillis(Long.parseLong(given.substring(0, given.length() - 2)));
      }
      return Duration.parse("PT" + given);
    } catch (DateTimeParseException | NumberFormatException none) {
      throw new IllegalArgumentException(
          "-D" + name + "=" + given + " is no time such as 500ms, 60s or 5m", none);
    }
  }

  private static URI url(String name, String otherwise) {
    String given = text(name, otherwise);
    if (!given.matches("https?://[^/\\s]+(/\\S*)?")) {
      throw new IllegalArgumentException("-D" + name + "=" + given + " is no http address");
    }
    return URI.create(given.replaceAll("/+$", ""));
  }

  private static String secret(String name, String variable, String otherwise) {
    String inEnvironment = System.getenv(variable);
    return text(name, inEnvironment == null ? otherwise : inEnvironment);
  }
}
