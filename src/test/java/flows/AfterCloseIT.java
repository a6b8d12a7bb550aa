package flows;

import static flows.FactBench.approved;
import static flows.FactBench.captured;
import static flows.FactBench.noAnswer;
import static flows.FactBench.refunded;
import static flows.FactBench.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import flows.FactBench.Paid;
import io.vertx.core.Future;
import java.util.Objects;
import money.Money;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import payments.CaptureMethod;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.OperatorOutcome;
import payments.PublicId;
import psp.PspCall;
import psp.PspFact;
import psp.PspResult.Accepted;
import psp.PspResult.Declined;
import psp.PspResult.Details;
import support.Books;

/** What a PSP says it did, of an operation that was closed as failed while it was asked. */
final class AfterCloseIT {
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

  @Test
  void raisesTheSuccessOfARefundThatAnOperatorClosedMeanwhile() {
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    bench.script.add(noAnswer());
    Operation refund = bench.refund(paid, 300);
    bench.script.add(
        sending -> {
          closed(refund, "refund_reserved = 0");
          return Future.succeededFuture(succeeded(refund));
        });
    assertThat(bench.recover(refund)).isEqualTo(OperationStatus.FAILED);
    assertThat(bench.state(paid.id()))
        .contains("refunded 0")
        .containsOnlyOnce("anomaly success_after_close t");
    // The webhook books it.
    bench.tell(refunded(paid, refund, succeeded(refund)));
    assertThat(bench.state(paid.id())).contains("refunded 300");
  }

  @Test
  void raisesTheSuccessOfACaptureThatAnOperatorClosedMeanwhile() {
    Paid paid = bench.pay(CaptureMethod.MANUAL);
    bench.script.add(noAnswer());
    bench.capture(paid, null);
    Operation capture = bench.operations("capture").getFirst();
    bench.script.add(
        sending -> {
          closed(capture, "status = 'requires_capture', version = version + 1");
          return Future.succeededFuture(approved(paid.intent(), 1_000, true));
        });
    assertThat(bench.recover(capture)).isEqualTo(OperationStatus.FAILED);
    assertThat(bench.state(paid.id())).containsOnlyOnce("anomaly success_after_close t");
    bench.tell(captured(paid, 1_000));
    assertThat(bench.state(paid.id())).startsWith("succeeded authorized 0 captured 1000");
  }

  @Test
  void raisesNothingThatAWebhookHasBookedMeanwhile() {
    Paid paid = bench.pay(CaptureMethod.MANUAL);
    bench.script.add(noAnswer());
    bench.capture(paid, null);
    Operation capture = bench.operations("capture").getFirst();
    bench.script.add(
        sending -> {
          closed(capture, "status = 'requires_capture', version = version + 1");
          return bench
              .telling(captured(paid, 1_000))
              .map(told -> approved(paid.intent(), 1_000, true));
        });
    bench.recover(capture);
    assertThat(bench.state(paid.id())).startsWith("succeeded").doesNotContain("anomaly");
    Operation refund = bench.refund(paid, 400);
    bench.tell(refunded(paid, refund, FactBench.failed(refund)));
    // The answer to its sending comes last: it is older than the failure.
    var late = new SettleOperation(bench.services);
    OperationStatus status =
        bench.onContext(
            () ->
                late.running(refund, "recovered", "recovery", null)
                    .compose(running -> late.settle(running, succeeded(refund))));
    assertThat(status).isEqualTo(OperationStatus.FAILED);
    assertThat(bench.state(paid.id())).contains("refund failed 400").doesNotContain("anomaly");
  }

  @Test
  void closesWhatGivesBackOnlyWhenNothingIsLeftToGive() {
    bench.script.add(noAnswer());
    Paid paid = bench.age(bench.pay(CaptureMethod.AUTOMATIC));
    bench.tell(captured(paid, 1_000));
    Operation giving = bench.operations("refund").getFirst();
    bench.script.add(
        sending -> Future.succeededFuture(new Declined(FactBench.NO, null, null, Details.NONE)));
    bench.recover(giving);
    bench.tell(FactBench.refundedAtPsp(paid, "a", 600, OperationStatus.SUCCEEDED));
    assertThat(closed(giving))
        .isInstanceOfSatisfying(
            OperatorOutcome.Refused.class,
            refused -> assertThat(refused.message()).contains("400 (in minor units)"));
    bench.tell(FactBench.refundedAtPsp(paid, "b", 400, OperationStatus.SUCCEEDED));

    OperatorOutcome.Done done = (OperatorOutcome.Done) closed(giving);

    assertThat(bench.operation(giving.id()).status()).isEqualTo(OperationStatus.FAILED);
    assertThat(bench.state(paid.id()))
        .doesNotContain("suspense")
        .contains("anomaly give_back_refused f")
        .contains("anomaly late_success f");
    // What the operator wrote stays in the audit log.
    assertThat(
            bench.text(
                "SELECT concat_ws(' ', event, cause, actor) FROM payment_event WHERE payment_id = '"
                    + paid.id()
                    + "' ORDER BY sequence DESC LIMIT 1"))
        .isEqualTo(
            "give_back_closed operator_action:"
                + PublicId.digits(done.action().id())
                + " operator:alice");

    // And should the PSP have given it back all the same, it is booked and raised.
    bench.tell(refunded(paid, giving, succeeded(giving)));
    assertThat(bench.state(paid.id()))
        .contains("refunded 0")
        .contains("suspense:psp_demo 1000")
        .contains("anomaly success_after_close t");
  }

  /** A success of an automatic payment that came late, and what gives it back. */
  private static Operation reversal() {
    bench.script.add(noAnswer());
    Paid paid = bench.age(bench.pay(CaptureMethod.AUTOMATIC));
    bench.tell(captured(paid, 1_000));
    return bench.operations("refund").getFirst();
  }

  /** What the PSP calls the success that it gives back. */
  private static @Nullable String lateAs(Operation giving) {
    return bench.operation(Objects.requireNonNull(giving.chargeId())).pspReference();
  }

  private static PspFact released(Operation giving, long minor) {
    String of = lateAs(giving);
    return new PspFact.Modification(
        OperationKind.VOID,
        "cancel_of_" + of,
        null,
        of,
        null,
        Money.of(minor, "usd"),
        approved("cancel_of_" + of, minor, false),
        false);
  }

  /** As in the PSP's dashboard, before it was through with what it took by itself. */
  @Test
  void whatLetsGoOfAllThatWasToBeReversedGivesItBack() {
    Operation giving = reversal();
    bench.script.add(FactBench.answer(sending -> new Accepted("rev_1", null)));
    bench.recover(giving);
    PspFact released = released(giving, 1_000);
    assertThat(bench.tell(released)).as("ours may do it").isInstanceOf(FactOutcome.NotYet.class);
    // There is nothing to reverse any more.
    var refused = bench.operation(giving.id());
    bench.tell(
        new PspFact.Refund(
            "rev_1",
            refused.pspIdempotencyKey(),
            "pi",
            null,
            refused.amount(),
            null,
            FactBench.declined("rev_1")));
    assertThat(bench.operation(giving.id()).heldReason()).isEqualTo("give_back_refused");

    assertThat(bench.tellAtOnce(released, 5)).contains(new FactOutcome.Applied(giving.paymentId()));
    assertThat(bench.tell(released)).isEqualTo(new FactOutcome.NothingNew(giving.paymentId()));
    assertThat(bench.operation(giving.id()).status()).isEqualTo(OperationStatus.SUCCEEDED);
    assertThat(bench.operation(giving.id()).heldReason()).isNull();
    assertThat(bench.state(giving.paymentId()))
        .doesNotContain("suspense")
        .contains("anomaly give_back_refused f")
        .contains("anomaly late_success f");
  }

  /** The PSP need not be through with it: a refund would be refused. */
  @Test
  void reversesWhatWasAuthorizedInPartHoweverLittleItIs() {
    Paid paid = declined();
    bench.tell(
        new PspFact.Authorized(paid.intent(), paid.key(), approved(paid.intent(), 500, false)));
    Operation giving = bench.operations("refund").getFirst();
    assertThat(giving.amount()).isEqualTo(Money.of(500, "usd"));
    assertThat(PspCall.ofStored(giving.request()).body()).isEqualTo(FactBench.REVERSE);

    refused(giving);
    bench.tell(released(giving, 500));
    assertThat(bench.operation(giving.id()).status()).isEqualTo(OperationStatus.SUCCEEDED);
    assertThat(bench.state(paid.id()))
        .doesNotContain("suspense")
        .contains("anomaly give_back_refused f")
        .contains("anomaly late_success f");
  }

  /** Of what a capture took a part is refunded, and a release is none of it. */
  @Test
  void refundsThePartThatACaptureTook() {
    Paid paid = declined();
    bench.tell(
        new PspFact.Modification(
            OperationKind.CAPTURE,
            "capture_of_" + paid.intent(),
            null,
            paid.intent(),
            null,
            Money.of(500, "usd"),
            approved("capture_of_" + paid.intent(), 500, true),
            false));
    Operation giving = bench.operations("refund").getFirst();
    assertThat(PspCall.ofStored(giving.request()).body()).isNotEqualTo(FactBench.REVERSE);

    refused(giving);
    bench.tell(released(giving, 500));
    assertThat(bench.operation(giving.id()).heldReason()).isEqualTo("give_back_refused");
    assertThat(bench.state(paid.id())).contains("suspense:psp_demo -500");
  }

  private static Paid declined() {
    bench.script.add(FactBench.answer(sending -> FactBench.declined(Paid.of(sending).intent())));
    return bench.pay(CaptureMethod.AUTOMATIC);
  }

  /** What gives it back is taken in by the PSP and refused later. */
  private static void refused(Operation giving) {
    String reference = "rev_of_" + giving.id();
    bench.script.add(FactBench.answer(sending -> new Accepted(reference, null)));
    bench.recover(giving);
    bench.tell(
        new PspFact.Refund(
            reference,
            giving.pspIdempotencyKey(),
            lateAs(giving),
            null,
            giving.amount(),
            null,
            FactBench.declined(reference)));
    assertThat(bench.operation(giving.id()).heldReason()).isEqualTo("give_back_refused");
  }

  /** The PSP reverses what is left of a charge that was refunded in part, and says how much. */
  @Test
  void closesWhatGaveTheRestBackOnceThatIsBooked() {
    Operation giving = reversal();
    bench.tell(
        new PspFact.Refund(
            "re_part",
            null,
            lateAs(giving),
            null,
            Money.of(400, "usd"),
            null,
            approved("re_part", 400, true)));
    bench.script.add(sending -> Future.succeededFuture(approved("rev_rest", 600, true)));
    bench.recover(giving);
    assertThat(bench.operation(giving.id()).heldReason()).isEqualTo("amount_mismatch");
    assertThat(closed(giving))
        .isInstanceOfSatisfying(
            OperatorOutcome.Refused.class,
            refused -> assertThat(refused.message()).contains("600 (in minor units)"));

    bench.postgres.execute(
        "INSERT INTO ledger_transfer (merchant_id, transfer_id, payment_id, operation_id, rule,"
            + " debit, credit, amount, currency, livemode) SELECT merchant_id, gen_random_uuid(),"
            + " payment_id, '"
            + giving.id()
            + "', rule, debit, credit, 600, currency, livemode FROM ledger_transfer WHERE rule ="
            + " 'suspense_returned' AND payment_id = '"
            + giving.paymentId()
            + "'");
    assertThat(closed(giving)).isInstanceOf(OperatorOutcome.Done.class);
    assertThat(bench.state(giving.paymentId()))
        .doesNotContain("suspense")
        .contains("anomaly late_success f");
  }

  /** What else is raised of the charge is not settled by giving it back. */
  @Test
  void resolvesOnlyWhatGivingBackSettles() {
    Operation giving = reversal();
    bench.postgres.execute(
        "INSERT INTO anomaly (merchant_id, anomaly_id, payment_id, operation_id, kind, detail)"
            + " SELECT merchant_id, gen_random_uuid(), payment_id, charge_id,"
            + " 'unknown_capture_failed', 'x' FROM operation WHERE operation_id = '"
            + giving.id()
            + "'");
    bench.recover(giving);
    assertThat(bench.state(giving.paymentId()))
        .contains("anomaly late_success f")
        .contains("anomaly unknown_capture_failed t");
  }

  @Test
  void neverClosesWhatLetsGoOfALateHold() {
    bench.script.add(noAnswer());
    Paid paid = bench.age(bench.pay(CaptureMethod.MANUAL));
    bench.asked = sending -> approved(paid.intent(), 1_000, false);
    bench.tell(FactBench.held(paid));
    Operation release = bench.operations("void").getFirst();
    bench.script.add(sending -> Future.succeededFuture(FactBench.declined(paid.intent())));
    bench.recover(release);
    assertThat(closed(release)).isInstanceOf(OperatorOutcome.Refused.class);
  }

  private static OperatorOutcome closed(Operation operation) {
    return bench.closeAsFailed(operation);
  }

  /** As an operator's close leaves it. */
  private static void closed(Operation operation, String payment) {
    bench.postgres.execute(
        "UPDATE operation SET status = 'failed', recover_at = NULL, held_reason = NULL WHERE"
            + " operation_id = '"
            + operation.id()
            + "'");
    bench.postgres.execute(
        "UPDATE payment SET " + payment + " WHERE payment_id = '" + operation.paymentId() + "'");
  }
}
