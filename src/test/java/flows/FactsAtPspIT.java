package flows;

import static flows.FactBench.approved;
import static flows.FactBench.captured;
import static flows.FactBench.declined;
import static flows.FactBench.disputed;
import static flows.FactBench.ended;
import static flows.FactBench.failed;
import static flows.FactBench.held;
import static flows.FactBench.noAnswer;
import static flows.FactBench.refunded;
import static flows.FactBench.refundedAtPsp;
import static flows.FactBench.succeeded;
import static org.assertj.core.api.Assertions.assertThat;
import static payments.OperationStatus.ACCEPTED;
import static payments.OperationStatus.FAILED;
import static payments.OperationStatus.SUCCEEDED;

import flows.FactBench.Paid;
import flows.FactOutcome.Applied;
import flows.FactOutcome.NotOurs;
import flows.FactOutcome.NotYet;
import flows.FactOutcome.NothingNew;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import money.Money;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import payments.Answer;
import payments.CaptureMethod;
import payments.Operation;
import payments.OperationStatus;
import psp.PspFact;
import psp.PspFact.Dispute.Stage;
import psp.PspResult;
import support.Books;

/** Refunds made at the PSP, disputes, and all facts in any order. */
final class FactsAtPspIT {
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
    bench.asked = sending -> declined("pi_" + sending.operationId());
  }

  @AfterEach
  void theBooksBalance() {
    Books.balance(bench.postgres);
  }

  // ---- what carries our key

  private static PspFact copied(Paid paid, String reference) {
    var taken = approved(reference, 1_000, true);
    return new PspFact.Authorization(
        reference, paid.key(), taken, taken, declined(reference), false, null);
  }

  /** Whose ids do not change tells of ours by its id: a merchant may copy what it shows of ours. */
  @Test
  void anotherObjectThatCarriesOurKeyIsNotOurs() {
    bench.script.add(sending -> Future.succeededFuture(declined("pi_" + sending.operationId())));
    Paid declined = bench.pay(CaptureMethod.AUTOMATIC);
    bench.script.add(
        sending ->
            Future.succeededFuture(
                new PspResult.ActionRequired(
                    "pi_" + sending.operationId(),
                    "https://psp.test/3ds",
                    PspResult.Details.NONE)));
    Paid challenged = bench.pay(CaptureMethod.AUTOMATIC);
    for (Paid paid : List.of(declined, challenged)) {
      String before = bench.state(paid.id());
      assertThat(bench.tell(copied(paid, "pi_copy_of_" + paid.key()))).isInstanceOf(NotYet.class);
      assertThat(bench.state(paid.id())).isEqualTo(before);
    }
    assertThat(bench.tell(captured(challenged, 1_000))).isEqualTo(new Applied(challenged.id()));
  }

  // ---- refunds made at the PSP

  @Test
  void aRefundMadeAtThePspIsBookedOnce() {
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    PspFact fact = refundedAtPsp(paid, "a", 400, SUCCEEDED);
    assertThat(bench.tellAtOnce(fact, 20)).contains(new Applied(paid.id()));
    assertThat(bench.tell(fact)).isEqualTo(new NothingNew(paid.id()));
    assertThat(bench.state(paid.id()))
        .contains("refunded 400")
        .contains("refund succeeded 400 f")
        .contains("merchant_payable -600");
    assertThat(bench.history(paid.id()).stream().filter("refunded_at_psp"::equals)).hasSize(1);
    Operation refund = bench.operations("refund").getFirst();
    assertThat(refund.chargeId()).isEqualTo(paid.charge());
    assertThat(refund.pspChargeReference()).isEqualTo("ch_" + refund.pspReference());
    // What is left is what our own refunds may take.
    assertThat(bench.run(bench.refundOf(paid, 601)).status()).isEqualTo(400);
    assertThat(bench.refund(paid, 600).status()).isEqualTo(SUCCEEDED);
  }

  @Test
  void aPendingRefundMadeAtThePspReservesUntilItEnds() {
    Paid first = bench.pay(CaptureMethod.AUTOMATIC);
    bench.tell(refundedAtPsp(first, "a", 400, ACCEPTED));
    assertThat(bench.state(first.id())).contains("reserved 400 refunded 0");
    bench.tell(refundedAtPsp(first, "a", 400, SUCCEEDED));
    assertThat(bench.tell(refundedAtPsp(first, "a", 400, ACCEPTED)))
        .isEqualTo(new NothingNew(first.id()));
    Paid second = bench.pay(CaptureMethod.AUTOMATIC);
    bench.tell(refundedAtPsp(second, "a", 400, SUCCEEDED));
    bench.tell(refundedAtPsp(second, "a", 400, ACCEPTED));
    assertThat(bench.state(second.id())).isEqualTo(bench.state(first.id()));
  }

  @Test
  void recoveryLooksAtAPendingRefundMadeAtThePspAndNeverSendsIt() {
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    bench.tell(refundedAtPsp(paid, "a", 400, ACCEPTED));
    Operation refund = bench.operations("refund").getFirst();
    bench.script.add(
        sending -> {
          throw new AssertionError("sent");
        });
    bench.asked = sending -> approved(String.valueOf(sending.reference()), 400, true);
    assertThat(bench.recover(refund)).isEqualTo(SUCCEEDED);
    assertThat(bench.state(paid.id())).contains("reserved 0 refunded 400");
  }

  @ParameterizedTest
  @EnumSource(
      value = OperationStatus.class,
      names = {"SUCCEEDED", "ACCEPTED", "FAILED"})
  void aFailureOfARefundMadeAtThePspTakesBackWhatWasBooked(OperationStatus before) {
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    if (before != FAILED) {
      bench.tell(refundedAtPsp(paid, "a", 400, before));
    }
    bench.tellAtOnce(refundedAtPsp(paid, "a", 400, FAILED), 5);
    assertThat(bench.tell(refundedAtPsp(paid, "a", 400, SUCCEEDED)))
        .isEqualTo(new NothingNew(paid.id()));
    assertThat(bench.state(paid.id()))
        .contains("reserved 0 refunded 0")
        .contains("refund failed 400")
        .contains("merchant_payable -1000");
  }

  @Test
  void aRefundMadeAtThePspDuringOurOwnIsAnother() {
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    Promise<PspResult> answer = Promise.promise();
    bench.script.add(sending -> answer.future());
    Future<Answer> ours =
        bench.onContextLater(() -> new CommandFlows(bench.services).run(bench.refundOf(paid, 300)));
    bench.awaitNumber(
        "SELECT count(*) FROM operation WHERE kind = 'refund' AND payment_id = '"
            + paid.id()
            + "'");
    Operation refund = bench.operations("refund").getFirst();
    bench.tell(refundedAtPsp(paid, "a", 200, SUCCEEDED));
    // Ours comes by its key, before its answer and its id are known.
    assertThat(bench.tellAtOnce(refunded(paid, refund, succeeded(refund)), 5))
        .contains(new Applied(paid.id()));
    answer.complete(succeeded(refund));
    assertThat(ours.await().status()).isEqualTo(200);
    assertThat(bench.state(paid.id())).contains("reserved 0 refunded 500");
    assertThat(bench.tell(refunded(paid, refund, failed(refund))))
        .isEqualTo(new Applied(paid.id()));
    assertThat(bench.state(paid.id())).contains("reserved 0 refunded 200");
  }

  @Test
  void whatBreaksALimitIsBookedAndRaisedOnce() {
    Paid first = bench.pay(CaptureMethod.AUTOMATIC);
    bench.refund(first, 800);
    bench.tell(refundedAtPsp(first, "a", 300, SUCCEEDED));
    bench.tell(refundedAtPsp(first, "b", 300, SUCCEEDED));
    assertThat(bench.state(first.id()))
        .contains("refunded 1400")
        .containsOnlyOnce("anomaly refund_over_captured t");
    Paid second = bench.pay(CaptureMethod.AUTOMATIC);
    bench.refund(second, 800);
    bench.tell(disputed(second, "a", 1_000, Stage.OPEN));
    assertThat(bench.state(second.id()))
        .contains("disputed 1000")
        .contains("anomaly refund_over_captured t");
  }

  @Test
  void aRefundOfWhatIsNotKnownYetWaits() {
    PspFact early =
        new PspFact.Refund(
            "re_early",
            null,
            "pi_early",
            null,
            Money.of(5, "usd"),
            null,
            approved("re_early", 5, true));
    assertThat(bench.tell(early)).isEqualTo(new NotOurs());
    Paid paid = bench.pay(CaptureMethod.MANUAL);
    PspFact fact = refundedAtPsp(paid, "a", 400, SUCCEEDED);
    assertThat(bench.tell(fact)).isInstanceOf(NotYet.class);
    bench.tell(captured(paid, 1_000));
    assertThat(bench.tell(fact)).isEqualTo(new Applied(paid.id()));
  }

  @Test
  void theReleaseOfAHoldIsNoRefund() {
    Paid paid = bench.pay(CaptureMethod.MANUAL);
    bench.tell(ended(paid, "automatic"));
    assertThat(bench.tell(refundedAtPsp(paid, "a", 1_000, SUCCEEDED)))
        .isEqualTo(new NothingNew(paid.id()));
    assertThat(bench.state(paid.id())).contains("refunded 0");
  }

  @Test
  void aRefundMadeAtThePspOfALateSuccessComesFromSuspense() {
    bench.script.add(FactBench.answer(sending -> declined("pi_" + sending.operationId())));
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    PspFact fact = refundedAtPsp(paid, "a", 1_000, SUCCEEDED);
    assertThat(bench.tell(fact)).isInstanceOf(NotYet.class);
    bench.tell(captured(paid, 1_000));
    assertThat(bench.tell(fact)).isEqualTo(new Applied(paid.id()));
    assertThat(bench.state(paid.id())).contains("refunded 0").doesNotContain("suspense");
  }

  // ---- disputes

  @Test
  void aDisputeIsBookedOnceInEachStage() {
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    assertThat(bench.tellAtOnce(disputed(paid, "a", 1_000, Stage.OPEN), 20))
        .contains(new Applied(paid.id()));
    assertThat(bench.state(paid.id()))
        .startsWith("succeeded")
        .contains("disputed 1000")
        .contains("dispute_reserve 1000");
    assertThat(bench.run(bench.refundOf(paid, 1)).status()).isEqualTo(400);
    assertThat(bench.tellAtOnce(disputed(paid, "a", 1_000, Stage.WON), 20))
        .contains(new Applied(paid.id()));
    assertThat(bench.state(paid.id()))
        .contains("disputed 0")
        .contains("psp_receivable:psp_demo 1000")
        .doesNotContain("dispute_reserve");
    assertThat(bench.tell(disputed(paid, "a", 1_000, Stage.OPEN)))
        .isEqualTo(new NothingNew(paid.id()));
    assertThat(bench.tell(disputed(paid, "a", 1_000, Stage.LOST)))
        .isInstanceOf(FactOutcome.Odd.class);
  }

  @Test
  void aLostDisputeIsTheMerchantsLoss() {
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    bench.tellAtOnce(disputed(paid, "a", 300, Stage.LOST), 20);
    assertThat(bench.state(paid.id()))
        .contains("disputed 300")
        .contains("merchant_payable -700")
        .doesNotContain("dispute_reserve");
    assertThat(bench.history(paid.id())).endsWith("dispute_opened", "dispute_lost");
  }

  @Test
  void anInquiryMovesNoMoney() {
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    bench.tell(disputed(paid, "a", 1_000, Stage.INQUIRY));
    bench.tell(disputed(paid, "a", 1_000, Stage.INQUIRY_CLOSED));
    assertThat(bench.state(paid.id())).contains("disputed 0").contains("dispute inquiry_closed");
    assertThat(bench.history(paid.id())).endsWith("dispute_inquiry", "dispute_inquiry_closed");
  }

  @Test
  void stagesInEveryOrderEndTheSame() {
    for (Stage end : List.of(Stage.WON, Stage.LOST)) {
      List<Stage> stages = List.of(Stage.INQUIRY, Stage.OPEN, end);
      String expected = "";
      for (List<Stage> order : orders(stages)) {
        Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
        order.forEach(stage -> bench.tell(disputed(paid, "a", 600, stage)));
        order.reversed().forEach(stage -> bench.tell(disputed(paid, "a", 600, stage)));
        String state = bench.state(paid.id());
        expected = expected.isEmpty() ? state : expected;
        assertThat(state).as(order.toString()).isEqualTo(expected);
      }
    }
  }

  private static <T> List<List<T>> orders(List<T> items) {
    if (items.isEmpty()) {
      return List.of(List.of());
    }
    var all = new ArrayList<List<T>>();
    for (T first : items) {
      List<T> rest = items.stream().filter(item -> item != first).toList();
      orders(rest)
          .forEach(order -> all.add(Stream.concat(Stream.of(first), order.stream()).toList()));
    }
    return all;
  }

  @Test
  void anotherAmountOfAnOpenDisputeIsRaised() {
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    bench.tell(disputed(paid, "a", 1_000, Stage.OPEN));
    bench.tell(disputed(paid, "a", 900, Stage.OPEN));
    bench.tell(disputed(paid, "a", 900, Stage.OPEN));
    assertThat(bench.state(paid.id()))
        .contains("disputed 1000")
        .containsOnlyOnce("anomaly dispute_differs");
  }

  // ---- everything in any order

  /**
   * The story of a payment as the PSP would tell it, shuffled and repeated, with our own operations
   * left without an answer: what waits is told again, as the inbox does.
   */
  @Test
  void anyOrderAndRepetitionEndsAsTheStoryInItsOrder() {
    long seed = Long.getLong("facts.seed", System.nanoTime());
    System.getLogger("seed").log(System.Logger.Level.INFO, "facts.seed=" + seed);
    var random = new Random(seed);
    for (int run = 0; run < 40; run++) {
      Script script = Script.of(random);
      Begun ordered = script.begin();
      List<PspFact> facts = script.facts(ordered);
      facts.forEach(fact -> tellUntilPlaced(List.of(fact)));
      Begun shuffled = script.begin();
      var mixed = new ArrayList<>(script.facts(shuffled));
      mixed.addAll(script.facts(shuffled));
      mixed.addAll(script.facts(shuffled));
      Collections.shuffle(mixed, random);
      tellUntilPlaced(mixed);
      assertThat(bench.state(shuffled.paid.id()))
          .as("facts.seed=" + seed + " run " + run + " " + script + "\n" + mixed)
          .isEqualTo(bench.state(ordered.paid.id()));
    }
  }

  private static void tellUntilPlaced(List<PspFact> facts) {
    List<PspFact> waiting = facts;
    for (int round = 0; round < 10 && !waiting.isEmpty(); round++) {
      waiting =
          waiting.stream()
              .filter(
                  fact -> {
                    FactOutcome outcome = bench.tell(fact);
                    return outcome instanceof NotYet || outcome instanceof NotOurs;
                  })
              .toList();
    }
    assertThat(waiting).as("never placed").isEmpty();
  }

  /** A payment with a refund of ours that has no answer yet, or without one. */
  private record Begun(Paid paid, @Nullable Operation refund) {}

  /** One payment's story, the same each time it is begun. */
  private record Script(
      boolean manual,
      boolean answered,
      long taken,
      long ourRefund,
      boolean ourRefundFails,
      long dashboardRefund,
      boolean dashboardRefundFails,
      long inDispute,
      boolean won) {

    static Script of(Random random) {
      boolean manual = random.nextBoolean();
      return new Script(
          manual,
          random.nextBoolean(),
          manual ? 500 + random.nextInt(501) : 1_000,
          random.nextInt(3) == 0 ? 0 : 100,
          random.nextBoolean(),
          random.nextInt(3) == 0 ? 0 : 150,
          random.nextBoolean(),
          random.nextInt(3) == 0 ? 0 : 200,
          random.nextBoolean());
    }

    Begun begin() {
      if (!answered) {
        bench.script.add(noAnswer());
      }
      Paid paid = bench.pay(manual ? CaptureMethod.MANUAL : CaptureMethod.AUTOMATIC);
      if (ourRefund == 0 || manual || !answered) {
        return new Begun(paid, null);
      }
      bench.script.add(noAnswer());
      return new Begun(paid, bench.refund(paid, ourRefund));
    }

    List<PspFact> facts(Begun begun) {
      Paid paid = begun.paid;
      var facts = new ArrayList<PspFact>();
      if (manual) {
        facts.add(held(paid));
      }
      facts.add(FactBench.captured(paid, taken));
      if (dashboardRefund > 0) {
        facts.add(refundedAtPsp(paid, "d", dashboardRefund, ACCEPTED));
        facts.add(refundedAtPsp(paid, "d", dashboardRefund, SUCCEEDED));
        if (dashboardRefundFails) {
          facts.add(refundedAtPsp(paid, "d", dashboardRefund, FAILED));
        }
      }
      Operation refund = begun.refund;
      if (refund != null) {
        facts.add(refunded(paid, refund, FactBench.accepted(refund)));
        facts.add(refunded(paid, refund, succeeded(refund)));
        if (ourRefundFails) {
          facts.add(refunded(paid, refund, failed(refund)));
        }
      }
      if (inDispute > 0) {
        facts.add(FactBench.disputed(paid, "x", inDispute, Stage.INQUIRY));
        facts.add(FactBench.disputed(paid, "x", inDispute, Stage.OPEN));
        facts.add(FactBench.disputed(paid, "x", inDispute, won ? Stage.WON : Stage.LOST));
      }
      return facts;
    }
  }
}
