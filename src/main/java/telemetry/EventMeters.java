package telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/** The meters of events on their way out, registered at start. */
public final class EventMeters {
  private final MeterRegistry registry;
  private final Counter relayed;
  private final Counter failures;
  private final Counter stuck;

  /** Registers the counters. */
  public EventMeters(MeterRegistry registry) {
    this.registry = registry;
    relayed =
        Counter.builder("sluice.kafka.events")
            .description("Events that Kafka acknowledged")
            .register(registry);
    failures =
        Counter.builder("sluice.kafka.failures")
            .description("Rounds of the relay in which Kafka did not take an event")
            .register(registry);
    stuck =
        Counter.builder("sluice.kafka.stuck")
            .description("Tries of a lane that stands still at an event that cannot be rendered")
            .register(registry);
  }

  /** So many events were acknowledged by Kafka. */
  public void relayed(int events) {
    relayed.increment(events);
  }

  /** Kafka did not take an event. */
  public void relayFailed() {
    failures.increment();
  }

  /** A lane stands still at an event that cannot be rendered. */
  public void relayStuck() {
    stuck.increment();
  }

  /** Shows how old the oldest event is that is still on its way out. */
  public void age(Supplier<Number> seconds) {
    Gauge.builder("sluice.outbox.age", seconds)
        .description("Age of the oldest state change that is still on its way out")
        .baseUnit("seconds")
        .register(registry);
  }

  /** Shows how many events have yet to pass a stage. */
  public void waiting(String stage, Supplier<Number> number) {
    Gauge.builder("sluice.outbox.waiting", number)
        .description("State changes that have yet to pass a stage on their way out")
        .tag("stage", stage)
        .register(registry);
  }
}
