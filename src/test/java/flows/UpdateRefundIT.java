package flows;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import payments.Answer;
import payments.Command;
import payments.Parameters;

/** The metadata of a refund. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class UpdateRefundIT {
  private final FlowBench bench = new FlowBench();

  @AfterAll
  void close() {
    bench.close();
  }

  @Test
  void mergesMetadataAndKeepsTheRest() {
    UUID refund = refund();
    bench.done(update(null, refund, Map.of("a", "1", "b", "2")));

    JsonObject updated = bench.done(update(null, refund, Map.of("a", "", "c", "3")));

    assertThat(updated.getJsonObject("metadata").getMap()).isEqualTo(Map.of("b", "2", "c", "3"));
    assertThat(updated.getString("reason")).isEqualTo("duplicate");
    assertThat(retrieved(refund)).isEqualTo(updated);
  }

  @Test
  void losesNoneOfUpdatesSideBySide() {
    UUID refund = refund();
    var all = new ArrayList<Future<Answer>>();
    for (int i = 0; i < 5; i++) {
      all.add(bench.start(update("side-" + i, refund, Map.of("k" + i, "v"))));
    }

    assertThat(Future.all(all).await().<Answer>list()).extracting(Answer::status).containsOnly(200);
    assertThat(retrieved(refund).getJsonObject("metadata").fieldNames()).hasSize(5);
  }

  @Test
  void replays() {
    UUID refund = refund();
    Answer first = bench.run(update("replay", refund, Map.of("k", "first")));
    bench.run(update("other", refund, Map.of("k", "second")));

    assertThat(bench.run(update("replay", refund, Map.of("k", "first"))))
        .isEqualTo(first.asReplay());
    assertThat(retrieved(refund).getJsonObject("metadata").getString("k")).isEqualTo("second");
  }

  @Test
  void isBlindToOtherMerchantsAndTheOtherMode() {
    UUID refund = refund();
    var parameters = new Parameters(Map.of("metadata", Map.of("k", "v")));

    assertThat(
            bench
                .run(
                    new Command.UpdateRefund(
                        FlowBench.context("m_2", false, null, "/"), refund, parameters))
                .status())
        .isEqualTo(404);
    assertThat(
            bench
                .run(
                    new Command.UpdateRefund(
                        FlowBench.context(FlowBench.MERCHANT, true, null, "/"), refund, parameters))
                .status())
        .isEqualTo(404);
  }

  private JsonObject retrieved(UUID refund) {
    return bench.done(new Command.RetrieveRefund(FlowBench.test(null, "/"), refund));
  }

  private static Command update(@Nullable String key, UUID refund, Map<String, Object> metadata) {
    return new Command.UpdateRefund(
        FlowBench.test(key, "/v1/refunds/x"), refund, new Parameters(Map.of("metadata", metadata)));
  }

  /** A refund that is done, with its payment. */
  private UUID refund() {
    UUID payment = bench.ids.next();
    UUID refund = bench.ids.next();
    bench.postgres.execute(
        """
        INSERT INTO payment (merchant_id, payment_id, livemode, lane, status, version, sequence, amount, currency,
          capture_method, authorized, captured, refund_reserved, refunded, disputed, client_secret, parameters)
        VALUES ('%s', '%s', false, 0, 'succeeded', 1, 1, 100, 'usd', 'automatic', 100, 100, 0, 50, 0, 'secret', '{}')
        """
            .formatted(FlowBench.MERCHANT, payment));
    bench.postgres.execute(
        """
        INSERT INTO operation (merchant_id, operation_id, payment_id, livemode, lane, node, kind, status, amount,
          currency, psp_account_id, psp_idempotency_key, request, attempts, parameters)
        VALUES ('%s', '%s', '%s', false, 0, 'node', 'refund', 'succeeded', 50, 'usd', 'acct_test', 'key', '', 1,
          '{"reason": "duplicate"}')
        """
            .formatted(FlowBench.MERCHANT, refund, payment));
    return refund;
  }
}
