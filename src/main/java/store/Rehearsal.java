package store;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * What a session does for the first time takes it many times as long: PostgreSQL plans statements
 * of a dozen steps and reads what it has to know of their tables, and this side logs in. So the
 * sessions of the money path do it all once before a merchant waits for it, with the payment of
 * nobody, in a transaction that is undone.
 */
final class Rehearsal {
  private static final List<BatchStatement<?>> OFTEN =
      List.of(PaymentWrites.CREATE, PaymentWrites.BEGIN, PaymentWrites.PLAIN_FINISH);

  private Rehearsal() {}

  /** Has as many sessions rehearse as there may be; fails as transactions do. */
  static Future<Void> of(Database batches) {
    return Future.join(
            IntStream.range(0, batches.places())
                .mapToObj(
                    session ->
                        batches.undone(
                            sql -> {
                              Future<?> done = Future.succeededFuture();
                              for (BatchStatement<?> statement : OFTEN) {
                                done = done.compose(before -> rehearse(sql, statement));
                              }
                              return done;
                            }))
                .toList())
        .mapEmpty();
  }

  /** Alone, and with others: of these there are none. */
  private static Future<?> rehearse(Sql sql, BatchStatement<?> statement) {
    return sql.query(statement.one(), statement.columns().named(nobodysPayment()))
        .compose(one -> sql.query(statement.many(), statement.columns().tuple(List.of())));
  }

  /** What is not in here is null: no operation, no key. A change of it finds nothing. */
  private static Map<String, Object> nobodysPayment() {
    return Map.ofEntries(
        Map.entry("merchant_id", "rehearsal"),
        Map.entry("payment_id", UUID.randomUUID()),
        Map.entry("livemode", false),
        Map.entry("lane", 0),
        Map.entry("status", "requires_payment_method"),
        Map.entry("amount", 1L),
        Map.entry("currency", "usd"),
        Map.entry("capture_method", "automatic"),
        Map.entry("client_secret", ""),
        Map.entry("parameters", new JsonObject()),
        Map.entry("c_event", "created"),
        Map.entry("c_reference", "rehearsal"),
        Map.entry("c_actor", "rehearsal"));
  }
}
