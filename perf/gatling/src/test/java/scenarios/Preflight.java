package scenarios;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import scenarios.Catalogue.Need;

/**
 * Looks before any load whether a scenario can run: everything it needs answers, and takes the
 * keys. Prints the simulation's class and ends with 0, or says in one line what is wrong and ends
 * with 2 (the call is wrong) or 3 (something cannot be reached, or refuses us).
 */
final class Preflight {
  private static final int WRONG_CALL = 2;
  private static final int NOT_READY = 3;

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private Preflight() {}

  /** Called with the scenario's name. */
  public static void main(String[] arguments) {
    String name = arguments.length == 1 ? arguments[0] : "";
    Optional<Catalogue> scenario = Catalogue.named(name);
    if (scenario.isEmpty()) {
      end(WRONG_CALL, "there is no scenario '" + name + "'; there are " + Catalogue.names());
      return;
    }
    try {
      Optional<String> wrong = new Preflight().look(scenario.get());
      if (wrong.isPresent()) {
        end(NOT_READY, wrong.get());
      } else {
        System.out.println(scenario.get().className());
      }
    } catch (IllegalArgumentException wrong) {
      end(WRONG_CALL, String.valueOf(wrong.getMessage()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      end(NOT_READY, "interrupted");
    }
  }

  private static void end(int code, String why) {
    System.err.println(why);
    System.exit(code);
  }

  private Optional<String> look(Catalogue scenario) throws InterruptedException {
    checkNames();
    checkNumbers();
    Optional<String> wrong =
        ask(
            "the gateway (-DbaseUrl, -DapiKey)",
            HttpRequest.newBuilder(URI.create(Parameters.baseUrl() + "/v1/payment_intents?limit=1"))
                .header("Authorization", "Bearer " + Parameters.apiKey()));
    if (wrong.isEmpty() && scenario.needs(Need.OPS)) {
      wrong =
          ask(
              "the management port (-DopsUrl, -DopsToken)",
              HttpRequest.newBuilder(URI.create(Parameters.opsUrl() + "/ops/psp-accounts"))
                  .header("Authorization", "Bearer " + Parameters.opsToken()));
    }
    if (wrong.isEmpty() && scenario.needs(Need.WEBHOOKS)) {
      wrong = ask("the webhook port (-DwebhookUrl, -DwebhookSecret)", webhook());
    }
    if (wrong.isEmpty() && scenario.needs(Need.SIMULATOR)) {
      wrong =
          ask(
              "the PSP simulator (-DsimulatorUrl)",
              HttpRequest.newBuilder(
                  URI.create(Parameters.simulatorUrl() + Simulator.PATH + "health")));
    }
    return wrong;
  }

  /** What Gatling or the JVM is told has a dot in its name. */
  private static void checkNames() {
    for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      String name = argument.replaceAll("^-D|=.*", "");
      if (argument.startsWith("-D") && !name.contains(".") && !Parameters.NAMES.contains(name)) {
        throw new IllegalArgumentException(
            "there is no parameter -D" + name + "; there are " + Parameters.NAMES);
      }
    }
  }

  /** Reads what only the simulation will use, so that a slip is told here. */
  private static void checkNumbers() {
    if (Parameters.rate() == 0 || Parameters.duration().isZero()) {
      throw new IllegalArgumentException("-Drate and -Dduration must be more than 0");
    }
    Parameters.ramp();
    Parameters.maxFailedPercent();
    Parameters.p99("1s");
    Parameters.payments();
  }

  /** An event of a sort that is stored and left alone. */
  private static HttpRequest.Builder webhook() {
    String body = StripeEvent.leftAlone("evt_preflight_" + UUID.randomUUID(), "pi_preflight");
    return HttpRequest.newBuilder(Parameters.webhookUrl())
        .header("Stripe-Signature", StripeEvent.signature(Parameters.webhookSecret(), body))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private Optional<String> ask(String what, HttpRequest.Builder asking)
      throws InterruptedException {
    HttpRequest request = asking.timeout(Duration.ofSeconds(10)).build();
    String at = request.uri().getScheme() + "://" + request.uri().getAuthority();
    try {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() == 200) {
        return Optional.empty();
      }
      String body = answer.body().replaceAll("\\s+", " ");
      return Optional.of(
          "%s at %s answered %d: %s"
              .formatted(
                  what,
                  at,
                  answer.statusCode(),
                  body.length() > 200 ? body.substring(0, 200) + "..." : body));
    } catch (IOException unreachable) {
      String why = unreachable.getMessage();
      return Optional.of(
          "%s is not reachable at %s (%s)"
              .formatted(what, at, why == null ? unreachable.getClass().getSimpleName() : why));
    }
  }
}
