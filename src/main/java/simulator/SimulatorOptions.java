package simulator;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import simulator.webhooks.WebhookOptions;

/**
 * Settings of one simulator.
 *
 * @param port 0 for a free one
 * @param latency what every call takes
 * @param seed for faults that come by rate
 * @param journal file that keeps the simulated state over restarts; null for none
 * @param secretKeys the keys that are accepted; empty for every {@code sk_test_...} at Stripe and
 *     every {@code adyen_test_...} at Adyen
 * @param clock for object times and the life of idempotency keys
 * @param searchLag how long objects stay invisible to searches, as with the real thing; reads by id
 *     see everything at once
 * @param settlementEvery how often open refunds settle by themselves; null for only when told to
 * @param keptCalls how many calls the log remembers
 * @param keptAnswers how many idempotent answers are remembered per account; beyond, the oldest are
 *     forgotten before their time
 * @param webhooks where events are sent, and how
 */
public record SimulatorOptions(
    String host,
    int port,
    Latency latency,
    long seed,
    @Nullable Path journal,
    Set<String> secretKeys,
    InstantSource clock,
    Duration searchLag,
    @Nullable Duration settlementEvery,
    int keptCalls,
    int keptAnswers,
    WebhookOptions webhooks) {

  public static SimulatorOptions defaults() {
    return new SimulatorOptions(
        "127.0.0.1",
        0,
        Latency.NONE,
        1,
        null,
        Set.of(),
        InstantSource.system(),
        Duration.ZERO,
        null,
        10_000,
        200_000,
        WebhookOptions.defaults());
  }

  public SimulatorOptions withHost(String value) {
    return new SimulatorOptions(
        value,
        port,
        latency,
        seed,
        journal,
        secretKeys,
        clock,
        searchLag,
        settlementEvery,
        keptCalls,
        keptAnswers,
        webhooks);
  }

  public SimulatorOptions withPort(int value) {
    return new SimulatorOptions(
        host,
        value,
        latency,
        seed,
        journal,
        secretKeys,
        clock,
        searchLag,
        settlementEvery,
        keptCalls,
        keptAnswers,
        webhooks);
  }

  public SimulatorOptions withLatency(Latency value) {
    return new SimulatorOptions(
        host,
        port,
        value,
        seed,
        journal,
        secretKeys,
        clock,
        searchLag,
        settlementEvery,
        keptCalls,
        keptAnswers,
        webhooks);
  }

  public SimulatorOptions withSeed(long value) {
    return new SimulatorOptions(
        host,
        port,
        latency,
        value,
        journal,
        secretKeys,
        clock,
        searchLag,
        settlementEvery,
        keptCalls,
        keptAnswers,
        webhooks);
  }

  public SimulatorOptions withJournal(@Nullable Path value) {
    return new SimulatorOptions(
        host,
        port,
        latency,
        seed,
        value,
        secretKeys,
        clock,
        searchLag,
        settlementEvery,
        keptCalls,
        keptAnswers,
        webhooks);
  }

  public SimulatorOptions withSecretKeys(Set<String> value) {
    return new SimulatorOptions(
        host,
        port,
        latency,
        seed,
        journal,
        Set.copyOf(value),
        clock,
        searchLag,
        settlementEvery,
        keptCalls,
        keptAnswers,
        webhooks);
  }

  public SimulatorOptions withClock(InstantSource value) {
    return new SimulatorOptions(
        host,
        port,
        latency,
        seed,
        journal,
        secretKeys,
        value,
        searchLag,
        settlementEvery,
        keptCalls,
        keptAnswers,
        webhooks);
  }

  public SimulatorOptions withSearchLag(Duration value) {
    return new SimulatorOptions(
        host,
        port,
        latency,
        seed,
        journal,
        secretKeys,
        clock,
        value,
        settlementEvery,
        keptCalls,
        keptAnswers,
        webhooks);
  }

  public SimulatorOptions withSettlementEvery(@Nullable Duration value) {
    return new SimulatorOptions(
        host,
        port,
        latency,
        seed,
        journal,
        secretKeys,
        clock,
        searchLag,
        value,
        keptCalls,
        keptAnswers,
        webhooks);
  }

  public SimulatorOptions withKept(int calls, int answers) {
    return new SimulatorOptions(
        host,
        port,
        latency,
        seed,
        journal,
        secretKeys,
        clock,
        searchLag,
        settlementEvery,
        calls,
        answers,
        webhooks);
  }

  public SimulatorOptions withWebhooks(WebhookOptions value) {
    return new SimulatorOptions(
        host,
        port,
        latency,
        seed,
        journal,
        secretKeys,
        clock,
        searchLag,
        settlementEvery,
        keptCalls,
        keptAnswers,
        value);
  }
}
