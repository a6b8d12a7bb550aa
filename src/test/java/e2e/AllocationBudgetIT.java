package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simulator.Simulator;
import simulator.SimulatorOptions;
import support.GatewayProcess;
import support.TestDatabase;

/**
 * What a checkout makes the gateway allocate, from the first byte of the request to the last of the
 * answer: the budget of the hot path. It counts bytes and not time, and what works by the clock
 * rests, so a slow machine says the same: a tree that is built where none was is seen here first.
 */
final class AllocationBudgetIT {
  /** A quarter above what it took when this was written, in a compiler that spares little. */
  private static final long BUDGET_BYTES = 175_000;

  /** Less, and something else was measured. */
  private static final long LEAST_BYTES = 40_000;

  private static final int WARMING = 600;
  private static final int COUNTED = 600;
  private static final int AT_ONCE = 16;
  private static final String ALLOCATED = "sluice_jvm_allocated_bytes_total ";

  private final Vertx vertx = Vertx.vertx();
  private final Simulator simulator = Simulator.start(vertx, SimulatorOptions.defaults()).await();

  @AfterEach
  void close() {
    simulator.close().await();
    vertx.close().await();
  }

  @Test
  void aCheckoutStaysInItsBudget(@TempDir Path directory) throws Exception {
    var database = TestDatabase.create();
    try (var gateway =
        GatewayProcess.start(
            directory,
            database,
            database.options().port(),
            simulator.port(),
            "--recovery.poll-interval=1h",
            "--inbox.poll-interval=1h",
            "--outbox.poll-interval=1h",
            "--deliveries.poll-interval=1h")) {
      pay(gateway, "warming", WARMING);
      long before = allocated(gateway);
      pay(gateway, "counted", COUNTED);
      assertThat((allocated(gateway) - before) / COUNTED)
          .as("bytes a checkout")
          .isBetween(LEAST_BYTES, BUDGET_BYTES);
    }
  }

  private static void pay(GatewayProcess gateway, String order, int payments) {
    var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (int number = 0; number < payments; number++) {
      if (number >= AT_ONCE) {
        answers.get(number - AT_ONCE).join();
      }
      answers.add(
          gateway.send(
              "/v1/payment_intents",
              "amount=1999&currency=eur&confirm=true&payment_method=pm_card_visa&description=Shoes"
                  + "&metadata[order]=6735",
              "Idempotency-Key",
              order + "-" + number));
    }
    for (var answer : answers) {
      assertThat(answer.join().statusCode()).as(answer.join().body()).isEqualTo(200);
    }
  }

  private static long allocated(GatewayProcess gateway) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(gateway.ops().resolve("/metrics")).build();
      return client
          .send(request, HttpResponse.BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith(ALLOCATED))
          .map(line -> (long) Double.parseDouble(line.substring(ALLOCATED.length())))
          .findFirst()
          .orElseThrow();
    }
  }
}
