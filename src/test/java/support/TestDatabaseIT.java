package support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import store.Database;
import store.StoreException;

/** The application's role on a migrated database. */
final class TestDatabaseIT {
  @Test
  void readsAndWritesButNeverDeletesPayments() {
    var vertx = Vertx.vertx();
    try {
      var database = Database.open(vertx, TestDatabase.create().options(), "test", 2);
      database.query("SELECT merchant_id FROM payment", Tuple.tuple()).await(30, TimeUnit.SECONDS);
      assertThatThrownBy(
              () ->
                  database.query("DELETE FROM payment", Tuple.tuple()).await(30, TimeUnit.SECONDS))
          .isInstanceOfSatisfying(
              StoreException.Refused.class,
              refused -> assertThat(refused.sqlState()).isEqualTo("42501"));
    } catch (java.util.concurrent.TimeoutException e) {
      throw new AssertionError(e);
    } finally {
      vertx.close().await();
    }
  }
}
