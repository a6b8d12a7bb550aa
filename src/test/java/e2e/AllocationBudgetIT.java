package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import simulator.SimulatorExtension;
import support.GatewayProcess;
import support.Metrics;
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

  @RegisterExtension static final SimulatorExtension PSP = new SimulatorExtension();

  @Test
  void aCheckoutStaysInItsBudget(@TempDir Path directory) throws Exception {
    var database = TestDatabase.create();
    try (var gateway =
        GatewayProcess.start(
            directory,
            database,
            database.options().port(),
            PSP.simulator().port(),
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
      String scraped = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
      return (long) Metrics.values(scraped, "sluice_jvm_allocated_bytes_total").sum();
    }
  }
}
