package config;

import java.time.Duration;

/**
 * How state changes get their place in the event log.
 *
 * @param pollInterval how often new ones are looked for, where nothing wakes the outbox earlier
 * @param batchSize changes moved at once
 * @param retention how long events are kept
 */
public record OutboxSettings(
    @Default("200ms") Duration pollInterval,
    @Default("500") @Range(min = 1, max = 10_000) int batchSize,
    @Default("30d") Duration retention) {}
