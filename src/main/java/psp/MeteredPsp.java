package psp;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import payments.DeclineCode;
import payments.OperationKind;

/** Times every call to one PSP account by kind and result. Ids are never labels. */
public final class MeteredPsp implements Psp {
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(2),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(20)
  };

  private final MeterRegistry registry;
  private final String accountId;
  private final Psp psp;
  private final Map<String, LongAdder> results = new ConcurrentHashMap<>();

  /** Finding a timer in the registry takes building its whole name: too much for every call. */
  private final Map<Meter, Timer> timers = new ConcurrentHashMap<>();

  private record Meter(String name, OperationKind kind, String result) {}

  public MeteredPsp(MeterRegistry registry, String accountId, Psp psp) {
    this.registry = registry;
    this.accountId = accountId;
    this.psp = psp;
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
    Timer.Sample sample = Timer.start(registry);
    return psp.send(sending)
        .andThen(
            (result, failure) -> {
              results.computeIfAbsent(label(result), ignored -> new LongAdder()).increment();
              stop(sample, "sluice.psp.send", sending, result);
            });
  }

  @Override
  public Future<PspResult> lookup(Sending sending) {
    Timer.Sample sample = Timer.start(registry);
    return psp.lookup(sending)
        .andThen((result, failure) -> stop(sample, "sluice.psp.lookup", sending, result));
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

  /** How the sendings of this process ended so far, by the results' labels. */
  public Map<String, Long> results() {
    var counts = new TreeMap<String, Long>();
    results.forEach((label, count) -> counts.put(label, count.sum()));
    return counts;
  }

  private void stop(Timer.Sample sample, String name, Sending sending, @Nullable PspResult result) {
    sample.stop(
        timers.computeIfAbsent(new Meter(name, sending.kind(), label(result)), this::timer));
  }

  private Timer timer(Meter meter) {
    return Timer.builder(meter.name)
        .tag("account", accountId)
        .tag("kind", meter.kind.wire())
        .tag("result", meter.result)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  /** A result's label: its name, with the reason where it is unknown. */
  static String label(@Nullable PspResult result) {
    return switch (result) {
      case null -> "broken";
      case PspResult.Approved approved -> "approved";
      case PspResult.Declined declined ->
          declined.decline().code() == DeclineCode.KEY_REFUSED ? "key_refused" : "declined";
      case PspResult.ActionRequired actionRequired -> "action_required";
      case PspResult.Accepted accepted -> "accepted";
      case PspResult.Unknown unknown ->
          "unknown_" + unknown.reason().name().toLowerCase(Locale.ROOT);
      case PspResult.NotSent notSent -> "not_sent";
    };
  }
}
