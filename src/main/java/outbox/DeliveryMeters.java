package outbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import outbox.PostOutcome.Kind;
import payments.Delivery;
import store.DeliveryQueue.Backlog;

/** The meters of deliveries, by what became of them; never by endpoint or merchant. */
public final class DeliveryMeters {
  private static final Duration[] BUCKETS =
      java.util.stream.LongStream.of(10, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  private volatile Backlog backlog = new Backlog(0, 0);

  public DeliveryMeters(MeterRegistry registry) {
    this.registry = registry;
    for (Kind kind : Kind.values()) {
      attempts(kind);
    }
    for (Delivery.Status status : Delivery.Status.values()) {
      if (status != Delivery.Status.PENDING) {
        ended(status);
      }
    }
    disabled();
    Gauge.builder("sluice.deliveries.pending", () -> backlog.pending())
        .description("Deliveries that wait for enabled endpoints of this node's lanes")
        .register(registry);
    Gauge.builder("sluice.deliveries.oldest", () -> backlog.oldestSeconds())
        .description("For how long the oldest of them has waited")
        .baseUnit("seconds")
        .register(registry);
  }

  void attempted(Kind kind, Duration took) {
    attempts(kind).record(took);
  }

  void recorded(Delivery.Status status) {
    if (status != Delivery.Status.PENDING) {
      ended(status).increment();
    }
  }

  void endpointDisabled() {
    disabled().increment();
  }

  void backlog(Backlog now) {
    backlog = now;
  }

  private Timer attempts(Kind kind) {
    return Timer.builder("sluice.deliveries.attempts")
        .description("Attempts to deliver an event to an endpoint")
        .tag("outcome", kind.name().toLowerCase(Locale.ROOT))
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  private Counter ended(Delivery.Status status) {
    return Counter.builder("sluice.deliveries")
        .description("Deliveries that came to their end")
        .tag("result", status.wire())
        .register(registry);
  }

  private Counter disabled() {
    return Counter.builder("sluice.webhook.endpoints.disabled")
        .description("Endpoints that were disabled because everything sent to them failed")
        .register(registry);
  }
}
