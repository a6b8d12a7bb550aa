package store;

import static store.StoreFixture.ACCOUNT;
import static store.StoreFixture.MERCHANT;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import ledger.PostingRule;
import ledger.Transfer;
import money.Money;
import org.jspecify.annotations.Nullable;
import payments.AnomalyKind;
import payments.Answer;
import payments.AttemptOutcome;
import payments.CaptureMethod;
import payments.CardChecks;
import payments.Decline;
import payments.DeclineCode;
import payments.DisputeStatus;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Parameters;
import payments.Payment;
import payments.PaymentStatus;
import store.Finish.PaymentChange;
import store.PaymentCommands.Begin;
import store.PaymentCommands.CaptureReversed;
import store.PaymentCommands.Command;
import store.PaymentCommands.Create;
import store.PaymentCommands.DisputeMoved;
import store.PaymentCommands.FailedOver;
import store.PaymentCommands.Finished;
import store.PaymentCommands.HoldEnded;
import store.PaymentCommands.RefundAtPsp;
import store.PaymentCommands.RefundReversed;
import store.PaymentCommands.Reserve;
import store.PaymentCommands.SentAgain;
import store.PaymentModel.OperationState;
import store.PaymentModel.PaymentState;
import support.Books;

/**
 * The real store as the model's commands meet it: turns them into rows as the flows do, has one of
 * two nodes write them, and reads the database back in the model's words.
 */
final class ModelledStore implements AutoCloseable {
  private static final int TRIES = 5;

  private static final Decline DECLINE =
      new Decline(DeclineCode.GENERIC_DECLINE, "raw", "no", null, null);

  private static final String PAYMENT =
      """
      concat_ws(' ', p.payment_id, p.status, 'v' || p.version, '#' || p.sequence, 'amount=' || p.amount,
        'authorized=' || p.authorized, 'captured=' || p.captured, 'reserved=' || p.refund_reserved,
        'refunded=' || p.refunded, 'disputed=' || p.disputed, p.capture_method, coalesce(p.latest_charge::text, '-'))\
      """;

  private static final String OPERATION =
      """
      concat_ws(' ', o.operation_id, 'of', o.payment_id, o.kind, o.status, 'amount=' || o.amount,
        'attempts=' || o.attempts, coalesce(o.psp_reference, '-'), coalesce(o.idempotency_key, '-'))\
      """;

  private static final String DISPUTE =
      "concat_ws(' ', d.dispute_id, 'of', d.payment_id, d.status, 'amount=' || d.amount,"
          + " d.charge_id)";

  /** Every row of money, as a line. */
  private static final String LINES =
      """
      SELECT 'payment ' || %1$s FROM payment p
      UNION ALL SELECT 'operation ' || %2$s FROM operation o
      UNION ALL SELECT 'dispute ' || %3$s FROM dispute d
      UNION ALL SELECT concat_ws(' ', 'key', k.key, k.payment_id, coalesce(k.operation_id::text, '-'),
          coalesce(k.answer_body, '-'))
        FROM idempotency_key k
      UNION ALL SELECT concat_ws(' ', 'transfer', t.operation_id, t.rule, t.amount) FROM ledger_transfer t
      UNION ALL SELECT concat_ws(' ', 'balance', account, sum(amount))
        FROM (SELECT debit AS account, amount FROM ledger_transfer
          UNION ALL SELECT credit, -amount FROM ledger_transfer) b
        GROUP BY account
      UNION ALL SELECT concat_ws(' ', 'anomaly', a.operation_id, a.kind) FROM anomaly a
      UNION ALL SELECT concat_ws(' ', 'event', e.payment_id, '#' || e.sequence, e.event,
          coalesce(e.from_status, '-') || '->' || e.to_status, coalesce(e.operation_id::text, '-'))
        FROM payment_event e
      UNION ALL SELECT concat_ws(' ', 'change', %1$s, '|', CASE WHEN x.operation IS NULL THEN '-' ELSE %2$s END,
          '|', CASE WHEN x.dispute IS NULL THEN '-' ELSE %3$s END)
        FROM payment_change x JOIN outbox q ON q.merchant_id = x.merchant_id AND q.payment_id = x.payment_id
            AND q.sequence = x.sequence AND q.operation_status IS NOT DISTINCT FROM (x.operation).status
          CROSS JOIN LATERAL (SELECT (x.payment).*) p
          CROSS JOIN LATERAL (SELECT (x.operation).*) o
          CROSS JOIN LATERAL jsonb_populate_record(NULL::dispute, x.dispute) d
      """
          .formatted(PAYMENT, OPERATION, DISPUTE);

  private static final List<String> TABLES =
      List.of(
          "payment",
          "operation",
          "idempotency_key",
          "ledger_transfer",
          "payment_event",
          "anomaly",
          "dispute",
          "payment_change",
          "outbox");

  private static final Pattern ID = Pattern.compile("00000000-0000-00\\w\\w-0000-\\w{12}");

  /** What the store made of a command. */
  enum Result {
    WRITTEN,
    /** The guard said no. */
    EMPTY,
    /** A unique constraint said no. */
    DUPLICATE,
    OVERTAKEN
  }

  /** A result, with the sequence number where one is told. */
  record Actual(Result result, long sequence) {}

  private final StoreFixture store = new StoreFixture();
  private final List<PaymentWrites> writes = List.of(store.writes, store.node());
  private final List<FactWrites> facts = List.of(factNode(), factNode());
  private final Connection looking;
  private final PreparedStatement rows;

  ModelledStore() {
    try {
      looking = store.server.connect();
      rows = looking.prepareStatement(LINES);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private FactWrites factNode() {
    return new FactWrites(
        store.vertx.getOrCreateContext(),
        Database.openForBatches(store.vertx, store.server.options(), "facts", 1),
        new Batcher.Limits(64, 1, 1_000),
        Batcher.BatchObserver.NONE);
  }

  /** Takes everything away that the sequence before has left. */
  void clear() {
    try (var statement = looking.createStatement()) {
      for (String table : TABLES) {
        statement.addBatch("DELETE FROM " + table);
      }
      statement.executeBatch();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  void audit() {
    Books.balance(store.server);
  }

  /** What the database holds, as {@link PaymentModel#lines} says it. */
  List<String> lines() {
    var lines = new ArrayList<String>();
    try (ResultSet found = rows.executeQuery()) {
      while (found.next()) {
        lines.add(ID.matcher(found.getString(1)).replaceAll(it -> name(it.group())));
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return lines.stream().sorted().toList();
  }

  static UUID id(String name) {
    return new UUID(name.charAt(0), Long.parseLong(name.substring(1)));
  }

  private static @Nullable UUID idOrNull(@Nullable String name) {
    return name == null ? null : id(name);
  }

  private static String name(String id) {
    UUID uuid = UUID.fromString(id);
    return (char) uuid.getMostSignificantBits() + Long.toString(uuid.getLeastSignificantBits());
  }

  /** Has a node write it; what only met others at a bad moment is written again, as flows do. */
  Future<Actual> submit(int node, Command command) {
    return submit(node, command, 1);
  }

  private Future<Actual> submit(int node, Command command, int tries) {
    return write(writes.get(node), facts.get(node), command)
        .recover(
            cause -> {
              if (!(cause instanceof StoreException.Refused refused)) {
                return Future.failedFuture(cause);
              }
              if (refused.passing() && tries < TRIES) {
                return submit(node, command, tries + 1);
              }
              if (refused.duplicate()) {
                return Future.succeededFuture(new Actual(Result.DUPLICATE, 0));
              }
              return refused.overtaken()
                  ? Future.succeededFuture(new Actual(Result.OVERTAKEN, 0))
                  : Future.failedFuture(cause);
            });
  }

  private Future<Actual> write(PaymentWrites own, FactWrites told, Command command) {
    return switch (command) {
      case Create it -> numbered(own.create(create(it)));
      case Begin it -> numbered(own.begin(begin(it)));
      case Reserve it -> numbered(own.reserve(reserve(it)));
      case Finished it -> numbered(own.finish(finish(it)));
      case FailedOver it -> numbered(own.failOver(failOver(it)));
      case SentAgain it -> sentAgain(it);
      case RefundAtPsp it -> told.refundedAtPsp(refundAtPsp(it)).map(ModelledStore::done);
      case RefundReversed it -> told.refundChanged(refundReversed(it)).map(ModelledStore::done);
      case DisputeMoved it -> told.disputeChanged(dispute(it)).map(ModelledStore::done);
      case HoldEnded it -> told.holdChanged(holdEnded(it)).map(ModelledStore::done);
      case CaptureReversed it -> told.captureReversed(captureReversed(it)).map(ModelledStore::done);
    };
  }

  private static Future<Actual> numbered(Future<Optional<Long>> written) {
    return written.map(
        it -> it.map(n -> new Actual(Result.WRITTEN, n)).orElse(new Actual(Result.EMPTY, 0)));
  }

  private static Actual done(boolean written) {
    return new Actual(written ? Result.WRITTEN : Result.EMPTY, 0);
  }

  private Write create(Create it) {
    PaymentStatus status =
        it.operation() == null ? PaymentStatus.REQUIRES_CONFIRMATION : PaymentStatus.PROCESSING;
    var state =
        new PaymentState(
            it.payment(),
            it.manual(),
            it.amount(),
            status,
            1,
            1,
            PaymentModel.Amounts.NONE,
            it.operation());
    Operation operation =
        it.operation() == null
            ? null
            : begun(it.operation(), it.payment(), OperationKind.AUTHORIZE, it.amount(), it.key());
    return new Write(
        payment(state),
        null,
        0,
        operation == null ? null : StoreFixture.begin(operation),
        claim(it.key(), it.operation(), it.answer()),
        null,
        cause(it));
  }

  private Write begin(Begin it) {
    PaymentState to =
        it.seen().move(it.operation() == null ? PaymentStatus.CANCELED : PaymentStatus.PROCESSING);
    Operation operation = null;
    if (it.operation() != null) {
      operation = begun(it.operation(), to.name(), it.kind(), it.amount(), it.key());
      to = it.kind() == OperationKind.AUTHORIZE ? to.shows(it.operation()) : to;
    }
    return new Write(
        payment(to),
        it.seen().status(),
        it.seen().version(),
        operation == null ? null : StoreFixture.begin(operation),
        claim(it.key(), it.operation(), null),
        null,
        cause(it));
  }

  private Reservation reserve(Reserve it) {
    return new Reservation(
        StoreFixture.begin(
            begun(it.operation(), it.payment(), OperationKind.REFUND, it.amount(), it.key())),
        claim(it.key(), it.operation(), null),
        cause(it));
  }

  private Finish finish(Finished it) {
    OperationState seen = it.seen();
    boolean succeeded = it.to() == OperationStatus.SUCCEEDED;
    boolean failed = it.to() == OperationStatus.FAILED;
    PaymentStatus to = it.moves();
    PaymentChange change =
        to == null ? PaymentChange.NONE : PaymentChange.move(it.payment().status(), to);
    PostingRule rule = null;
    long minor = seen.amount();
    switch (seen.kind()) {
      case AUTHORIZE -> {
        boolean takes = succeeded && !it.payment().manual();
        rule = takes ? PostingRule.CAPTURE : null;
        change = change.amounts(succeeded && !takes ? minor : 0, takes ? minor : 0);
        change = succeeded || failed ? change.shows(id(seen.name()), null) : change;
      }
      case CAPTURE -> {
        rule = succeeded ? PostingRule.CAPTURE : null;
        change = succeeded ? change.amounts(-it.payment().authorized(), minor) : change;
      }
      case VOID -> change = succeeded ? change.amounts(-it.payment().authorized(), 0) : change;
      case REFUND -> {
        rule = succeeded ? PostingRule.REFUND : null;
        change =
            succeeded || failed
                ? PaymentChange.counters(-minor, succeeded ? minor : 0)
                : PaymentChange.NONE;
      }
      case COMPLETE_AUTHENTICATION -> throw new AssertionError("not modelled");
    }
    return finish(
        seen,
        it.to(),
        failed ? DECLINE : null,
        change,
        rule == null ? null : transfer(rule, seen.name(), minor),
        it.answer() == null ? null : new Answer(200, it.answer(), false),
        cause(it));
  }

  private static Finish finish(
      OperationState seen,
      OperationStatus to,
      @Nullable Decline decline,
      PaymentChange change,
      @Nullable Transfer transfer,
      @Nullable Answer answer,
      Write.Cause cause) {
    return new Finish(
        StoreFixture.FINISHED_AT,
        operation(seen, null, null),
        to,
        seen.called(),
        null,
        null,
        CardChecks.NONE,
        AttemptOutcome.NONE,
        decline,
        null,
        null,
        change,
        transfer,
        null,
        null,
        answer,
        cause,
        null);
  }

  private FailOver failOver(FailedOver it) {
    OperationState seen = it.seen();
    return new FailOver(
        payment(it.payment()),
        finish(seen, OperationStatus.FAILED, DECLINE, PaymentChange.NONE, null, null, cause(it)),
        StoreFixture.begin(
            begun(it.next(), seen.payment(), OperationKind.AUTHORIZE, seen.amount(), seen.key())),
        "authorize_begun");
  }

  /** As recovery's claim does to what is due. */
  private Future<Actual> sentAgain(SentAgain it) {
    return store
        .database
        .query(
            """
            UPDATE operation SET attempts = attempts + 1
            WHERE merchant_id = $1 AND operation_id = $2
              AND status IN ('pending', 'unknown', 'accepted', 'awaiting_customer')
            """,
            Tuple.of(MERCHANT, id(it.operation())))
        .map(rows -> done(rows.rowCount() > 0));
  }

  private FactWrites.RefundAtPsp refundAtPsp(RefundAtPsp it) {
    boolean succeeded = it.status() == OperationStatus.SUCCEEDED;
    var state =
        new OperationState(
            it.operation(),
            it.payment(),
            OperationKind.REFUND,
            it.status(),
            it.amount(),
            0,
            it.reference(),
            null);
    return new FactWrites.RefundAtPsp(
        change(
            it.payment(),
            it.operation(),
            succeeded ? transfer(PostingRule.REFUND, it.operation(), it.amount()) : null,
            over(it.charge()),
            it),
        operation(state, it.charge(), it.status() == OperationStatus.FAILED ? DECLINE : null),
        "node_test",
        it.status() == OperationStatus.ACCEPTED ? it.amount() : 0,
        succeeded ? it.amount() : 0,
        null);
  }

  private FactWrites.RefundChange refundReversed(RefundReversed it) {
    OperationState refund = it.seen();
    return new FactWrites.RefundChange(
        change(
            refund.payment(),
            refund.name(),
            transfer(PostingRule.REFUND_REVERSED, refund.name(), refund.amount()),
            null,
            it),
        OperationStatus.SUCCEEDED,
        OperationStatus.FAILED,
        refund.called(),
        0,
        -refund.amount(),
        DECLINE,
        null);
  }

  private FactWrites.DisputeChange dispute(DisputeMoved it) {
    PostingRule rule =
        switch (it.to()) {
          case INQUIRY, INQUIRY_CLOSED -> null;
          case OPEN -> PostingRule.DISPUTE_OPENED;
          case WON -> PostingRule.DISPUTE_WON;
          case LOST -> PostingRule.DISPUTE_LOST;
        };
    long disputed =
        switch (it.to()) {
          case INQUIRY, INQUIRY_CLOSED, LOST -> 0;
          case OPEN -> it.amount();
          case WON -> -it.amount();
        };
    return new FactWrites.DisputeChange(
        change(
            it.payment(),
            it.charge(),
            rule == null ? null : transfer(rule, it.dispute(), it.amount()),
            it.to() == DisputeStatus.OPEN ? over(it.charge()) : null,
            it),
        id(it.dispute()),
        false,
        ACCOUNT,
        "dp_" + it.dispute(),
        it.from(),
        it.to(),
        Money.of(it.amount(), "usd"),
        "fraudulent",
        Instant.EPOCH,
        disputed);
  }

  private FactWrites.HoldChange holdEnded(HoldEnded it) {
    PaymentState seen = it.seen();
    String charge = seen.taker();
    String taker = it.capture() == null ? charge : it.capture();
    Operation capture =
        it.capture() == null
            ? null
            : operation(
                new OperationState(
                    it.capture(),
                    seen.name(),
                    OperationKind.CAPTURE,
                    OperationStatus.SUCCEEDED,
                    it.taken(),
                    0,
                    "ref_" + it.capture(),
                    null),
                charge,
                null);
    return new FactWrites.HoldChange(
        change(
            seen.name(),
            charge,
            it.taken() == 0 ? null : transfer(PostingRule.CAPTURE, taker, it.taken()),
            null,
            it),
        seen.status(),
        seen.version(),
        it.taken() == 0 ? PaymentStatus.CANCELED : PaymentStatus.SUCCEEDED,
        it.taken(),
        it.taken() == 0 ? "automatic" : null,
        StoreFixture.FINISHED_AT,
        capture == null ? null : new Write.Begin(capture, "node_test", 0));
  }

  private FactWrites.CaptureReversal captureReversed(CaptureReversed it) {
    PaymentState seen = it.seen();
    String charge = seen.taker();
    return new FactWrites.CaptureReversal(
        change(
            seen.name(),
            charge,
            transfer(PostingRule.CAPTURE_REVERSED, it.captured(), seen.captured()),
            new FactWrites.Anomaly(
                store.ids.next(),
                id(it.captured()),
                AnomalyKind.CAPTURE_CONTRADICTED,
                "failed after all",
                true),
            it),
        seen.version(),
        PaymentStatus.REQUIRES_CAPTURE,
        DECLINE,
        over(charge));
  }

  private FactWrites.Anomaly over(String charge) {
    return new FactWrites.Anomaly(
        store.ids.next(), id(charge), AnomalyKind.REFUND_OVER_CAPTURED, "too much", false);
  }

  private static FactWrites.Change change(
      String payment,
      String operation,
      @Nullable Transfer transfer,
      FactWrites.@Nullable Anomaly anomaly,
      Command command) {
    return new FactWrites.Change(
        MERCHANT, id(payment), id(operation), transfer, anomaly, cause(command));
  }

  private Transfer transfer(PostingRule rule, String of, long minor) {
    return rule.transfer(store.ids.next(), id(of), ACCOUNT, Money.of(minor, "usd"));
  }

  private static Write.Cause cause(Command command) {
    return new Write.Cause(command.event(), "req_test", "key_test");
  }

  private static Write.@Nullable KeyClaim claim(
      @Nullable String key, @Nullable String operation, @Nullable String answer) {
    return Write.KeyClaim.of(
        StoreFixture.context(key),
        idOrNull(operation),
        answer == null ? null : new Answer(200, answer, false));
  }

  private static Operation begun(
      String name, String payment, OperationKind kind, long minor, @Nullable String key) {
    return operation(
        new OperationState(name, payment, kind, OperationStatus.PENDING, minor, 1, null, key),
        null,
        null);
  }

  private static Operation operation(
      OperationState state, @Nullable String charge, @Nullable Decline decline) {
    return new Operation(
        MERCHANT,
        false,
        id(state.name()),
        id(state.payment()),
        state.kind(),
        state.status(),
        Money.of(state.amount(), "usd"),
        ACCOUNT,
        "psp-" + state.name(),
        "POST /x\nbody",
        state.reference(),
        null,
        state.attempts(),
        idOrNull(charge),
        0,
        0,
        null,
        null,
        CardChecks.NONE,
        AttemptOutcome.NONE,
        decline,
        Parameters.EMPTY,
        false,
        state.key(),
        null,
        Instant.EPOCH);
  }

  private static Payment payment(PaymentState state) {
    return new Payment(
        MERCHANT,
        false,
        id(state.name()),
        state.status(),
        state.version(),
        Money.of(state.amount(), "usd"),
        state.manual() ? CaptureMethod.MANUAL : CaptureMethod.AUTOMATIC,
        state.authorized(),
        state.captured(),
        state.reserved(),
        state.refunded(),
        state.disputed(),
        null,
        null,
        idOrNull(state.charge()),
        "secret_" + state.name(),
        Parameters.EMPTY,
        null,
        null,
        null,
        null,
        state.sequence());
  }

  @Override
  public void close() {
    try {
      looking.close();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    store.close();
  }
}
