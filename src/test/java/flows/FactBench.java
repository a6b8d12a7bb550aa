package flows;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import money.Money;
import org.jspecify.annotations.Nullable;
import payments.Answer;
import payments.CaptureMethod;
import payments.Command;
import payments.Decline;
import payments.DeclineCode;
import payments.IdSource;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.OperatorOutcome;
import payments.OperatorRequest;
import payments.Parameters;
import payments.PublicId;
import payments.RequestContext;
import psp.CardVault;
import psp.Psp;
import psp.PspCall;
import psp.PspCommand;
import psp.PspDirectory;
import psp.PspFact;
import psp.PspResult;
import psp.PspResult.Accepted;
import psp.PspResult.ActionRequired;
import psp.PspResult.Approved;
import psp.PspResult.Declined;
import psp.PspResult.Details;
import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;
import psp.PspSender;
import psp.Sending;
import psp.WayBack;
import psp.routing.Router;
import routes.api.StripeRenderer;
import store.Batcher;
import store.Customers;
import store.Database;
import store.FactReads;
import store.FactWrites;
import store.HeldOperations;
import store.IdempotencyKeys;
import store.OperationLog;
import store.OperatorActions;
import store.PaymentMethods;
import store.PaymentReads;
import store.PaymentWrites;
import support.Await;
import support.TestDatabase;

/**
 * The flows on a database, over a PSP that answers as a test scripts it and says yes otherwise, and
 * that tells of what it did in facts.
 */
final class FactBench implements AutoCloseable {
  static final String MERCHANT = "demo";

  /** The body of a call that lets go of whatever is under our key. */
  static final String LET_GO_BY_KEY = "let go by key";

  /** The body of a call that gives back all that there is. */
  static final String REVERSE = "give all back";

  static final String ACCOUNT = "psp_demo";
  static final Decline NO =
      new Decline(DeclineCode.GENERIC_DECLINE, "generic_decline", "no", "do_not_try_again", null);
  private static final Unknown NOTHING_SAID = new Unknown(UnknownReason.NOT_FOUND, "not done");

  final TestDatabase postgres = TestDatabase.create();
  final Services services;
  final ApplyFact facts;
  final CloseHeldOperation closing;
  private final HeldOperations held;

  /** What the PSP answers to the next sendings, in order; then it says yes. */
  final Queue<Function<Sending, Future<PspResult>>> script = new ArrayDeque<>();

  /** Whether customers' browsers can reach us. */
  boolean reachable = true;

  /** What the account proves addresses with. */
  String secret = "one";

  /** What the PSP answers when it is asked. */
  Function<Sending, PspResult> asked =
      sending -> {
        throw new AssertionError("nothing here is looked up");
      };

  /** What is never answered while it is not completed: how the PSP is asked in vain. */
  @Nullable Future<PspResult> silence;

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final Database pool = Database.open(vertx, postgres.options(), "test", 8);
  private final Database batches =
      Database.openForBatches(vertx, postgres.options(), "test-batches", 4);
  private final AtomicInteger events = new AtomicInteger();

  private final boolean onlyByOurWord;

  FactBench() {
    this(false);
  }

  /**
   * A bench.
   *
   * @param onlyByOurWord whether the PSP authorizes only by what we tell it that customers brought
   */
  FactBench(boolean onlyByOurWord) {
    this.onlyByOurWord = onlyByOurWord;
    services =
        new Services(
            new PaymentWrites(
                context, batches, new Batcher.Limits(64, 1, 1_000), Batcher.BatchObserver.NONE),
            new PaymentReads(pool),
            new IdempotencyKeys(pool),
            new OperationLog(pool),
            new PaymentMethods(pool),
            new Customers(pool),
            new Scripted(),
            new OneAccount(),
            new Router(List.of(new Router.Account(MERCHANT, ACCOUNT, false, 1))),
            new StripeRenderer(),
            new IdSource(Clock.systemUTC(), new SecureRandom()),
            Clock.systemUTC(),
            RecoveryPlan.DEFAULT,
            CheckoutObserver.NONE,
            "test",
            Given.webhooks(pool));
    var limits = new Batcher.Limits(64, 1, 1_000);
    var observer = Batcher.BatchObserver.NONE;
    facts =
        new ApplyFact(
            services,
            new FactReads(context, batches, limits, observer),
            new FactWrites(context, batches, limits, observer));
    var actions = new OperatorActions(pool, services.ids()::next);
    held = new HeldOperations(pool, actions);
    closing = new CloseHeldOperation(services, held, actions);
  }

  /** Another node: connections and batches of its own over the same database, at the same PSP. */
  Services another() {
    var own = Database.openForBatches(vertx, postgres.options(), "test-other-batches", 2);
    return new Services(
        new PaymentWrites(
            context, own, new Batcher.Limits(64, 1, 1_000), Batcher.BatchObserver.NONE),
        services.reads(),
        services.keys(),
        services.log(),
        services.methods(),
        services.customers(),
        services.sender(),
        services.psps(),
        services.router(),
        services.renderer(),
        services.ids(),
        services.clock(),
        services.recovery(),
        services.observer(),
        "another",
        services.webhooks());
  }

  /** How another node makes facts our state. */
  ApplyFact facts(Services node) {
    var own = Database.openForBatches(vertx, postgres.options(), "test-other-facts", 2);
    var limits = new Batcher.Limits(64, 1, 1_000);
    var observer = Batcher.BatchObserver.NONE;
    return new ApplyFact(
        node,
        new FactReads(context, own, limits, observer),
        new FactWrites(context, own, limits, observer));
  }

  // ---- what operators do

  OperatorOutcome closeAsFailed(Operation operation) {
    return onContext(() -> closing(operation));
  }

  /** On the caller's context. */
  Future<OperatorOutcome> closing(Operation operation) {
    return closing.run(
        operator("operations.close"), MERCHANT, operation.id(), CloseHeldOperation.As.FAILED);
  }

  OperatorOutcome lookAgain(Operation operation) {
    return onContext(
        () -> held.lookAgain(operator("operations.look_again"), MERCHANT, operation.id()));
  }

  private static OperatorRequest operator(String action) {
    return new OperatorRequest("alice", action, Parameters.EMPTY, "req_ done by hand", null);
  }

  // ---- what merchants do

  /**
   * A confirmed payment of 1,000.
   *
   * @param key of the operation that authorizes it
   */
  record Paid(UUID id, UUID charge, String key, Answer answer) {
    /** What the PSP calls it. */
    String intent() {
      return "pi_" + key;
    }

    /** The payment whose authorization is being sent. */
    static Paid of(Sending sending) {
      return new Paid(
          new UUID(0, 0), new UUID(0, 0), sending.operationId(), new Answer(0, "", false));
    }
  }

  Paid pay(CaptureMethod method) {
    return pay(method, null);
  }

  Paid pay(CaptureMethod method, @Nullable String key) {
    Answer answer = run(payment(method, key));
    Operation charge = operations("authorize").getFirst();
    return new Paid(charge.paymentId(), charge.id(), charge.pspIdempotencyKey(), answer);
  }

  Command payment(CaptureMethod method, @Nullable String key) {
    return new Command.CreatePayment(
        request(key, "/v1/payment_intents"),
        Money.of(1_000, "usd"),
        method,
        null,
        new Command.Confirmation(
            "pm_card_visa", null, Parameters.EMPTY, false, null, Parameters.EMPTY),
        true,
        new Parameters(Map.of("return_url", "https://shop.test/back")));
  }

  Answer capture(Paid paid, @Nullable Long minor) {
    return run(new Command.CapturePayment(request(null, "/"), paid.id(), minor, Parameters.EMPTY));
  }

  Answer cancel(Paid paid) {
    return run(new Command.CancelPayment(request(null, "/"), paid.id(), null));
  }

  /** A refund, however it was answered: the operation it is. */
  Operation refund(Paid paid, long minor) {
    run(refundOf(paid, minor));
    return operations("refund").getFirst();
  }

  Command refundOf(Paid paid, long minor) {
    return new Command.RefundPayment(
        request(null, "/v1/refunds"), paid.id(), null, minor, null, Parameters.EMPTY);
  }

  static RequestContext request(@Nullable String key, String path) {
    return new RequestContext(
        MERCHANT,
        false,
        "req_test",
        "key_test",
        false,
        key == null ? null : new RequestContext.Idempotency(key, path, "print"),
        List.of());
  }

  Command cancelOf(Paid paid) {
    return new Command.CancelPayment(request(null, "/"), paid.id(), null);
  }

  /** Makes the charge of a payment as old as one that may not be kept any more. */
  Paid age(Paid paid) {
    return age(paid, Duration.ofMinutes(11));
  }

  Paid age(Paid paid, Duration by) {
    return new Paid(paid.id, age(paid.charge, by), paid.key, paid.answer);
  }

  /** Makes an operation older, which changes its id. */
  UUID age(UUID operation, Duration by) {
    Clock before = Clock.offset(Clock.systemUTC(), by.negated());
    UUID old = new IdSource(before, new SecureRandom()).next();
    postgres.execute(
        "UPDATE operation SET operation_id = '%s' WHERE operation_id = '%s'"
            .formatted(old, operation));
    return old;
  }

  /** Waits until a count is not zero. */
  void awaitNumber(String sql) {
    Await.until(sql, () -> number(sql) > 0);
  }

  Answer run(Command command) {
    return onContext(() -> new CommandFlows(services).run(command));
  }

  // ---- what the PSP tells

  FactOutcome tell(PspFact fact) {
    return onContext(() -> telling(fact));
  }

  /** On the caller's context. */
  Future<FactOutcome> telling(PspFact fact) {
    return facts.apply(told(fact));
  }

  /** The same fact told many times at once. */
  List<FactOutcome> tellAtOnce(PspFact fact, int times) {
    List<Future<FactOutcome>> told =
        IntStream.range(0, times).mapToObj(i -> onContextLater(() -> telling(fact))).toList();
    Future.join(told).await();
    return told.stream().map(Future::result).toList();
  }

  ApplyFact.Told told(PspFact fact) {
    return new ApplyFact.Told(MERCHANT, ACCOUNT, "evt_" + events.incrementAndGet(), fact);
  }

  static PspFact held(Paid paid) {
    return authorization(
        paid, approved(paid.intent(), 1_000, false), NOTHING_SAID, NOTHING_SAID, false, null);
  }

  static PspFact captured(Paid paid, long minor) {
    Approved taken = approved(paid.intent(), minor, true);
    return authorization(paid, taken, taken, declined(paid.intent()), false, null);
  }

  static PspFact ended(Paid paid, @Nullable String reason) {
    return authorization(
        paid,
        declined(paid.intent()),
        declined(paid.intent()),
        approved(paid.intent(), 1_000, false),
        true,
        reason);
  }

  static PspFact failed(Paid paid) {
    return authorization(paid, declined(paid.intent()), NOTHING_SAID, NOTHING_SAID, false, null);
  }

  static PspFact processing(Paid paid) {
    return authorization(
        paid, new Accepted(paid.intent(), null), NOTHING_SAID, NOTHING_SAID, false, null);
  }

  static PspFact challenged(Paid paid) {
    return authorization(
        paid,
        new ActionRequired(paid.intent(), "https://psp.test/3ds", Details.NONE),
        NOTHING_SAID,
        NOTHING_SAID,
        false,
        null);
  }

  private static PspFact authorization(
      Paid paid,
      PspResult asAuthorize,
      PspResult asCapture,
      PspResult asVoid,
      boolean ended,
      @Nullable String reason) {
    return new PspFact.Authorization(
        paid.intent(), paid.key(), asAuthorize, asCapture, asVoid, ended, reason);
  }

  /** A refund of ours: it carries our key. */
  static PspFact refunded(Paid paid, Operation refund, PspResult result) {
    return new PspFact.Refund(
        "re_" + refund.pspIdempotencyKey(),
        refund.pspIdempotencyKey(),
        paid.intent(),
        null,
        refund.amount(),
        null,
        result);
  }

  /** A refund that was made at the PSP. */
  static PspFact refundedAtPsp(Paid paid, String name, long minor, OperationStatus status) {
    String reference = "re_" + name + paid.intent();
    PspResult result =
        switch (status) {
          case SUCCEEDED -> approved(reference, minor, true);
          case ACCEPTED -> new Accepted(reference, null);
          case FAILED -> declined(reference);
          default -> throw new IllegalArgumentException(status.wire());
        };
    return new PspFact.Refund(
        reference, null, paid.intent(), null, Money.of(minor, "usd"), null, result);
  }

  static PspFact disputed(Paid paid, String name, long minor, PspFact.Dispute.Stage stage) {
    return new PspFact.Dispute(
        "dp_" + name + paid.intent(),
        paid.intent(),
        Money.of(minor, "usd"),
        stage,
        "fraudulent",
        Instant.parse("2026-01-01T00:00:00Z"));
  }

  static Approved approved(String reference, long minor, boolean captured) {
    return new Approved(
        reference, "ch_" + reference, Money.of(minor, "usd"), captured, null, Details.NONE);
  }

  static Declined declined(String reference) {
    return new Declined(NO, reference, null, Details.NONE);
  }

  static PspResult accepted(Operation refund) {
    return new Accepted("re_" + refund.pspIdempotencyKey(), null);
  }

  static PspResult succeeded(Operation refund) {
    return approved("re_" + refund.pspIdempotencyKey(), refund.amount().minor(), true);
  }

  static PspResult failed(Operation refund) {
    return declined("re_" + refund.pspIdempotencyKey());
  }

  static Function<Sending, Future<PspResult>> noAnswer() {
    return sending ->
        Future.succeededFuture(new Unknown(UnknownReason.TIMEOUT, "no answer in time"));
  }

  static Function<Sending, Future<PspResult>> answer(Function<Sending, PspResult> result) {
    return sending -> Future.succeededFuture(result.apply(sending));
  }

  // ---- how matters stand

  /** All that must be the same however facts came: statuses, amounts, the ledger's balances. */
  String state(UUID paymentId) {
    String of = "payment_id = '" + paymentId + "'";
    return text(
            "SELECT concat_ws(' ', status, 'authorized', authorized, 'captured', captured,"
                + " 'reserved', refund_reserved, 'refunded', refunded, 'disputed', disputed,"
                + " cancellation_reason) FROM payment WHERE "
                + of)
        + "\n"
        + text(
            "SELECT concat_ws(' ', kind, status, amount, gives_back) FROM operation WHERE "
                + of
                + " ORDER BY 1")
        + "\n"
        + text(
            "SELECT concat_ws(' ', 'dispute', status, amount) FROM dispute WHERE "
                + of
                + " ORDER BY 1")
        + "\n"
        + text(
            "SELECT concat_ws(' ', account, sum(amount)) FROM (SELECT debit AS account, amount FROM"
                + " ledger_transfer WHERE "
                + of
                + " UNION ALL SELECT credit, -amount FROM ledger_transfer WHERE "
                + of
                + ") lines GROUP BY account HAVING sum(amount) <> 0 ORDER BY account")
        + "\n"
        + text(
            "SELECT concat_ws(' ', 'anomaly', kind, resolved_at IS NULL) FROM anomaly WHERE "
                + of
                + " ORDER BY 1");
  }

  /** The names of what happened to a payment, in order. */
  List<String> history(UUID paymentId) {
    return text("SELECT event FROM payment_event WHERE payment_id = '"
            + paymentId
            + "' ORDER BY sequence")
        .lines()
        .toList();
  }

  /** Operations of a kind, the newest first. */
  List<Operation> operations(String kind) {
    return text("SELECT operation_id FROM operation WHERE kind = '"
            + kind
            + "' ORDER BY operation_id DESC LIMIT 20")
        .lines()
        .map(UUID::fromString)
        .map(this::operation)
        .toList();
  }

  Operation operation(UUID id) {
    return onContext(() -> services.reads().operation(MERCHANT, false, id)).orElseThrow();
  }

  long number(String sql) {
    return postgres.number(sql);
  }

  String text(String sql) {
    var lines = new StringBuilder();
    try (var connection = postgres.connect();
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

  /** Looks at whatever is open, as recovery does, until nothing moves it any more. */
  OperationStatus recover(Operation operation) {
    return onContext(
        () ->
            services
                .reads()
                .operation(MERCHANT, false, operation.id())
                .compose(found -> new RecoverOperation(services).run(found.orElseThrow())));
  }

  <T> T onContext(Supplier<Future<T>> work) {
    return onContextLater(work).await();
  }

  <T> Future<T> onContextLater(Supplier<Future<T>> work) {
    return Future.future(promise -> context.runOnContext(go -> work.get().onComplete(promise)));
  }

  static UUID paymentOf(Answer answer) {
    return PublicId.PAYMENT.parse(new JsonObject(answer.body()).getString("id")).orElseThrow();
  }

  @Override
  public void close() {
    pool.close().await();
    batches.close().await();
    vertx.close().await();
  }

  private final class Scripted implements PspSender {
    @Override
    public Future<PspResult> send(Sending sending) {
      var next = script.poll();
      return next == null ? Future.succeededFuture(yes(sending)) : next.apply(sending);
    }

    @Override
    public Future<PspResult> lookup(Sending sending) {
      Future<PspResult> nothing = silence;
      return nothing == null ? Future.succeededFuture(asked.apply(sending)) : nothing;
    }
  }

  /** The PSP does what it is asked. */
  static PspResult yes(Sending sending) {
    boolean refund = sending.kind() == OperationKind.REFUND;
    String reference =
        sending.kind() == OperationKind.AUTHORIZE
            ? "pi_" + sending.operationId()
            : refund ? "re_" + sending.operationId() : sending.call().path();
    boolean captured = !sending.call().body().equals("hold");
    return approved(reference, sending.amount().minor(), captured);
  }

  private static String proof(String secret, String text) {
    return PspKeys.ofAddress(secret + "/" + text);
  }

  private final class OneAccount implements PspDirectory {
    @Override
    public Optional<WayBack> wayBack(String accountId) {
      String with = secret + accountId;
      return reachable
          ? Optional.of(new WayBack(URI.create("https://pay.example"), text -> proof(with, text)))
          : Optional.empty();
    }

    @Override
    public Psp psp(String accountId) {
      return new Psp() {
        @Override
        public PspCall prepare(PspCommand command) {
          return switch (command) {
            case PspCommand.Authorize authorize ->
                new PspCall(
                    "POST",
                    authorize.returnUrl() == null ? "/" : authorize.returnUrl(),
                    authorize.capture() ? "take" : "hold");
            case PspCommand.CompleteAuthentication completion ->
                new PspCall(
                    "POST",
                    String.valueOf(completion.reference()),
                    new TreeMap<>(completion.details()).toString());
            case PspCommand.Capture capture -> new PspCall("POST", capture.reference(), "take");
            case PspCommand.VoidHold hold -> new PspCall("POST", hold.reference(), "let go");
            case PspCommand.VoidByKey byKey ->
                new PspCall("POST", byKey.authorizationKey(), LET_GO_BY_KEY);
            case PspCommand.Refund refund -> new PspCall("POST", refund.reference(), "give back");
            case PspCommand.Reverse reverse -> new PspCall("POST", reverse.reference(), REVERSE);
          };
        }

        @Override
        public Future<PspResult> send(Sending sending) {
          throw new AssertionError("calls go through the sender");
        }

        @Override
        public Future<PspResult> lookup(Sending sending) {
          throw new AssertionError("calls go through the sender");
        }

        @Override
        public boolean authorizesOnlyByOurWord() {
          return onlyByOurWord;
        }

        @Override
        public Set<String> returnParameters() {
          return onlyByOurWord ? Set.of("redirectResult") : Set.of();
        }

        @Override
        public Duration idempotencyLifetime() {
          return Duration.ofHours(24);
        }
      };
    }

    @Override
    public Optional<CardVault> vault(String accountId) {
      return Optional.empty();
    }
  }
}
