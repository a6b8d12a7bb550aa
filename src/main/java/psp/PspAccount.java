package psp;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.core.Vertx;
import payments.OperationKind;

/**
 * One PSP account as the rest of Sluice uses it: its money calls and its cards on file, each behind
 * its limits, and what it tells by webhook.
 */
public record PspAccount(String id, Psp psp, CardVault vault, PspWebhooks webhooks) {

  /**
   * Puts an adapter behind its decorators. The order matters: the bulkhead stands outside the
   * breaker, so that its refusals, which are our own, never count against the PSP; the meter stands
   * outside both, so that refusals are seen.
   */
  public static PspAccount guarded(
      Vertx vertx,
      MeterRegistry registry,
      PspAccount bare,
      BreakerSettings breakerSettings,
      BulkheadSettings bulkheadSettings) {
    var breaker = new BreakerPsp(vertx, bare.id(), bare.psp(), breakerSettings);
    for (OperationKind kind : OperationKind.values()) {
      Gauge.builder("sluice.psp.breaker.state", breaker, self -> level(self.state(kind)))
          .description("0 closed, 1 half-open, 2 open")
          .tag("account", bare.id())
          .tag("kind", kind.wire())
          .strongReference(true)
          .register(registry);
    }
    var bulkhead = new BulkheadPsp(breaker, bulkheadSettings);
    return new PspAccount(
        bare.id(),
        new MeteredPsp(registry, bare.id(), bulkhead),
        new BulkheadVault(bare.vault(), bulkheadSettings),
        bare.webhooks());
  }

  private static int level(CircuitBreakerState state) {
    return switch (state) {
      case CLOSED -> 0;
      case HALF_OPEN -> 1;
      case OPEN -> 2;
    };
  }
}
