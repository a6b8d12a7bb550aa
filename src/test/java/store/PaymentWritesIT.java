package store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static store.StoreFixture.CAUSE;
import static store.StoreFixture.creation;
import static store.StoreFixture.failure;
import static store.StoreFixture.finish;
import static store.StoreFixture.over;
import static store.StoreFixture.reservation;
import static store.StoreFixture.result;

import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import ledger.PostingRule;
import money.Money;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import payments.Answer;
import payments.AttemptOutcome;
import payments.CaptureMethod;
import payments.CardChecks;
import payments.CardDetails;
import payments.Decline;
import payments.DeclineCode;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Parameters;
import payments.Payment;
import payments.PaymentMethod;
import payments.PaymentStatus;
import store.Finish.PaymentChange;

/** The four durable steps of the money path against a real PostgreSQL. */
final class PaymentWritesIT {
  private static StoreFixture store;

  @BeforeAll
  static void open() {
    store = new StoreFixture();
  }

  @AfterAll
  static void close() {
    store.close();
  }

  @Test
  void keepsEveryColumnOfAPaymentItsOperationAndItsMethod() {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    var customer = store.ids.next();
    var parameters = new Parameters(Map.of("metadata", Map.of("a", "ü"), "n", 3L, "flag", true));
    var decline = new Decline(DeclineCode.PSP_UNAVAILABLE, "raw", "message", "advice", "param");
    var payment =
        new Payment(
            StoreFixture.MERCHANT,
            true,
            store.ids.next(),
            PaymentStatus.PROCESSING,
            1,
            Money.of(1_099, "jpy"),
            CaptureMethod.MANUAL,
            0,
            0,
            0,
            0,
            0,
            customer,
            "pm_round",
            store.ids.next(),
            "secret",
            parameters,
            null,
            null,
            null,
            null,
            1);
    var method =
        new PaymentMethod(
            StoreFixture.MERCHANT,
            true,
            "pm_round",
            now,
            customer,
            new CardDetails("visa", "4242", 12, 2034, "credit", "US", "print", "visa"),
            new CardChecks("pass", "fail", "unchecked"),
            Map.of(StoreFixture.ACCOUNT, "tok"),
            parameters);
    var operation =
        new Operation(
            StoreFixture.MERCHANT,
            true,
            store.ids.next(),
            payment.id(),
            OperationKind.AUTHORIZE,
            OperationStatus.PENDING,
            payment.amount(),
            StoreFixture.ACCOUNT,
            "psp-key",
            "POST /y\nbody",
            "ref",
            null,
            1,
            store.ids.next(),
            0,
            0,
            "pm_round",
            null,
            CardChecks.NONE,
            AttemptOutcome.NONE,
            null,
            parameters,
            false,
            null,
            null,
            now);
    var write = new Write(payment, null, 0, StoreFixture.begin(operation), null, method, CAUSE);
    assertThat(result(store.writes.create(write))).contains(1L);

    assertThat(store.read(payment)).isEqualTo(payment);
    assertThat(store.read(operation))
        .usingRecursiveComparison()
        .ignoringFields("updatedAt")
        .isEqualTo(operation);
    assertThat(
            result(
                new PaymentMethods(store.database).find(StoreFixture.MERCHANT, true, "pm_round")))
        .contains(method);
    assertThat(
            store.number(
                "SELECT lane FROM operation WHERE operation_id = '" + operation.id() + "'"))
        .isEqualTo(Lanes.of(payment.id()));

    var changed =
        new Payment(
            StoreFixture.MERCHANT,
            true,
            payment.id(),
            PaymentStatus.CANCELED,
            2,
            Money.of(2_000, "eur"),
            CaptureMethod.AUTOMATIC,
            0,
            0,
            0,
            0,
            0,
            store.ids.next(),
            "pm_other",
            store.ids.next(),
            "secret",
            new Parameters(Map.of("x", "y")),
            decline,
            "https://act",
            "abandoned",
            now,
            2);
    assertThat(
            result(
                store.writes.begin(
                    new Write(changed, PaymentStatus.PROCESSING, 1, null, null, null, CAUSE))))
        .contains(2L);
    assertThat(store.read(payment)).isEqualTo(changed);
  }

  @Test
  void keepsWhatThePspTold() {
    Payment payment = store.payment(PaymentStatus.PROCESSING, 500);
    Operation operation = store.operation(payment, OperationKind.AUTHORIZE, 500);
    result(store.writes.create(creation(payment, operation, null)));
    var card = new CardDetails("visa", "0002", 1, 2030, "debit", null, null, null);
    var checks = new CardChecks(null, "pass", "pass");
    var outcome =
        new AttemptOutcome(
            "declined", "issuer", "r", "normal", 7, "seller", "05", "ntid", "auth", null, null);
    var decline = new Decline(DeclineCode.PSP_UNAVAILABLE, "raw", null, null, null);
    var finish =
        new Finish(
            StoreFixture.FINISHED_AT,
            operation,
            OperationStatus.FAILED,
            "pi_x",
            "ch_x",
            card,
            checks,
            outcome,
            decline,
            null,
            null,
            PaymentChange.move(PaymentStatus.PROCESSING, PaymentStatus.REQUIRES_PAYMENT_METHOD)
                .shows(operation.id(), "")
                .error(decline),
            null,
            null,
            null,
            null,
            CAUSE,
            null);
    assertThat(result(store.writes.finish(finish))).contains(2L);

    Operation after = store.read(operation);
    assertThat(after.status()).isEqualTo(OperationStatus.FAILED);
    assertThat(after.pspReference()).isEqualTo("pi_x");
    assertThat(after.pspChargeReference()).isEqualTo("ch_x");
    assertThat(after.card()).isEqualTo(card);
    assertThat(after.checks()).isEqualTo(checks);
    assertThat(after.outcome()).isEqualTo(outcome);
    assertThat(after.decline()).isEqualTo(decline);
    Payment paid = store.read(payment);
    assertThat(paid.lastError()).isEqualTo(decline);
    assertThat(paid.latestCharge()).isEqualTo(operation.id());
    assertThat(paid.paymentMethodId()).isNull();
    assertThat(paid.version()).isEqualTo(2);
  }

  @Test
  void keepsTheTimeOfTheCancelThatTheAnswerShows() {
    Payment payment = store.payment(PaymentStatus.PROCESSING, 500);
    Operation operation = store.operation(payment, OperationKind.VOID, 500);
    result(store.writes.create(creation(payment, operation, null)));
    var canceled =
        StoreFixture.finish(
            operation,
            OperationStatus.SUCCEEDED,
            PaymentChange.move(PaymentStatus.PROCESSING, PaymentStatus.CANCELED),
            null,
            null);
    assertThat(result(store.writes.finish(canceled))).contains(2L);

    assertThat(store.read(payment).canceledAt()).isEqualTo(StoreFixture.FINISHED_AT);
  }

  @Test
  void changesNothingOverAnotherStatusOrVersion() {
    Payment payment = store.fresh(100);
    Operation first = store.operation(payment, OperationKind.AUTHORIZE, 100);
    Operation second = store.operation(payment, OperationKind.AUTHORIZE, 100);
    Write write = over(payment, PaymentStatus.PROCESSING, first, "version-1");
    assertThat(result(store.writes.begin(write))).contains(2L);

    assertThat(
            result(
                store.writes.begin(over(payment, PaymentStatus.PROCESSING, second, "version-2"))))
        .as("the version has moved on")
        .isEmpty();
    Payment now = store.read(payment);
    var wrongStatus =
        new Write(
            StoreFixture.with(now, PaymentStatus.PROCESSING),
            PaymentStatus.REQUIRES_CONFIRMATION,
            now.version(),
            StoreFixture.begin(second),
            null,
            null,
            CAUSE);
    assertThat(result(store.writes.begin(wrongStatus))).as("the status has").isEmpty();
    assertThat(store.found(second)).isEmpty();
    assertThat(result(store.keys.find(StoreFixture.MERCHANT, false, "version-2"))).isEmpty();
    assertThat(events(payment)).isEqualTo(2);
  }

  @Test
  void doesNothingUnderAKeyThatIsThereAlready() {
    Payment payment = store.fresh(100);
    Payment created = store.payment(PaymentStatus.PROCESSING, 100);
    Operation operation = store.operation(created, OperationKind.AUTHORIZE, 100);
    assertThat(result(store.writes.create(creation(created, operation, "taken")))).isPresent();

    Payment again = store.payment(PaymentStatus.PROCESSING, 100);
    Operation another = store.operation(again, OperationKind.AUTHORIZE, 100);
    assertThat(result(store.writes.create(creation(again, another, "taken")))).isEmpty();
    assertThat(result(store.reads.find(StoreFixture.MERCHANT, false, again.id()))).isEmpty();
    assertThat(store.found(another)).isEmpty();

    Operation confirm = store.operation(payment, OperationKind.AUTHORIZE, 100);
    assertThat(
            result(store.writes.begin(over(payment, PaymentStatus.PROCESSING, confirm, "taken"))))
        .isEmpty();
    assertThat(store.read(payment)).isEqualTo(payment);

    Payment taken = store.taken(100);
    Operation refund = store.operation(taken, OperationKind.REFUND, 10);
    assertThat(result(store.writes.reserve(reservation(refund, "taken")))).isEmpty();
    assertThat(store.read(taken)).isEqualTo(taken);
  }

  @Test
  void beginsNoSecondOperationBesideAnOpenOne() {
    Payment payment = store.fresh(100);
    Operation first = store.operation(payment, OperationKind.AUTHORIZE, 100);
    result(store.writes.begin(over(payment, PaymentStatus.PROCESSING, first, null)));
    Payment now = store.read(payment);
    Operation second = store.operation(payment, OperationKind.AUTHORIZE, 100);
    assertThat(failure(store.writes.begin(over(now, PaymentStatus.PROCESSING, second, null))))
        .isInstanceOfSatisfying(
            StoreException.Refused.class,
            refused -> {
              assertThat(refused.duplicate()).isTrue();
              assertThat(refused.constraint()).isEqualTo("operation_open");
            });
    assertThat(store.read(payment)).isEqualTo(now);
  }

  @Test
  void writesNothingOfAFinishWhosePaymentIsNotAsExpected() {
    Payment payment = store.fresh(100);
    Operation operation = store.operation(payment, OperationKind.AUTHORIZE, 100);
    result(store.writes.begin(over(payment, PaymentStatus.REQUIRES_ACTION, operation, null)));
    Payment before = store.read(payment);
    assertThat(failure(store.writes.finish(store.captured(operation))))
        .isInstanceOfSatisfying(
            StoreException.Refused.class,
            refused -> assertThat(refused.sqlState()).isEqualTo("SL001"));
    assertThat(store.read(payment)).isEqualTo(before);
    assertThat(store.read(operation).status()).isEqualTo(OperationStatus.PENDING);
    assertThat(transfers(payment)).isZero();
  }

  @Test
  void lastWordsOfAnOvertakenAttemptNeitherFailAnOperationNorMoveItBack() {
    Payment payment = store.payment(PaymentStatus.PROCESSING, 100);
    Operation sent = store.operation(payment, OperationKind.AUTHORIZE, 100);
    result(store.writes.create(creation(payment, sent, null)));
    store.server.execute(
        "UPDATE operation SET attempts = 2 WHERE operation_id = '" + sent.id() + "'");
    Finish failed =
        finish(
            sent,
            OperationStatus.FAILED,
            PaymentChange.move(PaymentStatus.PROCESSING, PaymentStatus.REQUIRES_PAYMENT_METHOD),
            null,
            null);
    assertThat(result(store.writes.finish(failed))).as("recovery sends it again").isEmpty();
    assertThat(store.read(payment).status()).isEqualTo(PaymentStatus.PROCESSING);

    Operation claimed = store.read(sent);
    Finish waiting =
        finish(
            claimed,
            OperationStatus.AWAITING_CUSTOMER,
            PaymentChange.move(PaymentStatus.PROCESSING, PaymentStatus.REQUIRES_ACTION),
            null,
            null);
    assertThat(result(store.writes.finish(waiting))).isPresent();
    assertThat(result(store.writes.finish(waiting))).as("told twice").isEmpty();
    Finish unknown = finish(sent, OperationStatus.UNKNOWN, PaymentChange.NONE, null, null);
    assertThat(result(store.writes.finish(unknown))).as("a stage back").isEmpty();
    assertThat(store.read(sent).status()).isEqualTo(OperationStatus.AWAITING_CUSTOMER);
    assertThat(result(store.log.reschedule(claimed, 5L, null, null)))
        .as("it is not pending any more")
        .isFalse();

    Finish late =
        finish(
            sent,
            OperationStatus.SUCCEEDED,
            PaymentChange.move(PaymentStatus.REQUIRES_ACTION, PaymentStatus.SUCCEEDED)
                .amounts(0, 100),
            store.transfer(PostingRule.CAPTURE, sent),
            null);
    assertThat(result(store.writes.finish(late))).as("a success counts from any").isPresent();
  }

  @Test
  void booksARuleOncePerOperation() {
    Payment payment = store.taken(300);
    Operation refund = store.operation(payment, OperationKind.REFUND, 100);
    result(store.writes.reserve(reservation(refund, null)));
    store.server.execute(
        """
        INSERT INTO ledger_transfer (merchant_id, transfer_id, payment_id, operation_id, rule, debit, credit, amount, currency,
          livemode) VALUES ('%s', gen_random_uuid(), '%s', '%s', 'refund', 'a', 'b', 100, 'usd', false)
        """
            .formatted(StoreFixture.MERCHANT, payment.id(), refund.id()));
    assertThat(failure(store.writes.finish(store.refunded(refund))))
        .isInstanceOfSatisfying(
            StoreException.Refused.class, refused -> assertThat(refused.duplicate()).isTrue());
    assertThat(store.read(refund).status()).isEqualTo(OperationStatus.PENDING);
    assertThat(store.read(payment).refunded()).isZero();
  }

  @Test
  void neverChangesOrDeletesTheLedgerTheHistoryOrMoney() {
    for (String sql :
        List.of(
            "UPDATE ledger_transfer SET amount = 1",
            "DELETE FROM ledger_transfer",
            "TRUNCATE ledger_transfer",
            "UPDATE payment_event SET actor = 'x'",
            "DELETE FROM payment_event",
            "DELETE FROM payment",
            "DELETE FROM operation",
            "DELETE FROM anomaly")) {
      assertThatThrownBy(() -> result(store.database.query(sql, Tuple.tuple())))
          .as(sql)
          .isInstanceOfSatisfying(
              StoreException.Refused.class,
              refused -> assertThat(refused.sqlState()).isEqualTo("42501"));
    }
  }

  @Test
  void endsTheChallengeThatAVoidCancels() {
    Payment payment = store.payment(PaymentStatus.PROCESSING, 100);
    Operation authorize = store.operation(payment, OperationKind.AUTHORIZE, 100);
    result(store.writes.create(creation(payment, authorize, null)));
    result(
        store.writes.finish(
            finish(
                authorize,
                OperationStatus.AWAITING_CUSTOMER,
                PaymentChange.move(PaymentStatus.PROCESSING, PaymentStatus.REQUIRES_ACTION)
                    .nextAction("https://act"),
                null,
                null)));
    Payment asked = store.read(payment);
    Operation voided = store.operation(payment, OperationKind.VOID, 100);
    result(store.writes.begin(over(asked, PaymentStatus.PROCESSING, voided, null)));
    result(
        store.writes.finish(
            finish(
                voided,
                OperationStatus.SUCCEEDED,
                PaymentChange.move(PaymentStatus.PROCESSING, PaymentStatus.CANCELED)
                    .canceledFor("abandoned"),
                null,
                null)));
    assertThat(store.read(authorize).status()).isEqualTo(OperationStatus.CANCELED);
    Payment canceled = store.read(payment);
    assertThat(canceled.status()).isEqualTo(PaymentStatus.CANCELED);
    assertThat(canceled.cancellationReason()).isEqualTo("abandoned");
    assertThat(canceled.canceledAt()).isNotNull();
    assertThat(canceled.nextActionUrl()).isNull();
  }

  @Test
  void storesTheFirstAnswerOnly() {
    Payment payment = store.payment(PaymentStatus.PROCESSING, 100);
    Operation operation = store.operation(payment, OperationKind.AUTHORIZE, 100, "answered");
    result(store.writes.create(creation(payment, operation, "answered")));
    result(
        store.writes.finish(
            finish(
                operation,
                OperationStatus.UNKNOWN,
                PaymentChange.NONE,
                null,
                new Answer(200, "processing", false))));
    result(
        store.writes.finish(
            finish(
                store.read(operation),
                OperationStatus.SUCCEEDED,
                PaymentChange.move(PaymentStatus.PROCESSING, PaymentStatus.SUCCEEDED)
                    .amounts(0, 100),
                store.transfer(PostingRule.CAPTURE, operation),
                new Answer(200, "succeeded", false))));
    assertThat(
            result(store.keys.find(StoreFixture.MERCHANT, false, "answered"))
                .orElseThrow()
                .answer())
        .isEqualTo(new Answer(200, "processing", true));
  }

  private static long transfers(Payment payment) {
    return store.number(
        "SELECT count(*) FROM ledger_transfer WHERE payment_id = '" + payment.id() + "'");
  }

  private static long events(Payment payment) {
    return store.number(
        "SELECT count(*) FROM payment_event WHERE payment_id = '" + payment.id() + "'");
  }
}
