package config;

/**
 * The share of each PSP account, so that a hanging one cannot take what the others need.
 *
 * @param maxConcurrent calls in flight
 * @param maxWaiting calls that may wait for a place; more are refused at once
 */
public record BulkheadSettings(
    @Default("256") @Range(min = 1, max = 100_000) int maxConcurrent,
    @Default("256") @Range(min = 0, max = 100_000) int maxWaiting) {}
