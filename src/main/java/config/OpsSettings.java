package config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The management port: health, metrics, operator API. Health and metrics have no login, so it is
 * bound to loopback unless somebody decides otherwise.
 *
 * @param checkTimeout how long one readiness check may take before it counts as failed
 * @param checkCache how long the result of a readiness check is kept
 * @param operatorToken what operators show to use the operator API; without it there is none
 */
public record OpsSettings(
    @Default("127.0.0.1") String host,
    @Default("9090") @Range(min = 0, max = 65_535) int port,
    @Default("2s") Duration checkTimeout,
    @Default("1s") @MayBeZero Duration checkCache,
    @Nullable Secret operatorToken) {}
