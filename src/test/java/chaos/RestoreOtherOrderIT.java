package chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import simulator.SimulatorExtension;
import support.Books;
import support.GatewayProcess;
import support.TestDatabase;

/**
 * A database that was restored from a backup, under accounts that are asked in another order than
 * before it: each still meets the memory of its own.
 */
final class RestoreOtherOrderIT {
  private static final int FIRST = 50;
  private static final int LAST = 200;
  private static final String METHOD = "pm_of_both";

  @RegisterExtension static final SimulatorExtension PSPS = new SimulatorExtension();

  @Test
  void doesNotChargeAgainAtTheAccountThatApproved(@TempDir Path directory)
      throws IOException, InterruptedException {
    var database = TestDatabase.create();
    database.execute(
        "INSERT INTO payment_method (merchant_id, payment_method_id, livemode, tokens, parameters,"
            + " created_at) VALUES ('acme', '"
            + METHOD
            + "', false, '{\"stripe_acme\": \"pm_card_chargeDeclinedProcessingError\","
            + " \"stripe_second\": \"pm_card_visa\"}', '{}', now())");
    TestDatabase backup = database.copy();
    try (var gateway = launch(directory, database, LAST)) {
      assertThat(charge(pay(gateway))).as("approved at the second").isNotNull();
      gateway.kill();
    }
    assertThat(attempts(GatewayProcess.PSP_KEY)).isEqualTo(1);
    assertThat(attempts(GatewayProcess.SECOND_PSP_KEY)).isEqualTo(1);

    try (var gateway = launch(directory, backup, FIRST)) {
      assertThat(charge(pay(gateway))).isNotNull();
    }

    assertThat(attempts(GatewayProcess.PSP_KEY)).isEqualTo(1);
    assertThat(attempts(GatewayProcess.SECOND_PSP_KEY)).as("its own answer again").isEqualTo(1);
    assertThat(PSPS.simulator().truth().account(GatewayProcess.SECOND_PSP_KEY).approved())
        .hasSize(1);
    new Books(backup, PSPS.simulator(), GatewayProcess.SECOND_PSP_KEY).balance();
  }

  private GatewayProcess launch(Path directory, TestDatabase database, int priorityOfSecond)
      throws IOException {
    return GatewayProcess.startWithTwoAccounts(
        directory, database, database.options().port(), PSPS.simulator().port(), priorityOfSecond);
  }

  private static HttpResponse<String> pay(GatewayProcess gateway) {
    return gateway.post(
        "/v1/payment_intents",
        "amount=1000&currency=usd&confirm=true&payment_method=" + METHOD,
        "Idempotency-Key",
        "order-7");
  }

  private static String charge(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body()).getString("latest_charge");
  }

  private int attempts(String account) {
    return PSPS.simulator().truth().account(account).charges().size();
  }
}
