package flows;

import static flows.FactBench.answer;
import static flows.FactBench.approved;
import static flows.FactBench.declined;
import static org.assertj.core.api.Assertions.assertThat;

import flows.FactBench.Paid;
import flows.FactOutcome.Applied;
import flows.FactOutcome.NothingNew;
import money.Money;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import payments.CaptureMethod;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import psp.PspFact;
import psp.PspResult.Accepted;
import psp.PspResult.ActionRequired;
import psp.PspResult.Details;
import support.Books;

/**
 * A PSP that may authorize under another id than it had challenged under, and that tells two
 * successes under one key of ours: the first is given back, the second is for a person.
 */
final class SecondSuccessIT {
  private static FactBench bench;

  @BeforeAll
  static void open() {
    bench = new FactBench(true);
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

  private static PspFact authorized(Paid paid, String reference) {
    return new PspFact.Authorized(reference, paid.key(), approved(reference, 1_000, false));
  }

  /** A declined payment of which a success is told all the same. */
  private static Paid givenBack(CaptureMethod method, String first) {
    bench.script.add(answer(sending -> declined("pi_" + sending.operationId())));
    Paid paid = bench.pay(method);
    assertThat(bench.tell(authorized(paid, first))).isInstanceOf(Applied.class);
    assertThat(bench.operation(paid.charge()).pspReference()).isEqualTo(first);
    return paid;
  }

  @Test
  void isRaisedAndTheFirstOneGoesBack() {
    Paid paid = givenBack(CaptureMethod.AUTOMATIC, "first_1");
    PspFact second = authorized(paid, "second_1");
    assertThat(bench.tellAtOnce(second, 5)).contains(new Applied(paid.id()));
    assertThat(bench.tell(second)).isEqualTo(new NothingNew(paid.id()));
    assertThat(bench.tell(authorized(paid, "first_1"))).isEqualTo(new NothingNew(paid.id()));
    assertThat(bench.state(paid.id()))
        .contains("suspense:psp_demo -1000")
        .containsOnlyOnce("anomaly second_success t");
    assertThat(bench.operation(paid.charge()).pspReference()).isEqualTo("first_1");

    assertThat(bench.recover(bench.operations("refund").getFirst()))
        .isEqualTo(OperationStatus.SUCCEEDED);
    assertThat(bench.tell(second)).isEqualTo(new NothingNew(paid.id()));
    assertThat(bench.state(paid.id()))
        .doesNotContain("suspense")
        .contains("anomaly late_success f")
        .as("of the second nothing has gone back")
        .contains("anomaly second_success t");
  }

  /** Nobody is told twice of one, and of each somebody is told. */
  @Test
  void isNotTheLastOneThatMayBeTold() {
    Paid paid = givenBack(CaptureMethod.AUTOMATIC, "first_4");
    bench.tell(authorized(paid, "second_40"));
    bench.postgres.execute(
        "UPDATE anomaly SET resolved_at = now(), resolution = 'refunded' WHERE kind ="
            + " 'second_success' AND payment_id = '"
            + paid.id()
            + "'");
    assertThat(bench.tell(authorized(paid, "second_40"))).isEqualTo(new NothingNew(paid.id()));
    assertThat(bench.state(paid.id())).contains("anomaly second_success f");

    // Another one, whose name is the beginning of the other's.
    PspFact third = authorized(paid, "second_4");
    assertThat(bench.tellAtOnce(third, 5)).contains(new Applied(paid.id()));
    assertThat(bench.tell(third)).isEqualTo(new NothingNew(paid.id()));
    assertThat(bench.tell(authorized(paid, "second_40"))).isEqualTo(new NothingNew(paid.id()));
    assertThat(bench.state(paid.id())).containsOnlyOnce("anomaly second_success t");
    assertThat(
            bench.text(
                "SELECT detail FROM anomaly WHERE kind = 'second_success' AND payment_id = '"
                    + paid.id()
                    + "'"))
        .containsOnlyOnce("as second_40 under")
        .containsOnlyOnce("as second_4 under");
  }

  @Test
  void leavesWhatLetsGoOfTheFirstAlone() {
    Paid paid = givenBack(CaptureMethod.MANUAL, "first_2");
    Operation release = bench.operations("void").getFirst();
    var taken = approved("second_2", 1_000, true);
    var gone = approved("second_2", 1_000, false);
    assertThat(
            bench.tell(
                new PspFact.Authorization(
                    "second_2", paid.key(), taken, taken, declined("second_2"), false, null)))
        .isInstanceOf(Applied.class);
    bench.tell(
        new PspFact.Authorization(
            "second_2", paid.key(), declined("second_2"), declined("second_2"), gone, true, null));
    assertThat(bench.operation(release.id()).status()).isEqualTo(OperationStatus.PENDING);
    assertThat(bench.operation(paid.charge()).pspReference()).isEqualTo("first_2");
    assertThat(bench.state(paid.id()))
        .contains("anomaly second_success t")
        .doesNotContain("late_capture")
        .doesNotContain("suspense");
  }

  /** What was let go of by our key is known by what the PSP says that it let go of. */
  @Test
  void isRaisedAfterTheFirstWasLetGoOfInCase() {
    bench.script.add(
        answer(
            sending ->
                new ActionRequired(
                    "challenge_" + sending.operationId(), "https://psp.test/3ds", Details.NONE)));
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    bench.cancel(paid);
    Operation inCase = bench.operations("void").getFirst();
    bench.script.add(answer(sending -> new Accepted("cancel_3", null)));
    bench.recover(inCase);
    bench.tell(
        new PspFact.Modification(
            OperationKind.VOID,
            "cancel_3",
            inCase.pspIdempotencyKey(),
            "first_3",
            paid.key(),
            Money.of(1_000, "usd"),
            approved("cancel_3", 1_000, false),
            false));
    assertThat(bench.operation(inCase.id()).status()).isEqualTo(OperationStatus.SUCCEEDED);

    assertThat(bench.tell(authorized(paid, "first_3"))).isEqualTo(new NothingNew(paid.id()));
    assertThat(bench.state(paid.id())).doesNotContain("anomaly");
    assertThat(bench.tell(authorized(paid, "second_3"))).isEqualTo(new Applied(paid.id()));
    assertThat(bench.state(paid.id())).contains("anomaly second_success t");
  }
}
