package simulator.webhooks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Where events go, and how hard the simulator tries.
 *
 * @param endpoints at start; others can be named later
 * @param keptEvents how many events are remembered, for lists and for sending them again; 0 for
 *     none, and none are made for accounts without an endpoint
 * @param concurrency deliveries in flight at once; with 1 they arrive in order
 * @param mostOpen deliveries that wait or are in flight; more are given up at once, and counted
 * @param mostAttempts how often an event is sent before it is given up
 * @param firstBackoff before the second attempt; doubled for each further one
 * @param longestBackoff where the doubling ends
 * @param timeout how long a receiver may take
 */
public record WebhookOptions(
    List<WebhookEndpoint> endpoints,
    int keptEvents,
    int concurrency,
    int mostOpen,
    int mostAttempts,
    Duration firstBackoff,
    Duration longestBackoff,
    Duration timeout) {

  public WebhookOptions {
    endpoints = List.copyOf(endpoints);
  }

  public static WebhookOptions defaults() {
    return new WebhookOptions(
        List.of(),
        10_000,
        16,
        200_000,
        50,
        Duration.ofMillis(100),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10));
  }

  /** With one endpoint more. */
  public WebhookOptions withEndpoint(WebhookEndpoint endpoint) {
    List<WebhookEndpoint> all = new ArrayList<>(endpoints);
    all.add(endpoint);
    return new WebhookOptions(
        all,
        keptEvents,
        concurrency,
        mostOpen,
        mostAttempts,
        firstBackoff,
        longestBackoff,
        timeout);
  }

  public WebhookOptions withKeptEvents(int value) {
    return new WebhookOptions(
        endpoints,
        value,
        concurrency,
        mostOpen,
        mostAttempts,
        firstBackoff,
        longestBackoff,
        timeout);
  }

  public WebhookOptions withConcurrency(int value) {
    return new WebhookOptions(
        endpoints,
        keptEvents,
        value,
        mostOpen,
        mostAttempts,
        firstBackoff,
        longestBackoff,
        timeout);
  }

  public WebhookOptions withMostOpen(int value) {
    return new WebhookOptions(
        endpoints,
        keptEvents,
        concurrency,
        value,
        mostAttempts,
        firstBackoff,
        longestBackoff,
        timeout);
  }

  public WebhookOptions withAttempts(int most, Duration first, Duration longest) {
    return new WebhookOptions(
        endpoints, keptEvents, concurrency, mostOpen, most, first, longest, timeout);
  }

  public WebhookOptions withTimeout(Duration value) {
    return new WebhookOptions(
        endpoints,
        keptEvents,
        concurrency,
        mostOpen,
        mostAttempts,
        firstBackoff,
        longestBackoff,
        value);
  }
}
