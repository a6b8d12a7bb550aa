package flows;

import static flows.FactBench.approved;
import static flows.FactBench.captured;
import static flows.FactBench.declined;
import static flows.FactBench.request;
import static org.assertj.core.api.Assertions.assertThat;

import flows.FactBench.Paid;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
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
import payments.Operation;
import payments.OperationStatus;
import payments.OperatorOutcome;
import payments.Parameters;
import psp.PspCall;
import psp.PspResult;
import psp.PspResult.ActionRequired;
import psp.PspResult.Details;
import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;
import psp.Sending;
import store.Lanes;
import support.Await;
import support.Books;
import support.HeldTransaction;

/**
 * Requests, webhooks, recovery and operators at several nodes that meet over one payment: each has
 * decided what to write and waits in PostgreSQL for the one before, in every order.
 */
final class RacesIT {
  private static FactBench bench;
  private static FactBench byOurWord;
  private static Services two;
  private static Services three;
  private static ApplyFact facts;

  @BeforeAll
  static void open() {
    bench = new FactBench();
    two = bench.another();
    three = bench.another();
    facts = bench.facts(three);
    byOurWord = new FactBench(true);
    byOurWord.postgres.execute(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = ''50ms''',"
            + " current_database()); END $$");
  }

  @AfterAll
  static void close() {
    bench.close();
    byOurWord.close();
  }

  @BeforeEach
  void nothingIsScripted() {
    bench.script.clear();
  }

  @AfterEach
  void theBooksBalanceAndEveryChangeIsToldOnce() {
    for (FactBench each : List.of(bench, byOurWord)) {
      Books.balance(each.postgres);
      assertThat(
              each.number(
                  """
                  SELECT count(*) FROM payment p
                  WHERE p.sequence <> (SELECT count(*) FROM outbox o WHERE o.payment_id = p.payment_id)
                    OR p.sequence <> (SELECT max(e.sequence) FROM payment_event e WHERE e.payment_id = p.payment_id)
                  """))
          .as("payments of which not each change is told once")
          .isZero();
    }
  }

  // ---- three writers

  /** All three say that it was taken. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "answer webhook recovery",
        "answer recovery webhook",
        "webhook answer recovery",
        "webhook recovery answer",
        "recovery answer webhook",
        "recovery webhook answer"
      })
  void theAnswerAWebhookAndRecoveryEndAnOperationOnceInAnyOrder(String order) {
    ThreeWriters race =
        new ThreeWriters(sending -> approved("pi_" + sending.operationId(), 1_000, true));
    race.inOrder(order);

    Paid paid = race.paid();
    assertThat(bench.state(paid.id())).startsWith("succeeded authorized 0 captured 1000");
    assertThat(bench.history(paid.id())).containsExactly("created_and_confirmed", "captured");
    assertThat(bench.text(lastActor(paid)))
        .as("who was first")
        .isEqualTo(
            Map.of("answer", "key_test", "webhook", "psp:psp_demo", "recovery", "recovery")
                .get(order.split(" ")[0]));
    assertThat(race.recovered.result()).isEqualTo(OperationStatus.SUCCEEDED);
    assertThat(race.answer.result().status()).isEqualTo(200);
    assertThat(race.answer.result().body()).contains("\"status\":\"succeeded\"");
    race.isReplayed(race.answer.result().body());
  }

  /** Neither the request nor recovery gets an answer, and the webhook tells that it was taken. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "answer webhook recovery",
        "answer recovery webhook",
        "webhook answer recovery",
        "webhook recovery answer",
        "recovery answer webhook",
        "recovery webhook answer"
      })
  void aWebhookEndsWhatTheAnswerAndRecoveryDoNotKnowInAnyOrder(String order) {
    ThreeWriters race =
        new ThreeWriters(sending -> new Unknown(UnknownReason.TIMEOUT, "no answer in time"));
    race.inOrder(order);

    Paid paid = race.paid();
    assertThat(bench.state(paid.id())).startsWith("succeeded authorized 0 captured 1000");
    assertThat(bench.history(paid.id())).endsWith("captured");
    assertThat(bench.history(paid.id())).doesNotHaveDuplicates();
    assertThat(race.answer.result().status()).isEqualTo(200);
    assertThat(new JsonObject(race.answer.result().body()).getString("status"))
        .isEqualTo("processing");
    race.isReplayed(
        bench.text(
            "SELECT answer_body FROM idempotency_key WHERE payment_id = '" + paid.id() + "'"));
  }

  private static String lastActor(Paid paid) {
    return "SELECT actor FROM payment_event WHERE payment_id = '"
        + paid.id()
        + "' ORDER BY sequence DESC LIMIT 1";
  }

  /** A request that waits for its PSP, recovery that has sent it again, and a webhook. */
  private static final class ThreeWriters {
    final String key = "three-" + UUID.randomUUID();
    final Promise<PspResult> answered = Promise.promise();
    final Promise<PspResult> again = Promise.promise();
    final Future<Answer> answer;
    final Operation charge;
    final Future<OperationStatus> recovered;
    private final Function<Sending, PspResult> says;
    private @Nullable Future<FactOutcome> told;

    ThreeWriters(Function<Sending, PspResult> says) {
      this.says = says;
      bench.script.add(sending -> answered.future());
      answer = RacesIT.run(bench.services, bench.payment(CaptureMethod.AUTOMATIC, key));
      bench.awaitNumber("SELECT count(*) FROM operation WHERE idempotency_key = '" + key + "'");
      charge = bench.operations("authorize").getFirst();
      bench.script.add(sending -> again.future());
      recovered = recovering(bench, two, charge);
    }

    Paid paid() {
      return new Paid(
          charge.paymentId(), charge.id(), charge.pspIdempotencyKey(), new Answer(0, "", false));
    }

    void inOrder(String order) {
      PspResult word = says.apply(OperationRunner.sending(charge));
      try (var held = holding(bench, "operation", "operation_id", charge.id())) {
        int waiting = 0;
        for (String writer : order.split(" ")) {
          switch (writer) {
            case "answer" -> complete(bench, answered, word);
            case "recovery" -> complete(bench, again, word);
            default ->
                told = bench.onContextLater(() -> facts.apply(bench.told(captured(paid(), 1_000))));
          }
          if (writer.equals("answer") && word instanceof Unknown) {
            // It is about a sending before recovery's, so that nothing of it is written.
            answer.await();
          } else {
            held.awaitWaiting(++waiting);
          }
        }
        held.rollback();
        Future.join(answer, recovered, java.util.Objects.requireNonNull(told)).await();
      }
    }

    /** What was stored is what everybody gets who asks again, and nothing is sent for that. */
    void isReplayed(String body) {
      bench.script.add(
          sending -> {
            throw new AssertionError("nothing is sent any more");
          });
      Answer replay = bench.run(bench.payment(CaptureMethod.AUTOMATIC, key));
      assertThat(replay).isEqualTo(new Answer(200, body, true));
    }
  }

  /** Claimed by another node and sent again: it waits for its answer. */
  private static Future<OperationStatus> recovering(
      FactBench at, Services node, Operation operation) {
    at.postgres.execute(
        "UPDATE operation SET recover_at = now() - interval '1 s' WHERE operation_id = '"
            + operation.id()
            + "'");
    List<Operation> claimed =
        at.onContext(
            () ->
                node.log()
                    .claimDue(
                        List.of(Lanes.of(operation.paymentId())),
                        10,
                        Duration.ofMinutes(1).toMillis(),
                        "another"));
    Operation mine =
        claimed.stream().filter(it -> it.id().equals(operation.id())).findFirst().orElseThrow();
    Future<OperationStatus> recovered =
        at.onContextLater(() -> new RecoverOperation(node).run(mine));
    Await.until("recovery has sent it", at.script::isEmpty);
    return recovered;
  }

  // ---- the answer against recovery, where one of them ends two operations

  /**
   * The answer to what a customer brought ends the charge, the payment and then its own operation;
   * recovery writes the operation first and the payment then. Each has what the other waits for:
   * PostgreSQL ends one of them, which is written again.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anEndOfTwoOperationsAndAStageOfOneThatWaitInARingBothGetThrough(boolean answerFirst) {
    byOurWord.script.clear();
    Services other = byOurWord.another();
    byOurWord.script.add(
        FactBench.answer(
            sending ->
                new ActionRequired(
                    "psp_" + sending.operationId(), "https://psp.test/3ds", Details.NONE)));
    Paid paid = byOurWord.pay(CaptureMethod.AUTOMATIC);
    Promise<PspResult> answered = Promise.promise();
    Promise<PspResult> again = Promise.promise();
    byOurWord.script.add(sending -> answered.future());
    Future<Answer> visit =
        byOurWord.onContextLater(() -> new CommandFlows(byOurWord.services).run(returning(paid)));
    byOurWord.awaitNumber(
        "SELECT count(*) FROM operation WHERE kind = 'complete_authentication' AND payment_id = '"
            + paid.id()
            + "'");
    Operation completion = byOurWord.operations("complete_authentication").getFirst();
    byOurWord.script.add(sending -> again.future());
    Future<OperationStatus> recovered = recovering(byOurWord, other, completion);
    long rings = rings();
    Runnable answers = () -> complete(byOurWord, answered, approved("psp_final", 1_000, true));
    Runnable finds =
        () -> complete(byOurWord, again, new Unknown(UnknownReason.TIMEOUT, "no answer in time"));
    try (var held = holding(byOurWord, "payment", "payment_id", paid.id())) {
      (answerFirst ? answers : finds).run();
      held.awaitWaiting(1);
      (answerFirst ? finds : answers).run();
      held.awaitWaiting(2);
      held.rollback();
      Future.join(visit, recovered).await();
    }
    if (answerFirst) {
      Await.until("there was a ring", () -> rings() > rings);
    }
    assertThat(byOurWord.state(paid.id()))
        .startsWith("succeeded authorized 0 captured 1000")
        .contains("authorize succeeded", "complete_authentication succeeded");
    assertThat(byOurWord.history(paid.id())).containsOnlyOnce("captured").endsWith("captured");
  }

  private static long rings() {
    return byOurWord.number(
        "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
  }

  private static Command returning(Paid paid) {
    String url =
        PspCall.ofStored(
                byOurWord.text(
                    "SELECT request FROM operation WHERE operation_id = '" + paid.charge() + "'"))
            .path();
    ReturnAddress address = ReturnAddress.parse(URI.create(url).getPath()).orElseThrow();
    return new Command.ReturnCustomer(
        request(null, "/"),
        address.operationKey(),
        address.proof(),
        Map.of("redirectResult", "passed"));
  }

  // ---- two requests

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofACaptureAndACancelOneGoesToThePspAndTheOtherIsTold(boolean captureFirst) {
    Paid paid = bench.pay(CaptureMethod.MANUAL);
    var capture = new Command.CapturePayment(request(null, "/"), paid.id(), null, Parameters.EMPTY);
    Command cancel = bench.cancelOf(paid);
    Command first = captureFirst ? capture : cancel;
    Command second = captureFirst ? cancel : capture;

    Promise<PspResult> answer = Promise.promise();
    var sent = new ArrayList<Sending>();
    Answer refused = refusedSecond(paid.id(), first, second, answer, sent);
    refused(refused, 409, "lock_timeout");
    complete(bench, answer, approved(paid.intent(), 1_000, captureFirst));
    Await.until("the first has ended", () -> !bench.history(paid.id()).getLast().endsWith("begun"));
    assertThat(sent).hasSize(1);
    assertThat(bench.history(paid.id()))
        .endsWith(
            captureFirst ? "capture_begun" : "void_begun", captureFirst ? "captured" : "voided");
    refused(bench.run(second), 400, "payment_intent_unexpected_state");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofTwoConfirmsOneChargesAndTheOtherIsTold(boolean firstCard) {
    UUID payment = unconfirmed();
    Command visa = confirm(payment, "pm_card_visa");
    Command mastercard = confirm(payment, "pm_card_mastercard");
    Promise<PspResult> answer = Promise.promise();
    var sent = new ArrayList<Sending>();
    Answer refused =
        refusedSecond(
            payment, firstCard ? visa : mastercard, firstCard ? mastercard : visa, answer, sent);
    refused(refused, 409, "lock_timeout");
    complete(bench, answer, approved("pi_" + sent.getFirst().operationId(), 1_000, true));
    Await.until("it is taken", () -> bench.history(payment).getLast().equals("captured"));
    assertThat(sent).hasSize(1);
    assertThat(bench.state(payment)).startsWith("succeeded authorized 0 captured 1000");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofAConfirmAndACancelTheFirstCounts(boolean confirmFirst) {
    UUID payment = unconfirmed();
    Command confirm = confirm(payment, "pm_card_visa");
    var cancel = new Command.CancelPayment(request(null, "/"), payment, null);
    var answers = inOrder(payment, confirmFirst, confirm, cancel);
    assertThat(answers.getFirst().status()).isEqualTo(200);
    // Either it is still being sent, or the PSP has answered by now.
    assertThat(answers.getLast().status()).isIn(400, 409);
    assertThat(bench.state(payment)).startsWith(confirmFirst ? "succeeded" : "canceled");
    assertThat(bench.number("SELECT count(*) FROM operation WHERE payment_id = '" + payment + "'"))
        .isEqualTo(confirmFirst ? 1 : 0);
  }

  /** What is charged is what the payment says, whoever is first. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofAConfirmAndAnotherAmountTheFirstCounts(boolean confirmFirst) {
    UUID payment = unconfirmed();
    Command confirm = confirm(payment, "pm_card_visa");
    var update =
        new Command.UpdatePayment(
            request(null, "/"),
            payment,
            1_500L,
            null,
            null,
            null,
            null,
            null,
            Parameters.EMPTY,
            Parameters.EMPTY);
    var answers = inOrder(payment, confirmFirst, confirm, update);
    assertThat(answers.getFirst().status()).isEqualTo(200);
    if (confirmFirst) {
      assertThat(answers.getLast().status()).isIn(400, 409);
    } else {
      assertThat(answers.getLast().status()).isEqualTo(200);
    }
    long charged = confirmFirst ? 1_000 : 1_500;
    assertThat(
            bench.text(
                "SELECT amount || ' ' || captured FROM payment WHERE payment_id = '"
                    + payment
                    + "'"))
        .isEqualTo(charged + " " + charged);
    assertThat(bench.text("SELECT amount FROM operation WHERE payment_id = '" + payment + "'"))
        .isEqualTo(String.valueOf(charged));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofTwoRefundsThatDoNotBothFitTheFirstIsMade(boolean smallFirst) {
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    var answers =
        inOrder(paid.id(), smallFirst, bench.refundOf(paid, 600), bench.refundOf(paid, 700));
    assertThat(answers.getFirst().status()).isEqualTo(200);
    assertThat(answers.getLast().status()).isEqualTo(400);
    assertThat(answers.getLast().body()).contains("is greater than unrefunded amount on charge");
    long made = smallFirst ? 600 : 700;
    assertThat(bench.state(paid.id())).contains("reserved 0 refunded " + made + " ");
    assertThat(bench.history(paid.id())).endsWith("refund_begun", "refunded");
  }

  @Test
  void ofTwoRefundsOfAllThatThereIsOneIsMade() {
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    Command all =
        new Command.RefundPayment(
            request(null, "/v1/refunds"), paid.id(), null, null, null, Parameters.EMPTY);
    var answers = inOrder(paid.id(), true, all, all);
    assertThat(answers.getFirst().status()).isEqualTo(200);
    refused(answers.getLast(), 400, "charge_already_refunded");
    assertThat(bench.state(paid.id())).contains("refunded 1000 ");
  }

  /** One key at two nodes: the second is told that the first is under way, and what it came to. */
  @Test
  void ofOneRefundAtTwoNodesUnderOneKeyOneIsMadeAndItsAnswerReplayed() {
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    Command refund =
        new Command.RefundPayment(
            request("refund-" + paid.id(), "/v1/refunds"),
            paid.id(),
            null,
            300L,
            null,
            Parameters.EMPTY);
    Promise<PspResult> answer = Promise.promise();
    var sent = new ArrayList<Sending>();
    Answer refused = refusedSecond(paid.id(), refund, refund, answer, sent);
    refused(refused, 409, "idempotency_key_in_use");
    complete(bench, answer, approved("re_once_" + paid.id(), 300, true));
    Await.until("it is made", () -> bench.history(paid.id()).getLast().equals("refunded"));
    Answer replay = bench.run(refund);
    assertThat(replay.replayed()).isTrue();
    assertThat(new JsonObject(replay.body()).getString("status")).isEqualTo("succeeded");
    assertThat(sent).hasSize(1);
    assertThat(bench.state(paid.id())).contains("refunded 300 ");
  }

  /** Both have found the key free, and wait for another request that has not committed it. */
  @Test
  void ofOnePaymentAtTwoNodesUnderOneKeyOneIsMade() {
    String key = "create-" + UUID.randomUUID();
    Command payment = bench.payment(CaptureMethod.AUTOMATIC, key);
    Promise<PspResult> answer = Promise.promise();
    var sent = new ArrayList<Sending>();
    bench.script.add(sending -> heard(sent, sending, answer));
    List<Future<Answer>> both = new ArrayList<>();
    try (var held =
        new HeldTransaction(
            bench.postgres,
            "INSERT INTO idempotency_key (merchant_id, livemode, key, path, fingerprint,"
                + " request_id, actor, publishable, expand) VALUES ('demo', false, '"
                + key
                + "', '/v1/payment_intents', 'print', 'r', 'a', false, '')")) {
      for (Services node : List.of(bench.services, two)) {
        both.add(run(node, payment));
        held.awaitWaiting(both.size());
      }
      held.rollback();
      Await.until("one is refused", () -> both.stream().anyMatch(Future::isComplete));
    }
    Future<Answer> loser = both.stream().filter(Future::isComplete).findFirst().orElseThrow();
    refused(loser.result(), 409, "idempotency_key_in_use");
    complete(bench, answer, approved("pi_" + sent.getFirst().operationId(), 1_000, true));
    Future.join(both).await();
    Answer winner = both.get(1 - both.indexOf(loser)).result();
    assertThat(winner.status()).isEqualTo(200);
    assertThat(sent).hasSize(1);
    assertThat(bench.run(payment)).isEqualTo(new Answer(200, winner.body(), true));
    assertThat(bench.number("SELECT count(*) FROM operation WHERE idempotency_key = '" + key + "'"))
        .isOne();
  }

  // ---- an operator

  /** Closed as not done, and told as done: the word counts, and what was closed is raised. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofAnOperatorsCloseAndAWebhookTheFirstCountsAndNothingIsLost(boolean closeFirst) {
    Paid paid = bench.pay(CaptureMethod.MANUAL);
    bench.script.add(FactBench.noAnswer());
    bench.capture(paid, null);
    Operation capture = bench.operations("capture").getFirst();
    bench.postgres.execute(
        "UPDATE operation SET held_reason = 'unsettled', recover_at = NULL WHERE operation_id = '"
            + capture.id()
            + "'");
    var closed = new LinkedHashMap<String, Future<?>>();
    Runnable close = () -> closed.put("close", bench.onContextLater(() -> bench.closing(capture)));
    Runnable tell =
        () ->
            closed.put(
                "tell", bench.onContextLater(() -> facts.apply(bench.told(captured(paid, 1_000)))));
    try (var held = holding(bench, "operation", "operation_id", capture.id())) {
      (closeFirst ? close : tell).run();
      held.awaitWaiting(1);
      (closeFirst ? tell : close).run();
      held.awaitWaiting(2);
      held.rollback();
      Future.join(List.copyOf(closed.values())).await();
    }
    assertThat(java.util.Objects.requireNonNull(closed.get("close")).result())
        .isInstanceOf(closeFirst ? OperatorOutcome.Done.class : OperatorOutcome.Refused.class);
    assertThat(bench.state(paid.id())).startsWith("succeeded authorized 0 captured 1000");
    assertThat(bench.history(paid.id()).stream().filter("captured"::equals).count())
        .isLessThanOrEqualTo(1);
    assertThat(
            bench.number(
                "SELECT count(*) FROM ledger_transfer WHERE payment_id = '" + paid.id() + "'"))
        .isOne();
  }

  // ---- how they meet

  /** The answers of two commands at two nodes, of which the second waits for the first. */
  private static List<Answer> inOrder(UUID payment, boolean asGiven, Command one, Command other) {
    List<Future<Answer>> answers = new ArrayList<>();
    try (var held = holding(bench, "payment", "payment_id", payment)) {
      answers.add(run(bench.services, asGiven ? one : other));
      held.awaitWaiting(1);
      answers.add(run(two, asGiven ? other : one));
      held.awaitWaiting(2);
      held.rollback();
      Future.join(answers).await();
    }
    return answers.stream().map(Future::result).toList();
  }

  /**
   * The answer to the second of two commands while the first one's PSP has not answered yet.
   *
   * @param answer the PSP's
   * @param sent what the PSP is sent
   */
  private static Answer refusedSecond(
      UUID payment, Command first, Command second, Promise<PspResult> answer, List<Sending> sent) {
    bench.script.add(sending -> heard(sent, sending, answer));
    bench.script.add(
        sending -> {
          sent.add(sending);
          return Future.succeededFuture(declined("second"));
        });
    try (var held = holding(bench, "payment", "payment_id", payment)) {
      Future<Answer> begun = run(bench.services, first);
      held.awaitWaiting(1);
      Future<Answer> refused = run(two, second);
      held.awaitWaiting(2);
      held.rollback();
      Answer told = refused.await();
      assertThat(begun.isComplete()).as("the first waits for its PSP").isFalse();
      Await.until("the first was sent", () -> !sent.isEmpty());
      return told;
    } finally {
      bench.script.clear();
    }
  }

  private static Future<PspResult> heard(
      List<Sending> sent, Sending sending, Promise<PspResult> answer) {
    sent.add(sending);
    return answer.future();
  }

  private static void refused(Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(new JsonObject(answer.body()).getJsonObject("error").getString("code"))
        .isEqualTo(code);
  }

  private static HeldTransaction holding(FactBench at, String table, String column, UUID id) {
    return HeldTransaction.locking(at.postgres, table, column + " = '" + id + "'");
  }

  private static Future<Answer> run(Services node, Command command) {
    return bench.onContextLater(() -> new CommandFlows(node).run(command));
  }

  /** Answers where the flows run. */
  private static void complete(FactBench at, Promise<PspResult> answer, PspResult result) {
    Supplier<Future<Object>> completes =
        () -> {
          answer.complete(result);
          return Future.succeededFuture();
        };
    at.onContextLater(completes);
  }

  private static UUID unconfirmed() {
    var confirmation =
        new Command.Confirmation(
            "pm_card_visa", null, Parameters.EMPTY, false, null, Parameters.EMPTY);
    return FactBench.paymentOf(
        bench.run(
            new Command.CreatePayment(
                request(null, "/v1/payment_intents"),
                money.Money.of(1_000, "usd"),
                CaptureMethod.AUTOMATIC,
                null,
                confirmation,
                false,
                Parameters.EMPTY)));
  }

  private static Command confirm(UUID payment, String method) {
    return new Command.ConfirmPayment(
        request(null, "/"),
        payment,
        null,
        new Command.Confirmation(method, null, Parameters.EMPTY, false, null, Parameters.EMPTY));
  }
}
