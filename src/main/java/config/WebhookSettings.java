package config;

import java.time.Duration;

/**
 * The port that PSPs' webhooks come in on: their own, so that a storm of them does not slow the
 * merchants' API.
 *
 * @param port 0 takes any free port
 * @param instances servers that share the port
 * @param maxBodyBytes larger bodies are refused
 * @param maxConcurrent webhooks that are being stored at once; above it they are refused with 503,
 *     and the PSP sends them again
 * @param timeout how long storing one may take
 * @param tolerance how old a signature may be, and how far in the future
 * @param retention how long what came in is kept after it was worked
 */
public record WebhookSettings(
    @Default("0.0.0.0") String host,
    @Default("8081") @Range(min = 0, max = 65_535) int port,
    @Default("1") @Range(min = 1, max = 64) int instances,
    @Default("1048576") @Range(min = 1024, max = 16_777_216) int maxBodyBytes,
    @Default("2048") @Range(min = 1, max = 1_000_000) int maxConcurrent,
    @Default("10s") Duration timeout,
    @Default("5m") Duration tolerance,
    @Default("30d") Duration retention) {}
