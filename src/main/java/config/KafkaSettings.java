package config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The Kafka cluster that the event log is relayed to.
 *
 * @param bootstrapServers host:port, separated by commas; without it nothing is relayed
 * @param topic where payment events go
 * @param batchSize events sent before their acknowledgements are awaited
 * @param deliveryTimeout how long the producer tries before a send counts as failed
 * @param retryDelay before the relay tries again what failed
 */
public record KafkaSettings(
    @Nullable String bootstrapServers,
    @Default("sluice.payments") String topic,
    @Default("500") @Range(min = 1, max = 10_000) int batchSize,
    @Default("10s") Duration deliveryTimeout,
    @Default("1s") Duration retryDelay) {}
