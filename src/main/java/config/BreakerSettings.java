package config;

import java.time.Duration;

/**
 * The circuit breaker of each PSP account.
 *
 * @param maxFailures failures within {@code window} that open it; declines are not failures
 * @param resetAfter how long it stays open before one call is let through to try
 */
public record BreakerSettings(
    @Default("10") @Range(min = 1, max = 10_000) int maxFailures,
    @Default("10s") Duration window,
    @Default("5s") Duration resetAfter) {}
