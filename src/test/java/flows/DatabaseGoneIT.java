package flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import payments.Answer;
import payments.Command;
import store.StoreException;

/**
 * A database that takes no more once something was done: nobody is told then that nothing was, and
 * the same key gets what was begun.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DatabaseGoneIT {
  private final FlowBench bench = new FlowBench();

  DatabaseGoneIT() {
    bench.postgres.execute(
        """
        CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100'; END $$;
        CREATE TRIGGER disk_full BEFORE INSERT OR UPDATE ON payment_method
          FOR EACH STATEMENT EXECUTE FUNCTION disk_full();
        CREATE TRIGGER disk_full BEFORE INSERT OR UPDATE ON psp_customer
          FOR EACH STATEMENT EXECUTE FUNCTION disk_full();
        CREATE FUNCTION no_memory() RETURNS boolean LANGUAGE plpgsql AS $$
          BEGIN RAISE EXCEPTION 'out of memory' USING ERRCODE = '53200'; END $$;
        """);
  }

  @BeforeEach
  void room() {
    bench.postgres.execute("ALTER TABLE payment_method DISABLE TRIGGER disk_full");
    bench.postgres.execute("ALTER TABLE psp_customer DISABLE TRIGGER disk_full");
  }

  private void full(String table) {
    bench.postgres.execute("ALTER TABLE " + table + " ENABLE TRIGGER disk_full");
  }

  @AfterAll
  void close() {
    bench.close();
  }

  @Test
  void doesNotSayThatNothingWasDoneWhereThePspHasTiedACard() {
    bench.vault.cards.add("pm_tied");
    Command attach = attach("tied", "pm_tied", bench.customer());
    full("payment_method");
    assertOutcomeUnknown(bench.run(attach));
    assertThat(bench.vault.owners).containsKey("pm_tied");

    room();
    bench.abandon("tied");
    assertThat(bench.done(attach).getString("id")).isEqualTo("pm_tied");
  }

  @Test
  void doesNotSayThatNothingWasDoneWhereThePspHasLetACardGo() {
    bench.vault.cards.add("pm_untied");
    bench.done(attach("to be untied", "pm_untied", bench.customer()));
    Command detach =
        new Command.DetachPaymentMethod(
            FlowBench.test("untied", "/v1/payment_methods/pm_untied/detach"), "pm_untied");
    full("payment_method");
    assertOutcomeUnknown(bench.run(detach));
    assertThat(bench.vault.owners).doesNotContainKey("pm_untied");

    room();
    bench.abandon("untied");
    assertThat(bench.done(detach).getString("customer")).isNull();
  }

  @Test
  void doesNotSayThatNothingWasDoneWhereThePspHasMadeACustomer() {
    bench.vault.cards.add("pm_of_new");
    Command attach = attach("new", "pm_of_new", bench.customer());
    full("psp_customer");
    assertOutcomeUnknown(bench.run(attach));
    assertThat(bench.vault.calls).anyMatch(call -> call.startsWith("customer "));
    assertThat(bench.vault.owners).doesNotContainKey("pm_of_new");

    room();
    bench.abandon("new");
    assertThat(bench.done(attach).getString("id")).isEqualTo("pm_of_new");
  }

  /** What was refused may have had an authentication ended before. */
  @Test
  void doesNotSayThatNothingWasDoneWhereTheKeyOfWhatWasRefusedCannotBeRead() {
    Future<Answer> changed =
        new KeyedChange(bench.services)
            .run(
                FlowBench.test("refused", "/"),
                "object",
                () -> {
                  bench.postgres.execute(
                      "ALTER TABLE idempotency_key RENAME TO kept_keys; CREATE VIEW idempotency_key"
                          + " AS SELECT * FROM kept_keys WHERE (SELECT no_memory()); GRANT SELECT"
                          + " ON idempotency_key TO PUBLIC");
                  return Future.failedFuture(new Refused(KeyedChange.busy("object")));
                });
    try {
      assertThatThrownBy(changed::await).isInstanceOf(StoreException.InDoubt.class);
    } finally {
      bench.postgres.execute(
          "DROP VIEW idempotency_key; ALTER TABLE kept_keys RENAME TO idempotency_key");
    }
  }

  /** The first decision may have been to let an authentication end, and to look again. */
  @Test
  void doesNotSayThatNothingWasDoneOnceAChangeIsDecidedAgain() {
    var decisions = new AtomicInteger();
    Future<Answer> changed =
        new KeyedChange(bench.services)
            .run(
                FlowBench.test(null, "/"),
                "object",
                () ->
                    decisions.getAndIncrement() == 0
                        ? Future.succeededFuture(Optional.empty())
                        : Future.failedFuture(new StoreException.Unavailable("gone", null)));
    assertThatThrownBy(changed::await).isInstanceOf(StoreException.InDoubt.class);
  }

  private static void assertOutcomeUnknown(Answer answer) {
    assertThat(new JsonObject(answer.body()).getString("code")).isEqualTo("OUTCOME_UNKNOWN");
  }

  private static Command attach(String key, String id, UUID customer) {
    return new Command.AttachPaymentMethod(
        FlowBench.test(key, "/v1/payment_methods/" + id + "/attach"), id, customer);
  }
}
