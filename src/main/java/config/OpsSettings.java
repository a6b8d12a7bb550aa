package config;

import java.time.Duration;

/**
 * The management port: health, metrics, operator API. It has no login, so it is bound to loopback
 * unless somebody decides otherwise.
 *
 * @param checkTimeout how long one readiness check may take before it counts as failed
 * @param checkCache how long the result of a readiness check is kept
 */
public record OpsSettings(
    @Default("127.0.0.1") String host,
    @Default("9090") @Range(min = 0, max = 65_535) int port,
    @Default("2s") Duration checkTimeout,
    @Default("1s") @MayBeZero Duration checkCache) {}
