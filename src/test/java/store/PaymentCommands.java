package store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ledger.PostingRule;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;
import payments.DisputeStatus;
import payments.OperationKind;
import payments.OperationStatus;
import payments.PaymentStatus;
import store.PaymentModel.DisputeState;
import store.PaymentModel.OperationState;
import store.PaymentModel.PaymentState;

/**
 * What may be asked of the store. jqwik draws {@link Step}s, which are only numbers and so shrink
 * well; each becomes a command about what is there when its turn comes, or was there some steps
 * ago: who reads and then writes may be late.
 */
final class PaymentCommands {
  /** What is done to the store, with what it was decided on. */
  sealed interface Command {
    /** What the history calls it. */
    String event();
  }

  /**
   * A new payment.
   *
   * @param operation what takes it at once, or null
   * @param answer to its request, known at once where nothing is sent
   */
  record Create(
      String payment,
      boolean manual,
      long amount,
      @Nullable String operation,
      @Nullable String key,
      @Nullable String answer)
      implements Command {
    @Override
    public String event() {
      return "created";
    }
  }

  /**
   * An authorize, a capture or a void that begins over a payment as it was read.
   *
   * @param operation null where the payment is canceled and no PSP knows of it
   */
  record Begin(
      PaymentState seen,
      OperationKind kind,
      @Nullable String operation,
      long amount,
      @Nullable String key)
      implements Command {
    @Override
    public String event() {
      if (operation == null) {
        return "canceled";
      }
      return kind == OperationKind.AUTHORIZE ? "confirmed" : kind.wire() + "_begun";
    }
  }

  /** A refund that wants its amount. */
  record Reserve(
      String payment, @Nullable String charge, String operation, long amount, @Nullable String key)
      implements Command {
    @Override
    public String event() {
      return "refund_begun";
    }
  }

  /**
   * What a PSP said of an operation, decided on the operation and its payment as they were read.
   */
  record Finished(
      OperationState seen, PaymentState payment, OperationStatus to, @Nullable String answer)
      implements Command {
    /** Where it moves the payment, or null where that stays. */
    @Nullable PaymentStatus moves() {
      boolean done = to == OperationStatus.SUCCEEDED;
      if (to == OperationStatus.AWAITING_CUSTOMER) {
        return PaymentStatus.REQUIRES_ACTION;
      }
      if (!done && to != OperationStatus.FAILED) {
        return null;
      }
      return switch (seen.kind()) {
        case AUTHORIZE -> {
          if (!done) {
            yield PaymentStatus.REQUIRES_PAYMENT_METHOD;
          }
          yield payment.manual() ? PaymentStatus.REQUIRES_CAPTURE : PaymentStatus.SUCCEEDED;
        }
        case CAPTURE -> done ? PaymentStatus.SUCCEEDED : PaymentStatus.REQUIRES_CAPTURE;
        case VOID -> {
          if (done) {
            yield PaymentStatus.CANCELED;
          }
          yield payment.authorized() > 0
              ? PaymentStatus.REQUIRES_CAPTURE
              : PaymentStatus.REQUIRES_ACTION;
        }
        case REFUND -> null;
        case COMPLETE_AUTHENTICATION -> throw new AssertionError("not modelled");
      };
    }

    @Override
    public String event() {
      return switch (to) {
        case UNKNOWN -> "outcome_unknown";
        case ACCEPTED -> seen.kind().wire() + "_accepted";
        case AWAITING_CUSTOMER -> "action_required";
        case FAILED ->
            seen.kind() == OperationKind.AUTHORIZE ? "declined" : seen.kind().wire() + "_failed";
        case SUCCEEDED ->
            switch (seen.kind()) {
              case AUTHORIZE -> payment.manual() ? "authorized" : "captured";
              case CAPTURE -> "captured";
              case VOID -> "voided";
              case REFUND -> "refunded";
              case COMPLETE_AUTHENTICATION -> throw new AssertionError("not modelled");
            };
        case PENDING, CANCELED -> throw new AssertionError("no PSP says " + to);
      };
    }
  }

  /** An authorize ends and the next begins, at another account. */
  record FailedOver(OperationState seen, PaymentState payment, String next) implements Command {
    @Override
    public String event() {
      return "failed_over";
    }
  }

  /** Recovery takes an operation and sends it once more: its attempts count up. */
  record SentAgain(String operation) implements Command {
    @Override
    public String event() {
      throw new AssertionError("is not told");
    }
  }

  /** A refund that was made at the PSP. */
  record RefundAtPsp(
      String payment,
      String charge,
      String operation,
      String reference,
      long amount,
      OperationStatus status)
      implements Command {
    @Override
    public String event() {
      return "refunded_at_psp";
    }
  }

  /** A refund that had succeeded has failed after all. */
  record RefundReversed(OperationState seen) implements Command {
    @Override
    public String event() {
      return "refund_reversed";
    }
  }

  /** A dispute that is new, where {@code from} is null, or moves. */
  record DisputeMoved(
      String payment,
      String charge,
      String dispute,
      @Nullable DisputeStatus from,
      DisputeStatus to,
      long amount)
      implements Command {
    @Override
    public String event() {
      return to == DisputeStatus.OPEN ? "dispute_opened" : "dispute_" + to.wire();
    }
  }

  /**
   * A hold whose money was taken at the PSP, or that was let go of there, where nothing was taken.
   *
   * @param capture the operation that took it, where the PSP has an id of it
   */
  record HoldEnded(PaymentState seen, long taken, @Nullable String capture) implements Command {
    @Override
    public String event() {
      return taken > 0 ? "captured_at_psp" : "voided_at_psp";
    }
  }

  /**
   * A capture that was made has failed after all.
   *
   * @param captured the operation that had taken the money
   */
  record CaptureReversed(PaymentState seen, String captured) implements Command {
    @Override
    public String event() {
      return "capture_reversed";
    }
  }

  /** What a step does. */
  enum Kind {
    CREATE,
    CONFIRM,
    CAPTURE,
    VOID,
    CANCEL,
    RESERVE,
    FINISH,
    /** The end of an operation that someone else has ended. */
    FINISH_AGAIN,
    FAIL_OVER,
    SEND_AGAIN,
    REFUND_AT_PSP,
    REVERSE_REFUND,
    DISPUTE,
    END_HOLD,
    REVERSE_CAPTURE
  }

  /**
   * A command before it is known what it finds.
   *
   * @param which of what it may be about, wherever there are several
   * @param amount chooses an amount within what makes sense
   * @param key chooses an idempotency key, or none
   * @param late how many steps ago what it goes by was read
   * @param form chooses between what is left to choose
   */
  record Step(Kind kind, int which, int amount, int key, int late, int form) {}

  /** Steps of all kinds, those more often that others build on. */
  static Arbitrary<Step> steps() {
    Arbitrary<Kind> kinds =
        Arbitraries.frequency(
            Tuple.of(2, Kind.CREATE),
            Tuple.of(3, Kind.CONFIRM),
            Tuple.of(4, Kind.CAPTURE),
            Tuple.of(2, Kind.VOID),
            Tuple.of(1, Kind.CANCEL),
            Tuple.of(9, Kind.RESERVE),
            Tuple.of(16, Kind.FINISH),
            Tuple.of(4, Kind.FINISH_AGAIN),
            Tuple.of(1, Kind.FAIL_OVER),
            Tuple.of(2, Kind.SEND_AGAIN),
            Tuple.of(4, Kind.REFUND_AT_PSP),
            Tuple.of(2, Kind.REVERSE_REFUND),
            Tuple.of(4, Kind.DISPUTE),
            Tuple.of(2, Kind.END_HOLD),
            Tuple.of(2, Kind.REVERSE_CAPTURE));
    Arbitrary<Integer> late =
        Arbitraries.frequency(
            Tuple.of(12, 0), Tuple.of(2, 1), Tuple.of(1, 2), Tuple.of(1, 3), Tuple.of(1, 5));
    return Combinators.combine(
            kinds,
            Arbitraries.integers().between(0, 11),
            Arbitraries.integers().between(0, 999),
            Arbitraries.integers().between(0, 19),
            late,
            Arbitraries.integers().between(0, 59))
        .as(Step::new);
  }

  /** After how many steps another payment is due: the more, the more happens to each. */
  private static final int EACH = 15;

  private final Map<String, Integer> names = new HashMap<>();
  private int begun;

  private String next(String letter) {
    return letter + names.merge(letter, 1, Integer::sum);
  }

  /**
   * What a step comes to. Where nothing is there that it could be about, it creates a payment, if
   * it is time for another one, or goes on with what is there.
   *
   * @param history how matters stood after each step, the latest last
   */
  @Nullable Command command(Step step, List<PaymentModel> history) {
    PaymentModel read = history.get(Math.max(0, history.size() - 1 - step.late));
    Command command =
        switch (step.kind) {
          case CREATE -> null;
          case CONFIRM -> begin(step, read, OperationKind.AUTHORIZE);
          case CAPTURE -> begin(step, read, OperationKind.CAPTURE);
          case VOID -> begin(step, read, OperationKind.VOID);
          case CANCEL -> cancel(step, read);
          case RESERVE -> reserve(step, read);
          case FINISH -> finish(step, read, read.operations());
          case FINISH_AGAIN -> finishAgain(step, history);
          case FAIL_OVER -> failOver(step, read);
          case SEND_AGAIN -> sendAgain(step, read);
          case REFUND_AT_PSP -> refundAtPsp(step, read);
          case REVERSE_REFUND -> reverseRefund(step, read);
          case DISPUTE -> dispute(step, read);
          case END_HOLD -> endHold(step, read);
          case REVERSE_CAPTURE -> reverseCapture(step, read);
        };
    if (command == null && (step.kind == Kind.CREATE || begun * EACH <= history.size())) {
      begun++;
      return create(step);
    }
    if (command == null) {
      command = finish(step, read, read.operations());
    }
    return command == null ? reserve(step, read) : command;
  }

  private static <T> @Nullable T pick(Step step, List<T> from) {
    return from.isEmpty() ? null : from.get(step.which % from.size());
  }

  private static @Nullable String key(Step step) {
    return step.key < 12 ? null : "k" + step.key % 5;
  }

  private static long upTo(Step step, long most) {
    return 1 + step.amount % most;
  }

  private Command create(Step step) {
    String payment = next("p");
    String operation = step.form % 4 == 0 ? null : next("o");
    return new Create(
        payment,
        step.form % 2 == 1,
        upTo(step, 1_000),
        operation,
        key(step),
        operation == null ? payment + " created" : null);
  }

  private @Nullable Command begin(Step step, PaymentModel read, OperationKind kind) {
    PaymentState payment =
        pick(step, read.payments().stream().filter(it -> takes(it, kind)).toList());
    if (payment == null) {
      return null;
    }
    long whole = kind == OperationKind.AUTHORIZE ? payment.amount() : payment.authorized();
    boolean part = kind == OperationKind.CAPTURE && step.form % 2 == 1;
    long amount = part ? upTo(step, whole) : Math.max(whole, 1);
    return new Begin(payment, kind, next("o"), amount, key(step));
  }

  private static boolean takes(PaymentState payment, OperationKind kind) {
    return switch (payment.status()) {
      case REQUIRES_CONFIRMATION, REQUIRES_PAYMENT_METHOD -> kind == OperationKind.AUTHORIZE;
      case REQUIRES_CAPTURE -> kind == OperationKind.CAPTURE || kind == OperationKind.VOID;
      case REQUIRES_ACTION -> kind == OperationKind.VOID;
      case PROCESSING, CANCELED, SUCCEEDED -> false;
    };
  }

  private static @Nullable Command cancel(Step step, PaymentModel read) {
    PaymentState payment =
        pick(
            step,
            read.payments().stream().filter(it -> takes(it, OperationKind.AUTHORIZE)).toList());
    return payment == null ? null : new Begin(payment, OperationKind.VOID, null, 0, key(step));
  }

  private @Nullable Command reserve(Step step, PaymentModel read) {
    PaymentState payment = pick(step, taken(read));
    if (payment == null) {
      return null;
    }
    long left = Math.max(1, payment.left());
    long amount =
        switch (step.form % 4) {
          case 0 -> left;
          case 1 -> left + 1;
          case 2 -> Math.max(1, left / 2);
          default -> upTo(step, left);
        };
    return new Reserve(payment.name(), payment.charge(), next("o"), amount, key(step));
  }

  private static List<PaymentState> taken(PaymentModel read) {
    return read.payments().stream().filter(it -> it.captured() > 0).toList();
  }

  private @Nullable Command finish(Step step, PaymentModel read, List<OperationState> operations) {
    OperationState operation =
        pick(
            step,
            operations.stream()
                .filter(it -> !words(it, read.payment(it.payment())).isEmpty())
                .toList());
    if (operation == null) {
      return null;
    }
    PaymentState payment = read.payment(operation.payment());
    List<OperationStatus> words = words(operation, payment);
    OperationStatus to = words.get(step.form % words.size());
    boolean answers = step.amount % 3 != 0;
    return new Finished(
        operation,
        payment,
        to,
        answers ? operation.name() + " " + to.wire() + " " + next("a") : null);
  }

  /** What a PSP may say that means something; what does not is never written. */
  private static List<OperationStatus> words(OperationState operation, PaymentState payment) {
    if (!operation.open()) {
      return List.of();
    }
    var words =
        new ArrayList<>(
            List.of(OperationStatus.SUCCEEDED, OperationStatus.FAILED, OperationStatus.SUCCEEDED));
    if (operation.status() == OperationStatus.AWAITING_CUSTOMER) {
      return payment.status() == PaymentStatus.REQUIRES_ACTION ? words : List.of();
    }
    words.add(OperationStatus.UNKNOWN);
    words.add(OperationStatus.ACCEPTED);
    if (operation.kind() == OperationKind.AUTHORIZE) {
      words.add(OperationStatus.AWAITING_CUSTOMER);
    }
    return words;
  }

  private @Nullable Command finishAgain(Step step, List<PaymentModel> history) {
    OperationState closed =
        pick(step, history.getLast().operations().stream().filter(it -> !it.open()).toList());
    if (closed == null) {
      return null;
    }
    String name = closed.name();
    for (PaymentModel then : history.reversed()) {
      List<OperationState> it =
          then.operations().stream().filter(o -> o.name().equals(name) && o.open()).toList();
      if (!it.isEmpty()) {
        return finish(step, then, it);
      }
    }
    return null;
  }

  private @Nullable Command failOver(Step step, PaymentModel read) {
    OperationState operation =
        pick(
            step,
            read.operations().stream()
                .filter(it -> it.kind() == OperationKind.AUTHORIZE && it.status().open())
                .filter(it -> it.attempts() == 1)
                .toList());
    return operation == null
        ? null
        : new FailedOver(operation, read.payment(operation.payment()), next("o"));
  }

  private static @Nullable Command sendAgain(Step step, PaymentModel read) {
    OperationState operation =
        pick(step, read.operations().stream().filter(OperationState::open).toList());
    return operation == null ? null : new SentAgain(operation.name());
  }

  private @Nullable Command refundAtPsp(Step step, PaymentModel read) {
    PaymentState payment = pick(step, taken(read));
    if (payment == null) {
      return null;
    }
    List<OperationStatus> statuses =
        List.of(OperationStatus.SUCCEEDED, OperationStatus.ACCEPTED, OperationStatus.FAILED);
    return new RefundAtPsp(
        payment.name(),
        payment.taker(),
        next("o"),
        "re_" + step.key,
        upTo(step, payment.captured() + payment.captured() / 4 + 1),
        statuses.get(step.form % 3));
  }

  private static @Nullable Command reverseRefund(Step step, PaymentModel read) {
    OperationState refund =
        pick(
            step,
            read.operations().stream()
                .filter(it -> it.kind() == OperationKind.REFUND)
                .filter(it -> it.status() == OperationStatus.SUCCEEDED)
                .toList());
    return refund == null ? null : new RefundReversed(refund);
  }

  /**
   * Of a payment either captures fail afterwards or disputes come: what a dispute would be about
   * whose payment was never taken is nothing that a PSP tells.
   */
  private static boolean disputable(PaymentState payment) {
    return payment.amount() % 2 == 1;
  }

  private @Nullable Command dispute(Step step, PaymentModel read) {
    DisputeState known = pick(step, read.disputes());
    if (known != null && step.form % 3 != 0) {
      return move(step, known);
    }
    PaymentState payment =
        pick(step, taken(read).stream().filter(PaymentCommands::disputable).toList());
    return payment == null
        ? null
        : new DisputeMoved(
            payment.name(),
            payment.taker(),
            next("d"),
            null,
            step.form % 2 == 0 ? DisputeStatus.OPEN : DisputeStatus.INQUIRY,
            upTo(step, payment.captured()));
  }

  private static @Nullable Command move(Step step, DisputeState known) {
    boolean first = step.form % 2 == 0;
    DisputeStatus to =
        switch (known.status()) {
          case INQUIRY -> first ? DisputeStatus.OPEN : DisputeStatus.INQUIRY_CLOSED;
          case OPEN -> first ? DisputeStatus.WON : DisputeStatus.LOST;
          case INQUIRY_CLOSED, WON, LOST -> null;
        };
    // What is over is told as new once more.
    return new DisputeMoved(
        known.payment(),
        known.charge(),
        known.name(),
        to == null ? null : known.status(),
        to == null ? DisputeStatus.OPEN : to,
        known.amount());
  }

  private @Nullable Command endHold(Step step, PaymentModel read) {
    PaymentState payment =
        pick(
            step,
            read.payments().stream()
                .filter(it -> it.status() == PaymentStatus.REQUIRES_CAPTURE)
                .toList());
    if (payment == null) {
      return null;
    }
    long taken =
        switch (step.form % 3) {
          case 0 -> 0;
          case 1 -> payment.authorized();
          default -> upTo(step, payment.authorized());
        };
    // A charge takes money once; another capture of it has an id of its own.
    boolean again = read.has(payment.taker(), PostingRule.CAPTURE);
    boolean named = taken > 0 && (again || step.form % 2 == 0);
    return new HoldEnded(payment, taken, named ? next("o") : null);
  }

  private static @Nullable Command reverseCapture(Step step, PaymentModel read) {
    PaymentState payment =
        pick(
            step,
            read.payments().stream()
                .filter(it -> it.status() == PaymentStatus.SUCCEEDED && !disputable(it))
                .toList());
    if (payment == null) {
      return null;
    }
    String captured =
        read.operations().stream()
            .filter(it -> it.payment().equals(payment.name()))
            .filter(it -> it.kind() == OperationKind.CAPTURE)
            .filter(it -> it.status() == OperationStatus.SUCCEEDED)
            .map(OperationState::name)
            .findFirst()
            .orElse(payment.taker());
    return new CaptureReversed(payment, captured);
  }
}
