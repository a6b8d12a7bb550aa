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
        """);
  }

  @BeforeEach
  void room() {
    bench.postgres.execute("ALTER TABLE payment_method DISABLE TRIGGER disk_full");
  }

  private void full() {
    bench.postgres.execute("ALTER TABLE payment_method ENABLE TRIGGER disk_full");
  }

  @AfterAll
  void close() {
    bench.close();
  }

  @Test
  void doesNotSayThatNothingWasDoneWhereThePspHasTiedACard() {
    bench.vault.cards.add("pm_tied");
    Command attach = attach("tied", "pm_tied", bench.customer());
    full();
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
    full();
    assertOutcomeUnknown(bench.run(detach));
    assertThat(bench.vault.owners).doesNotContainKey("pm_untied");

    room();
    bench.abandon("untied");
    assertThat(bench.done(detach).getString("customer")).isNull();
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
