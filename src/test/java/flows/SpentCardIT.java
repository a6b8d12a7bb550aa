package flows;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import money.Money;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import payments.Answer;
import payments.CaptureMethod;
import payments.Command;
import payments.Parameters;
import psp.PspResult;
import support.Books;

/** A stored payment method with what a browser's component gave of a card: for one payment. */
final class SpentCardIT {
  private static FactBench bench;

  @BeforeAll
  static void open() {
    bench = new FactBench();
  }

  @AfterAll
  static void close() {
    bench.close();
  }

  @BeforeEach
  void nothingIsScripted() {
    bench.script.clear();
  }

  @AfterEach
  void theBooksBalance() {
    Books.balance(bench.postgres);
  }

  private static String method(String name) {
    bench.postgres.execute(
        "INSERT INTO payment_method (merchant_id, payment_method_id, livemode, tokens, parameters,"
            + " created_at) VALUES ('demo', '"
            + name
            + "', false, '{\"psp_demo\": \"{}\"}', '{}', now())");
    return name;
  }

  private static Command paying(String method, @Nullable String key, @Nullable UUID customer) {
    return new Command.CreatePayment(
        FactBench.request(key, "/v1/payment_intents"),
        Money.of(1_000, "usd"),
        CaptureMethod.AUTOMATIC,
        customer,
        new Command.Confirmation(method, null, Parameters.EMPTY, false, null, Parameters.EMPTY),
        true,
        new Parameters(Map.of()));
  }

  /**
   * Twice at once: the second has looked for the key, and before it looks at the card, the first
   * has claimed the key and spent the card. Only the second waits for the customer's row, which
   * stands for any delay there.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void isNoReasonToRefuseTheSameRequestAgain(boolean answered) throws SQLException {
    String method = method("pm_twice_" + answered);
    String key = "twice-" + answered;
    UUID customer = UUID.randomUUID();
    bench.postgres.execute(
        "INSERT INTO customer (merchant_id, customer_id, livemode, version, deleted, parameters)"
            + " VALUES ('demo', '"
            + customer
            + "', false, 1, false, '{}')");
    Promise<PspResult> psp = Promise.promise();
    Future<Answer> first;
    Future<Answer> second;
    try (var lock = bench.postgres.connect();
        var statement = lock.createStatement()) {
      lock.setAutoCommit(false);
      statement.execute("LOCK TABLE customer IN ACCESS EXCLUSIVE MODE");
      second = running(paying(method, key, customer));
      bench.awaitNumber(
          "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND"
              + " wait_event_type = 'Lock'");
      bench.script.add(
          sending -> answered ? Future.succeededFuture(FactBench.yes(sending)) : psp.future());
      first = running(paying(method, key, null));
      bench.awaitNumber(
          "SELECT count(*) FROM payment_method WHERE payment_method_id = '"
              + method
              + "' AND tokens = '{}'");
      if (answered) {
        first.await();
      }
      lock.rollback();
    }
    Answer told = second.await();
    if (answered) {
      assertThat(told.replayed()).isTrue();
      assertThat(told.body()).isEqualTo(first.await().body());
    } else {
      assertThat(told.status()).isEqualTo(409);
      assertThat(told.body()).contains("idempotency_key_in_use");
      psp.complete(FactBench.approved("pi_of_" + key, 1_000, true));
      assertThat(first.await().status()).isEqualTo(200);
    }
  }

  private static Future<Answer> running(Command command) {
    return bench.onContextLater(() -> new CommandFlows(bench.services).run(command));
  }

  /** Nothing was charged, and there is nothing left to try again with. */
  @Test
  void isNotAdvisedToBeTriedAgain() {
    assertThat(error(method("pm_once")).getString("advice_code")).isNull();
    assertThat(error("pm_card_visa").getString("advice_code")).isEqualTo("try_again_later");
  }

  private static JsonObject error(String method) {
    bench.script.add(sending -> Future.succeededFuture(PspResult.notSent(sending, "breaker open")));
    Answer answer = bench.run(paying(method, null, null));
    assertThat(answer.status()).as(answer.body()).isEqualTo(402);
    return new JsonObject(answer.body()).getJsonObject("error");
  }
}
