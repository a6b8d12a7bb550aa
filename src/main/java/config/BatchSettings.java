package config;

/**
 * Natural batching: what arrives while a statement is in flight goes together with the next one.
 *
 * @param connections connections per batched step
 * @param maxRows rows in one statement
 * @param maxWaiting rows that may wait; more are refused at once
 */
public record BatchSettings(
    @Default("2") @Range(min = 1, max = 64) int connections,
    @Default("256") @Range(min = 1, max = 10_000) int maxRows,
    @Default("4096") @Range(min = 1, max = 1_000_000) int maxWaiting) {}
