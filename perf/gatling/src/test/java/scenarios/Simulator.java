package scenarios;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** The controls of the PSP simulator behind the gateway: docs/simulator.md. */
final class Simulator {
  static final String PATH = "/_simulator/";

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private Simulator() {}

  /** Forgets what was to go wrong, and adds these rules. */
  static void goWrong(List<String> rules) {
    allWell();
    for (String rule : rules) {
      send(faults().POST(HttpRequest.BodyPublishers.ofString(rule)));
    }
  }

  /** Nothing goes wrong any more. */
  static void allWell() {
    send(faults().DELETE());
  }

  /** How many calls the rules that are there have struck. */
  static int struck() {
    try {
      int struck = 0;
      for (JsonNode rule : new ObjectMapper().readTree(send(faults())).path("faults")) {
        struck += rule.path("struck").asInt();
      }
      return struck;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static HttpRequest.Builder faults() {
    return HttpRequest.newBuilder(URI.create(Parameters.simulatorUrl() + PATH + "faults"))
        .header("Content-Type", "application/json")
        .timeout(Duration.ofSeconds(10));
  }

  private static String send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> answer =
          CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(
            "the simulator answered " + answer.statusCode() + ": " + answer.body());
      }
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
