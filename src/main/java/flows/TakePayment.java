package flows;

import flows.Views.PaymentView;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import payments.Answer;
import payments.Command.Confirmation;
import payments.Decline;
import payments.DeclineCode;
import payments.Operation;
import payments.OperationStatus;
import payments.Parameters;
import payments.Payment;
import payments.PaymentMethod;
import payments.RequestContext;
import psp.PspResult;
import psp.routing.Decision;
import psp.routing.Elsewhere;
import store.FailOver;
import store.Finish;
import store.Finish.PaymentChange;
import store.Write;

/**
 * Asks the account that a payment was routed to, and where its answer proves that nothing was
 * charged, the next one. Only the request that began the payment does so, and only on an operation
 * that it has sent once: whoever else comes to it, recovery above all, cannot know what was sent.
 * The end of one operation and the beginning of the next are one commit, so that at most one may
 * charge at any moment.
 */
final class TakePayment {
  private static final Logger LOG = LoggerFactory.getLogger(TakePayment.class);

  /** What an account has to be told before it can be asked must not hold the customer up. */
  private static final long PREPARATION_MS = 3_000;

  private final Services services;
  private final OperationRunner runner;
  private final Outcomes outcomes;
  private final Routing routing;
  private final MethodChoice methods;
  private final SavedCards savedCards;
  private final Beginnings beginnings;
  private final Durably durably;
  private final ViewLoader views;

  TakePayment(Services services) {
    this.services = services;
    this.runner = new OperationRunner(services);
    this.outcomes = new Outcomes(services.ids()::next);
    this.routing = new Routing(services);
    this.methods = new MethodChoice(services);
    this.savedCards = new SavedCards(services);
    this.beginnings = new Beginnings(services);
    this.durably = new Durably(services);
    this.views = new ViewLoader(services);
  }

  /**
   * A payment that a request takes.
   *
   * @param begunNanos when its command arrived, on the JVM's clock: its time is counted from here
   */
  record Checkout(
      RequestContext context,
      MethodChoice.Means means,
      Confirmation confirmation,
      Write.Cause cause,
      long begunNanos) {
    Duration elapsed() {
      return Duration.ofNanos(System.nanoTime() - begunNanos);
    }
  }

  /**
   * One account of it being asked.
   *
   * @param asked the accounts asked so far, this one too
   * @param psps the time spent waiting for PSPs before
   * @param startedNanos when the first operation was ready to be written: what metrics count from
   */
  private record Attempt(
      Checkout checkout,
      PaymentView view,
      Operation operation,
      Set<String> asked,
      Duration psps,
      long startedNanos) {
    OperationRunner.Running running() {
      return new OperationRunner.Running(
          checkout.context, view, operation, checkout.cause, startedNanos);
    }
  }

  /**
   * The first operation of a payment as it is to be written, with the decision kept beside it.
   *
   * @param asked its account, and those that could not be told what they have to know
   * @param startedNanos when it was ready
   */
  record First(
      Checkout checkout,
      Operation operation,
      Write.Begin begin,
      Set<String> asked,
      long startedNanos) {}

  /**
   * Prepares the operation that a payment begins with, at the account that it is routed to; where
   * that cannot be done soon, at the next one. Nothing of the payment is sent or written by then; a
   * customer whose card is to be saved may have been made at the PSP.
   */
  Future<First> first(Checkout checkout, Payment payment) {
    return first(
        checkout, payment, routing.first(checkout.context, payment, checkout.means), Set.of());
  }

  private Future<First> first(
      Checkout checkout, Payment payment, Decision decision, Set<String> before) {
    String accountId = decision.chosen().orElseThrow();
    var asked = with(before, accountId);
    return operation(checkout, payment, accountId)
        .map(
            operation ->
                new First(
                    checkout,
                    operation,
                    beginnings.begin(operation, Routing.kept(decision, before.size(), null)),
                    asked,
                    System.nanoTime()))
        .recover(
            cause -> {
              notTried(checkout, payment, accountId, cause);
              if (!inBounds(checkout, asked)) {
                return Future.failedFuture(cause);
              }
              Decision next = routing.next(checkout.context, payment, checkout.means, asked);
              return next.chosen().isPresent()
                  ? first(checkout, payment, next, asked)
                  : Future.failedFuture(cause);
            });
  }

  private static Set<String> with(Set<String> asked, String accountId) {
    var more = new HashSet<>(asked);
    more.add(accountId);
    return Set.copyOf(more);
  }

  /** The operation of a payment at an account, with what the account has to know before. */
  private Future<Operation> operation(Checkout checkout, Payment payment, String accountId) {
    RequestContext context = checkout.context;
    return methods
        .at(context, checkout.means, accountId)
        .compose(
            chosen ->
                savedCards.named(
                    context, chosen, payment.customerId(), payment.parameters(), accountId))
        .timeout(PREPARATION_MS, TimeUnit.MILLISECONDS)
        .recover(
            cause ->
                Future.failedFuture(
                    cause instanceof TimeoutException ? Vaults.unavailable() : cause))
        .map(
            chosen ->
                beginnings.authorize(context, payment, chosen, checkout.confirmation, accountId));
  }

  private static void notTried(
      Checkout checkout, Payment payment, String accountId, Throwable cause) {
    LOG.warn(
        "request_id={} payment={} is not tried at account={}: {}",
        checkout.context.requestId(),
        payment.publicId(),
        accountId,
        cause.toString());
  }

  /**
   * Asks, and answers the request. What its answer shows is loaded only now that the operation is
   * written.
   */
  Future<Answer> answer(First first, Payment begun) {
    Checkout checkout = first.checkout;
    return Durably.afterwards(
        spent(first)
            .compose(ignored -> views.load(checkout.context, begun))
            .map(
                view ->
                    new PaymentView(
                        begun, null, checkout.means.method(), view.customer(), List.of()))
            .compose(
                view ->
                    ask(
                        new Attempt(
                            checkout,
                            view,
                            first.operation,
                            first.asked,
                            Duration.ZERO,
                            first.startedNanos))));
  }

  /** What a browser's component gave of a card is in the request now, and kept nowhere else. */
  private Future<Void> spent(First first) {
    PaymentMethod method = first.checkout.means.method();
    String account = first.operation.pspAccountId();
    return first.checkout.means.isNew() || !method.isForOnePayment(account)
        ? Future.succeededFuture()
        : services
            .methods()
            .spend(method, account)
            .otherwise(
                cause -> {
                  LOG.warn(
                      "payment_method={} card data is forgotten later: {}",
                      method.id(),
                      cause.toString());
                  return null;
                });
  }

  private Future<Answer> ask(Attempt attempt) {
    long sent = System.nanoTime();
    return services
        .sender()
        .send(OperationRunner.sending(attempt.operation))
        .compose(
            result -> {
              Duration psps = attempt.psps.plusNanos(System.nanoTime() - sent);
              return next(attempt, result, psps)
                  .compose(
                      next -> next.isPresent() ? goOn(next.get()) : end(attempt, result, psps));
            });
  }

  /**
   * Asks the next account, unless the failover's commit took so long that the request would be over
   * by its answer: then it is not charged for nobody. Recovery may have taken the operation up by
   * then, which the end's guard sees.
   */
  private Future<Answer> goOn(Attempt attempt) {
    if (services.router().bounds().inTime(attempt.checkout.elapsed())) {
      return ask(attempt);
    }
    var late =
        PspResult.notSent(
            OperationRunner.sending(attempt.operation), "the request's time was over");
    return end(attempt, late, attempt.psps);
  }

  private Future<Answer> end(Attempt attempt, PspResult result, Duration psps) {
    var running = attempt.running();
    return runner
        .settle(running, result)
        .onSuccess(ended -> runner.told(running, result, ended, psps))
        .map(ended -> ended.answer().orElseThrow());
  }

  /** The attempt that follows a result, begun in one commit with the end of this one. */
  private Future<Optional<Attempt>> next(Attempt attempt, PspResult result, Duration psps) {
    Payment payment = attempt.view.payment();
    if (!(outcomes.of(payment, attempt.operation, result) instanceof Meaning.Closed closed)
        || !mayTryElsewhere(attempt, closed)) {
      return none();
    }
    Checkout checkout = attempt.checkout;
    Decision decision = routing.next(checkout.context, payment, checkout.means, attempt.asked);
    if (decision.chosen().isEmpty()) {
      return none();
    }
    var from = new Routing.From(attempt.operation, verdict(closed).why());
    Parameters kept = Routing.kept(decision, attempt.asked.size(), from);
    return prepared(attempt, decision.chosen().get())
        .compose(
            operation ->
                operation.isEmpty() || !inBounds(attempt.checkout, attempt.asked)
                    ? none()
                    : failOver(attempt, closed, beginnings.begin(operation.get(), kept), psps));
  }

  /** A definite no, of the sort that may be tried elsewhere, in time. */
  private boolean mayTryElsewhere(Attempt attempt, Meaning.Closed closed) {
    return closed.status() == OperationStatus.FAILED
        && closed.decline() != null
        && verdict(closed).allowed()
        && inBounds(attempt.checkout, attempt.asked);
  }

  private boolean inBounds(Checkout checkout, Set<String> asked) {
    return services.router().bounds().allow(asked.size(), checkout.elapsed());
  }

  private static Elsewhere.Verdict verdict(Meaning.Closed closed) {
    return Elsewhere.of(Objects.requireNonNull(closed.decline()), closed.details().outcome());
  }

  private static Future<Optional<Attempt>> none() {
    return Future.succeededFuture(Optional.empty());
  }

  /** The next account's operation; empty where it cannot be made soon, and nobody is asked. */
  private Future<Optional<Operation>> prepared(Attempt attempt, String accountId) {
    Payment payment = attempt.view.payment();
    return operation(attempt.checkout, payment, accountId)
        .map(Optional::of)
        .recover(
            cause -> {
              notTried(attempt.checkout, payment, accountId, cause);
              return Future.succeededFuture(Optional.empty());
            });
  }

  private Future<Optional<Attempt>> failOver(
      Attempt attempt, Meaning.Closed closed, Write.Begin next, Duration psps) {
    Payment before = attempt.view.payment();
    return durably
        .failOver(new FailOver(before, ending(attempt, closed), next, "authorize_begun"))
        .map(
            begun -> {
              if (!begun) {
                return Optional.empty();
              }
              Operation operation = next.operation();
              told(attempt, closed, operation);
              return Optional.of(
                  new Attempt(
                      attempt.checkout,
                      attempt.view,
                      operation,
                      with(attempt.asked, operation.pspAccountId()),
                      psps,
                      attempt.startedNanos));
            });
  }

  /** The end of an operation whose payment goes on, so that the request has no answer yet. */
  private Finish ending(Attempt attempt, Meaning.Closed closed) {
    var leaving =
        new Meaning.Closed(
            closed.status(),
            "failed_over",
            PaymentChange.NONE,
            null,
            closed.decline(),
            closed.reference(),
            closed.chargeReference(),
            null,
            closed.details());
    return runner.finish(
        new OperationRunner.Running(
            null, attempt.view, attempt.operation, attempt.checkout.cause, null),
        leaving);
  }

  private void told(Attempt attempt, Meaning.Closed closed, Operation next) {
    Decline decline = Objects.requireNonNull(closed.decline());
    LOG.info(
        "request_id={} payment={} operation={} account={} charged nothing ({}): account={} is asked"
            + " next",
        attempt.checkout.context.requestId(),
        attempt.view.payment().publicId(),
        attempt.operation.publicId(),
        attempt.operation.pspAccountId(),
        decline.code(),
        next.pspAccountId());
    services
        .observer()
        .failedOver(
            attempt.operation.pspAccountId(),
            next.pspAccountId(),
            decline.code() != DeclineCode.PSP_UNAVAILABLE);
  }
}
