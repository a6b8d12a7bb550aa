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
import payments.OperationKind;
import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;

/**
 * Stops sending to a PSP account that does not answer: one circuit breaker per kind of operation,
 * since a PSP that cannot refund may well authorize. Declines and everything else the PSP says in
 * good health never open it. Look-ups pass by it: they are how doubts are settled, and have their
 * own limit in the bulkhead.
 *
 * <p>The breaker's success resets its count, so it opens on failures in a row: under load a PSP
 * that fails one call in a hundred stays in use.
 */
public final class BreakerPsp implements Psp {
  private final Psp psp;
  private final Map<OperationKind, CircuitBreaker> breakers = new EnumMap<>(OperationKind.class);

  public BreakerPsp(Vertx vertx, String accountId, Psp psp, BreakerSettings settings) {
    this.psp = psp;
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
    }
  }

  @Override
  public PspCall prepare(PspCommand command) {
    return psp.prepare(command);
  }

  @Override
  public Future<PspResult> send(Sending sending) {
    return breaker(sending.kind())
        .execute(() -> psp.send(sending).compose(BreakerPsp::counted))
        .recover(failure -> resultOf(sending, failure));
  }

  @Override
  public Future<PspResult> lookup(Sending sending) {
    return psp.lookup(sending);
  }

  @Override
  public boolean returnsThroughUs() {
    return psp.returnsThroughUs();
  }

  @Override
  public Duration idempotencyLifetime() {
    return psp.idempotencyLifetime();
  }

  /** The state of one kind's breaker, for metrics and routing. */
  public CircuitBreakerState state(OperationKind kind) {
    return breaker(kind).state();
  }

  private CircuitBreaker breaker(OperationKind kind) {
    CircuitBreaker breaker = breakers.get(kind);
    if (breaker == null) {
      throw new IllegalStateException("no breaker for " + kind);
    }
    return breaker;
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
            case TIMEOUT, CONNECTION_LOST, PSP_ERROR, RATE_LIMITED, NOT_ASKED -> true;
            case IN_PROGRESS, UNAUTHORIZED, NOT_FOUND, UNREADABLE -> false;
          };
      case PspResult.Approved approved -> false;
      case PspResult.Declined declined -> false;
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
