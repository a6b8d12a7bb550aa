package psp;

import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.circuitbreaker.OpenCircuitException;
import io.vertx.circuitbreaker.TimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import payments.DeclineCode;
import payments.OperationKind;
import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;

/**
 * Stops sending to a PSP account that does not answer: one circuit breaker per kind of operation,
 * since a PSP that cannot refund may well authorize. Declines and everything else the PSP says in
 * good health never open it, nor what of that we do not understand. But answers that are not the
 * PSP's (a proxy's pages) do, and a refusal of our own key: it would refuse all that follows.
 * Look-ups pass by it: they are how doubts are settled, and have their own limit in the bulkhead.
 *
 * <p>The breaker's success resets its count, so it opens on failures in a row: under load a PSP
 * that fails one call in a hundred stays in use.
 */
public final class BreakerPsp implements Psp {
  private final String accountId;
  private final Psp psp;
  private final ForcedOpen forced;
  private final Map<OperationKind, CircuitBreaker> breakers = new EnumMap<>(OperationKind.class);

  /** Calls in flight by kind: while half-open, one is the try and there is place for no other. */
  private final Map<OperationKind, AtomicInteger> inFlight = new EnumMap<>(OperationKind.class);

  public BreakerPsp(
      Vertx vertx, String accountId, Psp psp, BreakerSettings settings, ForcedOpen forced) {
    this.accountId = accountId;
    this.psp = psp;
    this.forced = forced;
    var options =
        new CircuitBreakerOptions()
            .setMaxFailures(settings.maxFailures())
            .setFailuresRollingWindow(settings.failureWindow().toMillis())
            .setTimeout(settings.timeout().toMillis())
            .setResetTimeout(settings.resetTimeout().toMillis())
            .setFallbackOnFailure(false)
            .setMaxRetries(0);
    for (OperationKind kind : OperationKind.values()) {
      breakers.put(
          kind, CircuitBreaker.create("psp-" + accountId + "-" + kind.wire(), vertx, options));
      inFlight.put(kind, new AtomicInteger());
    }
  }

  @Override
  public PspCall prepare(PspCommand command) {
    return psp.prepare(command);
  }

  @Override
  public Optional<PspCall> kept(PspCall call) {
    return psp.kept(call);
  }

  @Override
  public boolean recognizes(String token) {
    return psp.recognizes(token);
  }

  @Override
  public Optional<String> objection(String token, @Nullable String customerId) {
    return psp.objection(token, customerId);
  }

  @Override
  public Future<PspResult> send(Sending sending) {
    if (forcedOpen(sending.kind())) {
      return Future.succeededFuture(PspResult.notSent(sending, "breaker forced open"));
    }
    return breaker(sending.kind())
        .execute(() -> underWay(sending).compose(BreakerPsp::counted))
        .recover(failure -> resultOf(sending, failure));
  }

  private Future<PspResult> underWay(Sending sending) {
    AtomicInteger calls = of(inFlight, sending.kind());
    calls.incrementAndGet();
    Future<PspResult> result;
    try {
      result = psp.send(sending);
    } catch (RuntimeException e) {
      result = Future.failedFuture(e);
    }
    return result.andThen((ignored, failure) -> calls.decrementAndGet());
  }

  @Override
  public Future<PspResult> lookup(Sending sending) {
    return psp.lookup(sending);
  }

  @Override
  public boolean showsState() {
    return psp.showsState();
  }

  @Override
  public boolean authorizesOnlyByOurWord() {
    return psp.authorizesOnlyByOurWord();
  }

  @Override
  public Set<String> returnParameters() {
    return psp.returnParameters();
  }

  @Override
  public Duration idempotencyLifetime() {
    return psp.idempotencyLifetime();
  }

  /** The state of one kind's breaker, as the PSP's answers brought it there. */
  public CircuitBreakerState state(OperationKind kind) {
    return breaker(kind).state();
  }

  /** Whether an operator keeps one kind's breaker open. */
  public boolean forcedOpen(OperationKind kind) {
    return forced.open(accountId, kind);
  }

  /**
   * Whether a call of this kind would be let through now, for routing. Half-open, the one call that
   * tries is enough: what comes beside it would only be refused.
   */
  public boolean takes(OperationKind kind) {
    return !forcedOpen(kind)
        && switch (state(kind)) {
          case CLOSED -> true;
          case HALF_OPEN -> of(inFlight, kind).get() == 0;
          case OPEN -> false;
        };
  }

  private CircuitBreaker breaker(OperationKind kind) {
    return of(breakers, kind);
  }

  private static <T> T of(Map<OperationKind, T> all, OperationKind kind) {
    T one = all.get(kind);
    if (one == null) {
      throw new IllegalStateException("no breaker for " + kind);
    }
    return one;
  }

  /** The breaker counts failed futures, so a result that speaks against the PSP becomes one. */
  private static Future<PspResult> counted(PspResult result) {
    return speaksAgainstThePsp(result)
        ? Future.failedFuture(new CountedResult(result))
        : Future.succeededFuture(result);
  }

  private static boolean speaksAgainstThePsp(PspResult result) {
    return switch (result) {
      case PspResult.NotSent notSent -> true;
      case Unknown unknown ->
          switch (unknown.reason()) {
            // NOT_ASKED from below is a repeat that found no connection: see PspResult.notSent.
            case TIMEOUT,
                CONNECTION_LOST,
                PSP_ERROR,
                RATE_LIMITED,
                NOT_ASKED,
                UNAUTHORIZED,
                GARBLED ->
                true;
            case IN_PROGRESS, NOT_FOUND, UNREADABLE, UNKNOWN_STATUS, REFUSED_AGAIN -> false;
          };
      case PspResult.Approved approved -> false;
      case PspResult.Declined declined -> declined.decline().code() == DeclineCode.KEY_REFUSED;
      case PspResult.ActionRequired actionRequired -> false;
      case PspResult.Accepted accepted -> false;
    };
  }

  private static Future<PspResult> resultOf(Sending sending, Throwable failure) {
    return switch (failure) {
      case CountedResult counted -> Future.succeededFuture(counted.result);
      case OpenCircuitException open ->
          Future.succeededFuture(PspResult.notSent(sending, "breaker open"));
      case TimeoutException timeout ->
          Future.succeededFuture(
              new Unknown(UnknownReason.TIMEOUT, "no result within the breaker's timeout"));
      default -> Future.failedFuture(failure);
    };
  }

  /** Carries a result through the breaker as a failure; never leaves this class. */
  private static final class CountedResult extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient PspResult result;

    CountedResult(PspResult result) {
      super(null, null, false, false);
      this.result = result;
    }
  }
}
