package config;

import java.time.Duration;

/**
 * How far a checkout goes to find an account that takes the payment.
 *
 * @param maxAttempts accounts that are asked at most
 * @param timeLimit the whole checkout; another account is asked only where its answer can come
 *     within it, so this less {@code timeouts.breaker} is how late a second one may begin; counted
 *     from the command's arrival, whose sender waits {@code timeouts.event-bus-reply}
 */
public record RoutingSettings(
    @Default("2") @Range(min = 1, max = 5) int maxAttempts, @Default("27s") Duration timeLimit) {}
