package psp;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.core.Vertx;
import java.util.Map;
import payments.OperationKind;

/**
 * A PSP account behind its decorators, with what they know of its health. One per account and
 * process: all verticle instances share it.
 */
public final class AccountGuard {
  private final PspAccount account;
  private final BreakerPsp breaker;
  private final BulkheadPsp bulkhead;
  private final MeteredPsp meter;
  private final BulkheadSettings limits;

  /**
   * Puts an adapter behind its decorators. The order matters: the bulkhead stands outside the
   * breaker, so that its refusals, which are our own, never count against the PSP; the meter stands
   * outside both, so that refusals are seen.
   */
  public AccountGuard(
      Vertx vertx,
      MeterRegistry registry,
      PspAccount bare,
      BreakerSettings breakerSettings,
      BulkheadSettings bulkheadSettings,
      ForcedOpen forced) {
    breaker = new BreakerPsp(vertx, bare.id(), bare.psp(), breakerSettings, forced);
    bulkhead = new BulkheadPsp(breaker, bulkheadSettings);
    meter = new MeteredPsp(registry, bare.id(), bulkhead);
    limits = bulkheadSettings;
    account =
        new PspAccount(
            bare.id(), meter, new BulkheadVault(bare.vault(), bulkheadSettings), bare.webhooks());
    register(registry);
  }

  private void register(MeterRegistry registry) {
    for (OperationKind kind : OperationKind.values()) {
      Gauge.builder("sluice.psp.breaker.state", breaker, self -> level(self.state(kind)))
          .description("0 closed, 1 half-open, 2 open")
          .tag("account", account.id())
          .tag("kind", kind.wire())
          .strongReference(true)
          .register(registry);
      Gauge.builder("sluice.psp.breaker.forced", breaker, self -> self.forcedOpen(kind) ? 1 : 0)
          .description("1 while an operator keeps it open")
          .tag("account", account.id())
          .tag("kind", kind.wire())
          .strongReference(true)
          .register(registry);
    }
    Gauge.builder("sluice.psp.calls", bulkhead, BulkheadPsp::sends)
        .description("Calls in flight to a PSP account")
        .tag("account", account.id())
        .tag("sort", "send")
        .strongReference(true)
        .register(registry);
    Gauge.builder("sluice.psp.calls", bulkhead, BulkheadPsp::lookups)
        .description("Calls in flight to a PSP account")
        .tag("account", account.id())
        .tag("sort", "lookup")
        .strongReference(true)
        .register(registry);
  }

  /** The account as everyone uses it. */
  public PspAccount account() {
    return account;
  }

  /** Whether a call of this kind would be let through now. */
  public boolean takes(OperationKind kind) {
    return breaker.takes(kind);
  }

  /** Whether an operator keeps this kind's breaker open. */
  public boolean forcedOpen(OperationKind kind) {
    return breaker.forcedOpen(kind);
  }

  public CircuitBreakerState state(OperationKind kind) {
    return breaker.state(kind);
  }

  /** Sends in flight. */
  public int sends() {
    return bulkhead.sends();
  }

  /** Look-ups in flight. */
  public int lookups() {
    return bulkhead.lookups();
  }

  public BulkheadSettings limits() {
    return limits;
  }

  /** How the sendings of this process ended so far. */
  public Map<String, Long> results() {
    return meter.results();
  }

  private static int level(CircuitBreakerState state) {
    return switch (state) {
      case CLOSED -> 0;
      case HALF_OPEN -> 1;
      case OPEN -> 2;
    };
  }
}
