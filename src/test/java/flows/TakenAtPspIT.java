package flows;

import static flows.FactBench.approved;
import static flows.FactBench.captured;
import static flows.FactBench.declined;
import static flows.FactBench.disputed;
import static flows.FactBench.held;
import static flows.FactBench.noAnswer;
import static flows.FactBench.refunded;
import static flows.FactBench.refundedAtPsp;
import static flows.FactBench.succeeded;
import static org.assertj.core.api.Assertions.assertThat;
import static payments.OperationStatus.SUCCEEDED;

import flows.FactBench.Paid;
import flows.FactOutcome.Applied;
import flows.FactOutcome.NotYet;
import flows.FactOutcome.NothingNew;
import io.vertx.core.Future;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import payments.CaptureMethod;
import payments.Operation;
import psp.PspFact.Dispute.Stage;
import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;
import support.Books;

/** Money that a PSP took while we were about to do something else with the hold. */
final class TakenAtPspIT {
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
    bench.asked =
        sending -> {
          throw new AssertionError("nothing here is looked up");
        };
  }

  @AfterEach
  void theBooksBalance() {
    Books.balance(bench.postgres);
  }

  // ---- captures

  @Test
  void aCaptureOfAnotherAmountAtThePspEndsTheSameBeforeAndDuringOurOwn() {
    Paid before = bench.pay(CaptureMethod.MANUAL);
    bench.tell(captured(before, 800));
    Paid during = bench.pay(CaptureMethod.MANUAL);
    bench.script.add(noAnswer());
    bench.capture(during, 500L);
    assertThat(bench.tellAtOnce(captured(during, 800), 5)).contains(new Applied(during.id()));
    assertThat(bench.state(during.id()).replaceFirst("capture failed 500 f\n", ""))
        .isEqualTo(bench.state(before.id()));
    assertThat(bench.history(during.id())).endsWith("capture_failed", "captured_at_psp");
  }

  @Test
  void aCaptureThatIsHeldForItsAmountEndsWithThePspsWord() {
    Paid paid = bench.pay(CaptureMethod.MANUAL);
    bench.script.add(sending -> Future.succeededFuture(approved(paid.intent(), 800, true)));
    bench.capture(paid, 500L);
    Operation capture = bench.operations("capture").getFirst();
    assertThat(capture.heldReason()).isEqualTo("amount_mismatch");
    assertThat(bench.tell(captured(paid, 800))).isEqualTo(new Applied(paid.id()));
    assertThat(bench.state(paid.id())).startsWith("succeeded authorized 0 captured 800");
    assertThat(bench.operation(capture.id()).heldReason()).isNull();
  }

  // ---- late holds

  private static Paid late() {
    bench.script.add(noAnswer());
    return bench.age(bench.pay(CaptureMethod.MANUAL));
  }

  private static Operation lettingGo(Paid paid) {
    bench.asked = sending -> approved(paid.intent(), 1_000, false);
    assertThat(bench.tell(held(paid))).isEqualTo(new Applied(paid.id()));
    Operation release = bench.operations("void").getFirst();
    assertThat(release.paymentId()).isEqualTo(paid.id());
    assertThat(release.givesBack()).isTrue();
    return release;
  }

  @Test
  void aLateHoldThatIsTakenBeforeItIsLetGoOfIsRefunded() {
    Paid paid = late();
    Operation release = lettingGo(paid);
    bench.script.add(sending -> Future.succeededFuture(declined(paid.intent())));
    bench.recover(release);
    assertThat(bench.operation(release.id()).heldReason()).isEqualTo("give_back_refused");
    // A refund of it in the dashboard comes after what it gives back.
    var dashboard = refundedAtPsp(paid, "a", 200, SUCCEEDED);
    assertThat(bench.tell(dashboard)).isInstanceOf(NotYet.class);

    assertThat(bench.tellAtOnce(captured(paid, 700), 5)).contains(new Applied(paid.id()));
    assertThat(bench.tell(captured(paid, 700))).isEqualTo(new NothingNew(paid.id()));
    assertThat(bench.tell(held(paid))).isEqualTo(new NothingNew(paid.id()));
    assertThat(bench.state(paid.id()))
        .startsWith("canceled authorized 0 captured 0")
        .contains("void failed 1000 t")
        .contains("refund pending 700 t")
        .contains("suspense:psp_demo -700")
        .contains("anomaly give_back_refused f")
        .contains("anomaly late_capture t");
    assertThat(bench.operation(release.id()).heldReason()).isNull();
    assertThat(bench.history(paid.id())).endsWith("late_capture_booked");

    Operation refund = bench.operations("refund").getFirst();
    assertThat(refund.pspIdempotencyKey()).isNotEqualTo(release.pspIdempotencyKey());
    bench.tell(refunded(paid, refund, succeeded(refund)));
    assertThat(bench.state(paid.id()))
        .doesNotContain("suspense")
        .contains("anomaly late_capture f")
        .contains("anomaly late_success f");
  }

  @Test
  void aLateHoldIsAskedAboutBeforeItIsLetGoOf() {
    Paid taken = late();
    bench.asked = sending -> new Unknown(UnknownReason.TIMEOUT, "no answer");
    assertThat(bench.tell(held(taken))).isInstanceOf(NotYet.class);
    bench.asked = sending -> approved(taken.intent(), 1_000, true);
    assertThat(bench.tell(held(taken))).isEqualTo(new Applied(taken.id()));
    assertThat(bench.state(taken.id()))
        .startsWith("canceled")
        .contains("refund pending 1000 t")
        .contains("suspense:psp_demo -1000")
        .doesNotContain("void");
    Paid gone = late();
    bench.asked = sending -> declined(gone.intent());
    assertThat(bench.tell(held(gone))).isEqualTo(new Applied(gone.id()));
    assertThat(bench.state(gone.id()))
        .startsWith("requires_payment_method")
        .doesNotContain("anomaly");
  }

  @Test
  void aDisputeAboutALateSuccessIsNotTheMerchants() {
    for (Stage end : List.of(Stage.WON, Stage.LOST)) {
      Paid paid = late();
      bench.tell(captured(paid, 1_000));
      bench.tell(disputed(paid, "a", 1_000, Stage.OPEN));
      assertThat(bench.state(paid.id()))
          .contains("disputed 0")
          .contains("dispute_reserve 1000")
          .doesNotContain("refund_over_captured");
      assertThat(bench.tellAtOnce(disputed(paid, "a", 1_000, end), 5))
          .contains(new Applied(paid.id()));
      String state = bench.state(paid.id());
      assertThat(state).doesNotContain("merchant_payable").doesNotContain("dispute_reserve");
      // Lost, the customer has the money back; won, it waits to be given back.
      assertThat(state.contains("suspense:psp_demo -1000")).isEqualTo(end == Stage.WON);
    }
  }
}
