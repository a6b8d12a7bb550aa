package store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What sessions do once before anybody waits for it. */
final class RehearsalIT {
  private static final int PLACES = 3;

  private final StoreFixture store = new StoreFixture();
  private final Database batches =
      Database.openForBatches(store.vertx, store.server.options(), "rehearsing", PLACES);

  @AfterEach
  void close() {
    batches.close().await();
    store.close();
  }

  @Test
  void leavesNothingAndHasEverySessionReady() {
    writes().rehearse().await();

    for (String table :
        new String[] {
          "payment", "operation", "idempotency_key", "payment_event", "payment_change", "outbox"
        }) {
      assertThat(store.number("SELECT count(*) FROM " + table)).as(table).isZero();
    }
    assertThat(
            store.number(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND"
                    + " usename = 'sluice_app' AND query LIKE 'ROLLBACK%' AND state = 'idle'"))
        .isEqualTo(PLACES);
  }

  @Test
  void failsWhereTheDatabaseDoesNotTakeIt() {
    store.server.execute("ALTER TABLE payment RENAME COLUMN amount TO worth");

    assertThatThrownBy(() -> writes().rehearse().await()).isInstanceOf(StoreException.class);
  }

  private PaymentWrites writes() {
    return new PaymentWrites(
        store.vertx.getOrCreateContext(),
        batches,
        new Batcher.Limits(64, 1, 1_000),
        Batcher.BatchObserver.NONE);
  }
}
