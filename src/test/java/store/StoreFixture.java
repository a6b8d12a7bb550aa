package store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import ledger.PostingRule;
import ledger.Transfer;
import money.Money;
import org.jspecify.annotations.Nullable;
import payments.Answer;
import payments.AttemptOutcome;
import payments.CaptureMethod;
import payments.CardChecks;
import payments.Decline;
import payments.IdSource;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Parameters;
import payments.Payment;
import payments.PaymentStatus;
import payments.RequestContext;
import support.TestDatabase;

/** A database, the store's parts over it, and payments and operations to put in. */
final class StoreFixture implements AutoCloseable {
  static final String MERCHANT = "acct_test";
  static final String ACCOUNT = "psp_test";
  static final Write.Cause CAUSE = new Write.Cause("tested", "req_test", "key_test");

  /** Long before the database's own time, so that one is not taken for the other. */
  static final Instant FINISHED_AT = Instant.parse("2026-01-02T03:04:05.678901Z");

  final Vertx vertx = Vertx.vertx();
  final TestDatabase server = TestDatabase.create();
  final Database database = Database.open(vertx, server.options(), "test", 8);
  final PaymentReads reads = new PaymentReads(database);
  final OperationLog log = new OperationLog(database);
  final IdempotencyKeys keys = new IdempotencyKeys(database);
  final IdSource ids = new IdSource(Clock.systemUTC(), new SecureRandom());
  final AtomicInteger statements = new AtomicInteger();
  final PaymentWrites writes = node();

  /** The writes of one more node: a context and a connection of its own. */
  PaymentWrites node() {
    return new PaymentWrites(
        vertx.getOrCreateContext(),
        Database.openForBatches(vertx, server.options(), "batches", 1),
        new Batcher.Limits(256, 1, 10_000),
        rows -> statements.incrementAndGet());
  }

  Payment payment(PaymentStatus status, long minor) {
    return payment(ids.next(), status, minor);
  }

  Payment payment(UUID id, PaymentStatus status, long minor) {
    return new Payment(
        MERCHANT,
        false,
        id,
        status,
        1,
        Money.of(minor, "usd"),
        CaptureMethod.AUTOMATIC,
        0,
        0,
        0,
        0,
        0,
        null,
        null,
        null,
        "secret_" + id,
        Parameters.EMPTY,
        null,
        null,
        null,
        null,
        1);
  }

  static Payment with(Payment from, PaymentStatus status) {
    return new Payment(
        from.merchantId(),
        from.livemode(),
        from.id(),
        status,
        from.version() + 1,
        from.amount(),
        from.captureMethod(),
        from.authorized(),
        from.captured(),
        from.refundReserved(),
        from.refunded(),
        from.disputed(),
        from.customerId(),
        from.paymentMethodId(),
        from.latestCharge(),
        from.clientSecret(),
        from.parameters(),
        from.lastError(),
        from.nextActionUrl(),
        from.cancellationReason(),
        from.canceledAt(),
        from.sequence() + 1);
  }

  /** The charge of a payment that has one. */
  static UUID charge(Payment payment) {
    return Objects.requireNonNull(payment.latestCharge());
  }

  /** What gives back what came too late of an operation. */
  Write.Begin giveBack(Operation late) {
    return new Write.Begin(
        new Operation(
            late.merchantId(),
            late.livemode(),
            ids.next(),
            late.paymentId(),
            OperationKind.REFUND,
            OperationStatus.PENDING,
            late.amount(),
            late.pspAccountId(),
            "back-" + late.id(),
            "POST /x\nbody",
            null,
            null,
            0,
            late.id(),
            0,
            0,
            null,
            null,
            late.checks(),
            late.outcome(),
            null,
            late.parameters(),
            true,
            null,
            null,
            late.updatedAt()),
        "node_test",
        60_000);
  }

  /**
   * A refund that was made at the PSP.
   *
   * @param decline why it failed there, or null where it succeeded
   */
  Operation atPsp(Payment payment, long minor, @Nullable Decline decline) {
    Operation like = operation(payment, OperationKind.REFUND, minor);
    return new Operation(
        like.merchantId(),
        like.livemode(),
        like.id(),
        like.paymentId(),
        like.kind(),
        decline == null ? OperationStatus.SUCCEEDED : OperationStatus.FAILED,
        like.amount(),
        like.pspAccountId(),
        like.pspIdempotencyKey(),
        like.request(),
        "re_of_" + payment.id(),
        null,
        0,
        charge(payment),
        0,
        0,
        null,
        null,
        like.checks(),
        like.outcome(),
        decline,
        like.parameters(),
        false,
        null,
        null,
        like.updatedAt());
  }

  Operation operation(Payment payment, OperationKind kind, long minor) {
    return operation(payment, kind, minor, null);
  }

  Operation operation(Payment payment, OperationKind kind, long minor, @Nullable String key) {
    UUID id = ids.next();
    return new Operation(
        payment.merchantId(),
        payment.livemode(),
        id,
        payment.id(),
        kind,
        OperationStatus.PENDING,
        payment.amount().withMinor(minor),
        ACCOUNT,
        "psp-" + id,
        "POST /x\nbody",
        null,
        null,
        1,
        null,
        0,
        0,
        null,
        null,
        CardChecks.NONE,
        AttemptOutcome.NONE,
        null,
        Parameters.EMPTY,
        false,
        key,
        null,
        Instant.now());
  }

  static Write.Begin begin(Operation operation) {
    return new Write.Begin(operation, "node_test", 60_000);
  }

  static RequestContext context(@Nullable String key) {
    return new RequestContext(
        MERCHANT,
        false,
        "req_test",
        "key_test",
        false,
        key == null ? null : new RequestContext.Idempotency(key, "/v1/test", "print"),
        List.of());
  }

  static Write creation(Payment payment, @Nullable Operation operation, @Nullable String key) {
    return creation(payment, operation, key, null);
  }

  static Write creation(
      Payment payment,
      @Nullable Operation operation,
      @Nullable String key,
      @Nullable Answer answer) {
    return new Write(
        payment,
        null,
        0,
        operation == null ? null : begin(operation),
        claim(key, operation, answer),
        null,
        CAUSE);
  }

  /** A write over a payment as it was read. */
  static Write over(
      Payment before, PaymentStatus to, @Nullable Operation operation, @Nullable String key) {
    return new Write(
        with(before, to),
        before.status(),
        before.version(),
        operation == null ? null : begin(operation),
        claim(key, operation, null),
        null,
        CAUSE);
  }

  private static Write.@Nullable KeyClaim claim(
      @Nullable String key, @Nullable Operation operation, @Nullable Answer answer) {
    return Write.KeyClaim.of(context(key), operation == null ? null : operation.id(), answer);
  }

  static Reservation reservation(Operation refund, @Nullable String key) {
    return new Reservation(begin(refund), claim(key, refund, null), CAUSE);
  }

  static Finish finish(
      Operation operation,
      OperationStatus status,
      Finish.PaymentChange change,
      @Nullable Transfer transfer,
      @Nullable Answer answer) {
    return new Finish(
        FINISHED_AT,
        operation,
        status,
        "ref_" + operation.id(),
        null,
        null,
        CardChecks.NONE,
        AttemptOutcome.NONE,
        null,
        null,
        null,
        change,
        transfer,
        null,
        null,
        answer,
        CAUSE,
        null);
  }

  Transfer transfer(PostingRule rule, Operation operation) {
    return rule.transfer(ids.next(), operation.id(), ACCOUNT, operation.amount());
  }

  /** The end of an authorize that took the money at once. */
  Finish captured(Operation authorize) {
    long minor = authorize.amount().minor();
    return finish(
        authorize,
        OperationStatus.SUCCEEDED,
        Finish.PaymentChange.move(PaymentStatus.PROCESSING, PaymentStatus.SUCCEEDED)
            .amounts(0, minor)
            .shows(authorize.id(), null),
        transfer(PostingRule.CAPTURE, authorize),
        null);
  }

  Finish refunded(Operation refund) {
    long minor = refund.amount().minor();
    return finish(
        refund,
        OperationStatus.SUCCEEDED,
        Finish.PaymentChange.counters(-minor, minor),
        transfer(PostingRule.REFUND, refund),
        null);
  }

  /** A payment in the database that took this much. */
  Payment taken(long minor) {
    Payment payment = payment(PaymentStatus.PROCESSING, minor);
    Operation authorize = operation(payment, OperationKind.AUTHORIZE, minor);
    result(writes.create(creation(payment, authorize, null)));
    result(writes.finish(captured(authorize)));
    return read(payment);
  }

  /** A payment in the database that only was created. */
  Payment fresh(long minor) {
    Payment payment = payment(PaymentStatus.REQUIRES_CONFIRMATION, minor);
    result(writes.create(creation(payment, null, null)));
    return read(payment);
  }

  Payment read(Payment payment) {
    return result(reads.find(payment.merchantId(), payment.livemode(), payment.id())).orElseThrow();
  }

  Operation read(Operation operation) {
    return found(operation).orElseThrow();
  }

  Optional<Operation> found(Operation operation) {
    return result(reads.operation(operation.merchantId(), operation.livemode(), operation.id()));
  }

  static <T> T result(Future<T> future) {
    try {
      return future.await(60, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  static Throwable failure(Future<?> future) {
    return result(
        future.transform(
            done ->
                done.failed()
                    ? Future.succeededFuture(done.cause())
                    : Future.failedFuture(new AssertionError("did not fail"))));
  }

  long number(String sql) {
    return Long.parseLong(text(sql));
  }

  /** Changes something past the gateway, as the superuser. */
  void change(String sql) {
    try (var connection = server.connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  /** The first column of all rows, a line each, as the superuser sees it. */
  String text(String sql) {
    var lines = new StringBuilder();
    try (var connection = server.connect();
        var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        lines.append(lines.isEmpty() ? "" : "\n").append(rows.getString(1));
      }
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
    return lines.toString();
  }

  static Parameters metadata(String name, String value) {
    return new Parameters(Map.of("metadata", Map.of(name, value)));
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
