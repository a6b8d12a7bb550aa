package store;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import ledger.PostingRule;
import org.jspecify.annotations.Nullable;
import payments.OperationKind;
import payments.OperationStatus;
import payments.PaymentStatus;
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

/**
 * What payments, refunds and the ledger are to be, told a second time without a database: which
 * commands are let through, and what each leaves behind. One thing after the other, nothing at
 * once. Things are called by short names: {@code p1} a payment, {@code o2} an operation, {@code d3}
 * a dispute.
 */
final class PaymentModel {
  static final String PSP = "psp_receivable:" + StoreFixture.ACCOUNT;
  static final String MERCHANT_PAYABLE = "merchant_payable";
  static final String DISPUTE_RESERVE = "dispute_reserve";

  /** What became of a command. */
  enum Verdict {
    WRITTEN,
    /** It was decided on what is no longer so. */
    REFUSED,
    /** Its idempotency key belongs to another request. */
    KEY_TAKEN,
    /** The operation is open but its payment has moved on: all of it is undone. */
    OVERTAKEN
  }

  /** A verdict, with the sequence number that the change got where it tells one. */
  record Outcome(Verdict verdict, long sequence) {
    static Outcome no(Verdict verdict) {
      return new Outcome(verdict, 0);
    }
  }

  /** What of a payment's money is where. */
  record Amounts(long authorized, long captured, long reserved, long refunded, long disputed) {
    static final Amounts NONE = new Amounts(0, 0, 0, 0, 0);
  }

  record PaymentState(
      String name,
      boolean manual,
      long amount,
      PaymentStatus status,
      long version,
      long sequence,
      Amounts amounts,
      @Nullable String charge) {
    long authorized() {
      return amounts.authorized;
    }

    long captured() {
      return amounts.captured;
    }

    long reserved() {
      return amounts.reserved;
    }

    long refunded() {
      return amounts.refunded;
    }

    long disputed() {
      return amounts.disputed;
    }

    /** What a refund may still take. */
    long left() {
      return captured() - reserved() - refunded() - disputed();
    }

    /** The charge of what is held or was taken. */
    String taker() {
      return Objects.requireNonNull(charge);
    }

    PaymentState move(PaymentStatus to) {
      return new PaymentState(name, manual, amount, to, version + 1, sequence, amounts, charge);
    }

    PaymentState holds(long nowAuthorized, long nowCaptured) {
      return with(new Amounts(nowAuthorized, nowCaptured, reserved(), refunded(), disputed()));
    }

    PaymentState gives(long addReserved, long addRefunded, long addDisputed) {
      return with(
          new Amounts(
              authorized(),
              captured(),
              reserved() + addReserved,
              refunded() + addRefunded,
              disputed() + addDisputed));
    }

    private PaymentState with(Amounts now) {
      return new PaymentState(name, manual, amount, status, version, sequence, now, charge);
    }

    PaymentState shows(String operation) {
      return new PaymentState(name, manual, amount, status, version, sequence, amounts, operation);
    }

    PaymentState at(long nowSequence) {
      return new PaymentState(name, manual, amount, status, version, nowSequence, amounts, charge);
    }

    String line() {
      return "%s %s v%d #%d amount=%d authorized=%d captured=%d reserved=%d refunded=%d disputed=%d %s %s"
          .formatted(
              name,
              status.wire(),
              version,
              sequence,
              amount,
              authorized(),
              captured(),
              reserved(),
              refunded(),
              disputed(),
              manual ? "manual" : "automatic",
              charge == null ? "-" : charge);
    }
  }

  record OperationState(
      String name,
      String payment,
      OperationKind kind,
      OperationStatus status,
      long amount,
      int attempts,
      @Nullable String reference,
      @Nullable String key) {
    boolean open() {
      return status.open() || status == OperationStatus.AWAITING_CUSTOMER;
    }

    OperationState become(OperationStatus to, @Nullable String nowReference) {
      return new OperationState(name, payment, kind, to, amount, attempts, nowReference, key);
    }

    OperationState sentAgain() {
      return new OperationState(name, payment, kind, status, amount, attempts + 1, reference, key);
    }

    /** What the PSP calls it, once it has told. */
    String called() {
      return reference == null ? "ref_" + name : reference;
    }

    String line() {
      return "%s of %s %s %s amount=%d attempts=%d %s %s"
          .formatted(
              name,
              payment,
              kind.wire(),
              status.wire(),
              amount,
              attempts,
              reference == null ? "-" : reference,
              key == null ? "-" : key);
    }
  }

  record DisputeState(
      String name, String payment, payments.DisputeStatus status, long amount, String charge) {
    String line() {
      return "%s of %s %s amount=%d %s".formatted(name, payment, status.wire(), amount, charge);
    }
  }

  private record KeyState(String payment, @Nullable String operation, @Nullable String answer) {}

  private final Map<String, PaymentState> payments = new LinkedHashMap<>();
  private final Map<String, OperationState> operations = new LinkedHashMap<>();
  private final Map<String, DisputeState> disputes = new LinkedHashMap<>();
  private final Map<String, KeyState> keys = new LinkedHashMap<>();
  private final Map<String, Long> balances = new TreeMap<>();
  private final Set<String> anomalies = new HashSet<>();

  /** Transfers, history and what is told: what only grows. */
  private final List<String> told = new ArrayList<>();

  PaymentModel copy() {
    var copy = new PaymentModel();
    copy.payments.putAll(payments);
    copy.operations.putAll(operations);
    copy.disputes.putAll(disputes);
    copy.keys.putAll(keys);
    copy.balances.putAll(balances);
    copy.anomalies.addAll(anomalies);
    copy.told.addAll(told);
    return copy;
  }

  List<PaymentState> payments() {
    return List.copyOf(payments.values());
  }

  List<OperationState> operations() {
    return List.copyOf(operations.values());
  }

  List<DisputeState> disputes() {
    return List.copyOf(disputes.values());
  }

  PaymentState payment(String name) {
    return known(payments, name);
  }

  OperationState operation(String name) {
    return known(operations, name);
  }

  private static <T> T known(Map<String, T> all, String name) {
    T one = all.get(name);
    if (one == null) {
      throw new AssertionError("no " + name);
    }
    return one;
  }

  boolean has(String transferOf, PostingRule rule) {
    return told.stream().anyMatch(it -> it.startsWith(transferLine(transferOf, rule)));
  }

  /** All rows that the database has to hold, a line each. */
  List<String> lines() {
    var lines = new ArrayList<>(told);
    payments.values().forEach(it -> lines.add("payment " + it.line()));
    operations.values().forEach(it -> lines.add("operation " + it.line()));
    disputes.values().forEach(it -> lines.add("dispute " + it.line()));
    keys.forEach(
        (key, it) ->
            lines.add(
                "key %s %s %s %s"
                    .formatted(
                        key,
                        it.payment,
                        it.operation == null ? "-" : it.operation,
                        it.answer == null ? "-" : it.answer)));
    balances.forEach((account, balance) -> lines.add("balance " + account + " " + balance));
    anomalies.forEach(it -> lines.add("anomaly " + it));
    return lines.stream().sorted().toList();
  }

  Outcome apply(Command command) {
    return switch (command) {
      case Create it -> create(it);
      case Begin it -> begin(it);
      case Reserve it -> reserve(it);
      case Finished it -> finished(it);
      case FailedOver it -> failedOver(it);
      case SentAgain it -> sentAgain(it);
      case RefundAtPsp it -> refundAtPsp(it);
      case RefundReversed it -> refundReversed(it);
      case DisputeMoved it -> disputeMoved(it);
      case HoldEnded it -> holdEnded(it);
      case CaptureReversed it -> captureReversed(it);
    };
  }

  private Outcome create(Create it) {
    if (it.key() != null && keys.containsKey(it.key())) {
      return Outcome.no(Verdict.KEY_TAKEN);
    }
    String operation = it.operation();
    var status = operation == null ? PaymentStatus.REQUIRES_CONFIRMATION : PaymentStatus.PROCESSING;
    var payment =
        new PaymentState(
            it.payment(), it.manual(), it.amount(), status, 1, 0, Amounts.NONE, operation);
    if (operation != null) {
      pending(operation, it.payment(), OperationKind.AUTHORIZE, it.amount(), it.key());
    }
    claim(it.key(), it.payment(), operation, operation == null ? it.answer() : null);
    return tell(payment, it.event(), null, operation, null);
  }

  /** Over the status and the version as read, and nothing else. */
  private Outcome begin(Begin it) {
    PaymentState now = payment(it.seen().name());
    if (now.status() != it.seen().status() || now.version() != it.seen().version()) {
      return Outcome.no(Verdict.REFUSED);
    }
    if (it.key() != null && keys.containsKey(it.key())) {
      return Outcome.no(Verdict.KEY_TAKEN);
    }
    PaymentState next;
    if (it.operation() == null) {
      next = now.move(PaymentStatus.CANCELED);
    } else {
      next = now.move(PaymentStatus.PROCESSING);
      pending(it.operation(), now.name(), it.kind(), it.amount(), it.key());
      next = it.kind() == OperationKind.AUTHORIZE ? next.shows(it.operation()) : next;
    }
    claim(it.key(), now.name(), it.operation(), null);
    return tell(next, it.event(), now.status(), it.operation(), null);
  }

  /** Never more than what is left of what was captured. */
  private Outcome reserve(Reserve it) {
    PaymentState now = payment(it.payment());
    if (it.amount() > now.left()) {
      return Outcome.no(Verdict.REFUSED);
    }
    if (it.key() != null && keys.containsKey(it.key())) {
      return Outcome.no(Verdict.KEY_TAKEN);
    }
    pending(it.operation(), it.payment(), OperationKind.REFUND, it.amount(), it.key());
    claim(it.key(), it.payment(), it.operation(), null);
    return tell(now.gives(it.amount(), 0, 0), it.event(), now.status(), it.operation(), null);
  }

  /**
   * A success counts over whatever is open; any other word only over the stage and the attempt that
   * it is about. What moves a payment moves it from where it was read.
   */
  private Outcome finished(Finished it) {
    OperationState operation = operation(it.seen().name());
    boolean asRead =
        operation.status() == it.seen().status() && operation.attempts() == it.seen().attempts();
    if (!operation.open() || !(asRead || it.to() == OperationStatus.SUCCEEDED)) {
      return Outcome.no(Verdict.REFUSED);
    }
    PaymentState now = payment(operation.payment());
    PaymentStatus to = it.moves();
    if (to != null && now.status() != it.payment().status()) {
      return Outcome.no(Verdict.OVERTAKEN);
    }
    boolean done = it.to() == OperationStatus.SUCCEEDED;
    PaymentState next = to == null ? now : now.move(to);
    long minor = operation.amount();
    switch (operation.kind()) {
      case AUTHORIZE -> {
        next =
            to == null || to == PaymentStatus.REQUIRES_ACTION ? next : next.shows(operation.name());
        if (done && now.manual()) {
          next = next.holds(now.authorized() + minor, now.captured());
        } else if (done) {
          next = next.holds(now.authorized(), now.captured() + minor);
          book(operation.name(), PostingRule.CAPTURE, minor);
        }
      }
      case CAPTURE -> {
        if (done) {
          next = next.holds(0, now.captured() + minor);
          book(operation.name(), PostingRule.CAPTURE, minor);
        }
      }
      case VOID -> {
        if (done) {
          next = next.holds(0, now.captured());
          endAuthentications(now.name());
        }
      }
      case REFUND -> {
        if (done) {
          next = next.gives(-minor, minor, 0);
          book(operation.name(), PostingRule.REFUND, minor);
        } else if (it.to() == OperationStatus.FAILED) {
          next = next.gives(-minor, 0, 0);
        }
      }
      case COMPLETE_AUTHENTICATION -> throw new AssertionError("not modelled");
    }
    operations.put(operation.name(), operation.become(it.to(), operation.called()));
    answer(operation, it.answer());
    return tell(next, it.event(), to == null ? null : now.status(), operation.name(), null);
  }

  /** Only over what its request still has in hand. */
  private Outcome failedOver(FailedOver it) {
    OperationState ended = operation(it.seen().name());
    if (ended.status() != OperationStatus.PENDING || ended.attempts() != 1) {
      return Outcome.no(Verdict.REFUSED);
    }
    PaymentState now = payment(ended.payment());
    if (now.status() != it.payment().status()) {
      return Outcome.no(Verdict.OVERTAKEN);
    }
    operations.put(ended.name(), ended.become(OperationStatus.FAILED, ended.called()));
    pending(it.next(), now.name(), OperationKind.AUTHORIZE, ended.amount(), ended.key());
    String key = ended.key();
    KeyState claimed = key == null ? null : keys.get(key);
    if (key != null
        && claimed != null
        && claimed.answer() == null
        && ended.name().equals(claimed.operation())) {
      keys.put(key, new KeyState(claimed.payment(), it.next(), null));
    }
    PaymentState next = now.move(now.status());
    tell(next, "failed_over", now.status(), ended.name(), null);
    return tell(payment(now.name()), "authorize_begun", now.status(), it.next(), null);
  }

  private Outcome sentAgain(SentAgain it) {
    OperationState now = operation(it.operation());
    if (!now.open()) {
      return Outcome.no(Verdict.REFUSED);
    }
    operations.put(now.name(), now.sentAgain());
    return Outcome.no(Verdict.WRITTEN);
  }

  /** No limit binds it; what the PSP calls it is told once. */
  private Outcome refundAtPsp(RefundAtPsp it) {
    boolean known =
        operations.values().stream()
            .anyMatch(
                o -> o.kind() == OperationKind.REFUND && it.reference().equals(o.reference()));
    if (known) {
      return Outcome.no(Verdict.REFUSED);
    }
    operations.put(
        it.operation(),
        new OperationState(
            it.operation(),
            it.payment(),
            OperationKind.REFUND,
            it.status(),
            it.amount(),
            0,
            it.reference(),
            null));
    boolean done = it.status() == OperationStatus.SUCCEEDED;
    boolean under = it.status() == OperationStatus.ACCEPTED;
    PaymentState now = payment(it.payment());
    PaymentState next = now.gives(under ? it.amount() : 0, done ? it.amount() : 0, 0);
    if (done) {
      book(it.operation(), PostingRule.REFUND, it.amount());
    }
    warnIfOver(next, it.charge());
    return tell(next, it.event(), now.status(), it.operation(), null);
  }

  private Outcome refundReversed(RefundReversed it) {
    OperationState refund = operation(it.seen().name());
    if (refund.status() != OperationStatus.SUCCEEDED) {
      return Outcome.no(Verdict.REFUSED);
    }
    operations.put(refund.name(), refund.become(OperationStatus.FAILED, refund.reference()));
    book(refund.name(), PostingRule.REFUND_REVERSED, refund.amount());
    PaymentState now = payment(refund.payment());
    return tell(now.gives(0, -refund.amount(), 0), it.event(), now.status(), refund.name(), null);
  }

  private Outcome disputeMoved(DisputeMoved it) {
    DisputeState before = disputes.get(it.dispute());
    if (before == null ? it.from() != null : before.status() != it.from()) {
      return Outcome.no(Verdict.REFUSED);
    }
    disputes.put(
        it.dispute(),
        new DisputeState(it.dispute(), it.payment(), it.to(), it.amount(), it.charge()));
    PaymentState now = payment(it.payment());
    PaymentState next = now;
    switch (it.to()) {
      case INQUIRY, INQUIRY_CLOSED -> {}
      case OPEN -> {
        next = now.gives(0, 0, it.amount());
        book(it.dispute(), PostingRule.DISPUTE_OPENED, it.amount());
        warnIfOver(next, it.charge());
      }
      case WON -> {
        next = now.gives(0, 0, -it.amount());
        book(it.dispute(), PostingRule.DISPUTE_WON, it.amount());
      }
      case LOST -> book(it.dispute(), PostingRule.DISPUTE_LOST, it.amount());
    }
    return tell(next, it.event(), now.status(), it.charge(), it.dispute());
  }

  private Outcome holdEnded(HoldEnded it) {
    PaymentState now = payment(it.seen().name());
    if (now.status() != PaymentStatus.REQUIRES_CAPTURE || now.version() != it.seen().version()) {
      return Outcome.no(Verdict.REFUSED);
    }
    PaymentState next =
        now.move(it.taken() == 0 ? PaymentStatus.CANCELED : PaymentStatus.SUCCEEDED)
            .holds(0, now.captured() + it.taken());
    String charge = now.taker();
    if (it.capture() != null) {
      operations.put(
          it.capture(),
          new OperationState(
              it.capture(),
              now.name(),
              OperationKind.CAPTURE,
              OperationStatus.SUCCEEDED,
              it.taken(),
              0,
              "ref_" + it.capture(),
              null));
    }
    if (it.taken() > 0) {
      book(it.capture() == null ? charge : it.capture(), PostingRule.CAPTURE, it.taken());
    }
    return tell(next, it.event(), now.status(), charge, null);
  }

  private Outcome captureReversed(CaptureReversed it) {
    PaymentState now = payment(it.seen().name());
    if (now.status() != PaymentStatus.SUCCEEDED || now.version() != it.seen().version()) {
      return Outcome.no(Verdict.REFUSED);
    }
    for (OperationState each : operations()) {
      if (each.payment().equals(now.name())
          && each.kind() == OperationKind.CAPTURE
          && each.status() == OperationStatus.SUCCEEDED) {
        operations.put(each.name(), each.become(OperationStatus.FAILED, each.reference()));
      }
    }
    PaymentState next = now.move(PaymentStatus.REQUIRES_CAPTURE).holds(now.amount(), 0);
    book(it.captured(), PostingRule.CAPTURE_REVERSED, now.captured());
    anomalies.add(it.captured() + " capture_contradicted");
    String charge = now.taker();
    if (now.reserved() + now.refunded() + now.disputed() > 0) {
      anomalies.add(charge + " refund_over_captured");
    }
    return tell(next, it.event(), now.status(), charge, null);
  }

  private void pending(
      String name, String payment, OperationKind kind, long amount, @Nullable String key) {
    operations.put(
        name,
        new OperationState(name, payment, kind, OperationStatus.PENDING, amount, 1, null, key));
  }

  private void claim(
      @Nullable String key, String payment, @Nullable String operation, @Nullable String answer) {
    if (key != null) {
      keys.put(key, new KeyState(payment, operation, answer));
    }
  }

  /** The first answer stays. */
  private void answer(OperationState operation, @Nullable String answer) {
    String key = operation.key();
    KeyState claimed = key == null ? null : keys.get(key);
    if (key != null && claimed != null && claimed.answer() == null && answer != null) {
      keys.put(key, new KeyState(claimed.payment(), claimed.operation(), answer));
    }
  }

  private void endAuthentications(String payment) {
    for (OperationState each : operations()) {
      if (each.payment().equals(payment) && each.status() == OperationStatus.AWAITING_CUSTOMER) {
        operations.put(each.name(), each.become(OperationStatus.CANCELED, each.reference()));
      }
    }
  }

  private void warnIfOver(PaymentState payment, String charge) {
    if (payment.left() < 0) {
      anomalies.add(charge + " refund_over_captured");
    }
  }

  private static String transferLine(String of, PostingRule rule) {
    return "transfer " + of + " " + rule.wire() + " ";
  }

  /** What each fact means to whom: what we are owed counts up. */
  private void book(String of, PostingRule rule, long minor) {
    told.add(transferLine(of, rule) + minor);
    switch (rule) {
      case CAPTURE, REFUND_REVERSED -> move(PSP, MERCHANT_PAYABLE, minor);
      case REFUND, CAPTURE_REVERSED -> move(MERCHANT_PAYABLE, PSP, minor);
      case DISPUTE_OPENED -> move(DISPUTE_RESERVE, PSP, minor);
      case DISPUTE_WON -> move(PSP, DISPUTE_RESERVE, minor);
      case DISPUTE_LOST -> move(MERCHANT_PAYABLE, DISPUTE_RESERVE, minor);
      case LATE_CAPTURE, SUSPENSE_RETURNED, SUSPENSE_RETURN_REVERSED, SUSPENSE_DISPUTE_LOST ->
          throw new AssertionError("not modelled");
    }
  }

  private void move(String arrivesOn, String leaves, long minor) {
    balances.merge(arrivesOn, minor, Long::sum);
    balances.merge(leaves, -minor, Long::sum);
  }

  /**
   * Every change has the next number, a place in the history and what it left, and one in the
   * outbox.
   */
  private Outcome tell(
      PaymentState changed,
      String event,
      @Nullable PaymentStatus from,
      @Nullable String operation,
      @Nullable String dispute) {
    PaymentState next = changed.at(changed.sequence() + 1);
    payments.put(next.name(), next);
    told.add(
        "event %s #%d %s %s->%s %s"
            .formatted(
                next.name(),
                next.sequence(),
                event,
                from == null ? "-" : from.wire(),
                next.status().wire(),
                operation == null ? "-" : operation));
    told.add(
        "change %s | %s | %s"
            .formatted(
                next.line(),
                operation == null ? "-" : operation(operation).line(),
                dispute == null ? "-" : known(disputes, dispute).line()));
    return new Outcome(Verdict.WRITTEN, next.sequence());
  }
}
