package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import simulator.Authorization;
import simulator.CallMatch;
import simulator.Fault;
import simulator.Operation;
import support.Await;
import support.TestGateway;

/** Recovery in numbers, and the PSP's keys (DESIGN 3): many unknown outcomes, one charge each. */
final class RecoveryIT {
  private static final CallMatch AUTHORIZE = CallMatch.of(Operation.AUTHORIZE);

  private static TestGateway gateway;
  private static Till till;

  @BeforeAll
  static void start() {
    gateway = TestGateway.startWith(Till::withOther, "--breaker.max-failures=10000");
    till = new Till(gateway);
  }

  @AfterAll
  static void close() {
    till.close();
    gateway.close();
  }

  @AfterEach
  void noMoreFaults() {
    gateway.simulator().faults().clear();
  }

  @Test
  void settlesTwoHundredLostAnswersWithOneChargeEach() {
    gateway.simulator().faults().next(200, AUTHORIZE, Fault.answerLost());
    List<CompletableFuture<Till.Reply>> paying =
        IntStream.range(0, 200).mapToObj(i -> till.paying(1_000 + i)).toList();
    List<String> ids = paying.stream().map(it -> it.join().expect(200).id()).toList();
    Await.until(
        "all are settled",
        () -> gateway.number("SELECT count(*) FROM payment WHERE status <> 'succeeded'") == 0);
    assertThat(ids).doesNotHaveDuplicates().hasSize(200);
    List<Authorization> charges = gateway.simulator().truth().approved();
    assertThat(charges.stream().map(Authorization::idempotencyKey).distinct().count())
        .isEqualTo(charges.size());
    assertThat(ids).allSatisfy(id -> assertThat(till.charges(id)).hasSize(1));
    assertThat(gateway.number("SELECT count(*) FROM operation WHERE status <> 'succeeded'"))
        .isZero();
    Till.books(gateway).balance();
  }

  @Test
  void meetsThePspsMemoryWithTheMerchantsKeyAfterTheDatabaseWasRestored() {
    String key = Till.newKey();
    String lost = till.pay(2_000, "", key).in("succeeded").id();
    String pspKey = till.pspKey(lost, "authorize");
    // A backup from before that payment: nothing is known of it any more.
    gateway
        .database()
        .execute(
            ("DELETE FROM idempotency_key WHERE key = '%1$s'; DELETE FROM ledger_transfer WHERE"
                    + " payment_id = '%2$s'; DELETE FROM payment_event WHERE payment_id = '%2$s';"
                    + " DELETE FROM operation WHERE payment_id = '%2$s'; DELETE FROM payment WHERE"
                    + " payment_id = '%2$s'")
                .formatted(key, Till.uuid(lost)));
    String again = till.pay(2_000, "", key).in("succeeded").id();
    assertThat(again).isNotEqualTo(lost);
    assertThat(till.pspKey(again, "authorize")).isEqualTo(pspKey);
    assertThat(till.charges(again)).hasSize(1);
    assertThat(till.calls(again, "authorize").stream().map(it -> it.body()).distinct()).hasSize(1);
    Till.books(gateway).balance();
  }

  @Test
  void makesThePspsKeyFromMerchantPathKeyAndKind() {
    String key = Till.newKey();
    try (var other = new Till(gateway, Till.OTHER_KEY)) {
      String mine = till.pay(2_100, "", key).in("succeeded").id();
      String theirs = other.pay(2_100, "", key).in("succeeded").id();
      String without = till.pay(2_100, "", null).in("succeeded").id();
      String withoutToo = till.pay(2_100, "", null).in("succeeded").id();
      till.refund(mine, 100).in("succeeded");
      assertThat(
              List.of(
                  till.pspKey(mine, "authorize"),
                  till.pspKey(theirs, "authorize"),
                  till.pspKey(without, "authorize"),
                  till.pspKey(withoutToo, "authorize"),
                  till.pspKey(mine, "refund")))
          .doesNotHaveDuplicates();
      assertThat(till.pspKey(mine, "authorize")).doesNotContain(key);
    }
  }

  @Test
  void writesTheOperationBeforeThePspIsCalled() {
    var hang = gateway.simulator().faults().next(AUTHORIZE, Fault.hang());
    String key = Till.newKey();
    CompletableFuture<Till.Reply> paying =
        till.posting("/v1/payment_intents", Till.form(2_200, Till.VISA, ""), key);
    Await.until("the PSP was called", () -> hang.struck() == 1);
    assertThat(
            till.text(
                "SELECT o.status || ' ' || o.psp_idempotency_key FROM operation o JOIN"
                    + " idempotency_key k USING (operation_id) WHERE k.key = '"
                    + key
                    + "'"))
        .contains(
            "pending "
                + gateway.simulator().calls().stream()
                    .filter(call -> call.operation() == Operation.AUTHORIZE)
                    .toList()
                    .getLast()
                    .idempotencyKey());
    gateway.simulator().faults().release();
    paying.join().in("succeeded");
  }

  @Test
  void countsItsAttemptsAndWritesEveryCauseDown() {
    gateway.simulator().faults().next(AUTHORIZE, Fault.answerLost());
    String id = till.pay(2_300).in("processing").id();
    till.settles(id, "succeeded");
    assertThat(till.operation(id, "authorize", "attempts")).contains("2");
    assertThat(
            till.text(
                "SELECT string_agg(event || ' by ' || actor, ', ' ORDER BY sequence) FROM"
                    + " payment_event WHERE payment_id = '"
                    + Till.uuid(id)
                    + "'"))
        .contains(
            "created_and_confirmed by demo_secret, outcome_unknown by demo_secret, captured by"
                + " recovery");
  }

  @Test
  void rendersTheAnswerThatACrashLeftOut() {
    gateway.simulator().faults().next(AUTHORIZE, Fault.answerLost());
    gateway.simulator().faults().next(2, AUTHORIZE, Fault.keyInUse());
    String key = Till.newKey();
    String id = till.pay(2_400, "", key).in("processing").id();
    // As if the gateway had gone before it could answer.
    gateway
        .database()
        .execute(
            "UPDATE idempotency_key SET answer_status = NULL, answer_body = NULL WHERE key = '"
                + key
                + "'");
    till.settles(id, "succeeded");
    Till.Reply answer = till.pay(2_400, "", key).in("succeeded");
    assertThat(answer.id()).isEqualTo(id);
    assertThat(answer.replayed()).isTrue();
    assertThat(till.charges(id)).hasSize(1);
  }
}
