package outbox;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import payments.IdSource;
import payments.WebhookEndpoint;
import store.Deliveries;
import store.DeliveryQueue;
import store.MerchantEvents;
import store.Trimming;
import store.WebhookEndpoints;

/**
 * What is done now and then beside delivering: endpoints where everything fails are disabled, the
 * backlog is measured, old deliveries and events go.
 */
public final class EndpointCare {
  private static final Logger LOG = LoggerFactory.getLogger(EndpointCare.class);

  private final Parts parts;
  private final Supplier<List<Integer>> lanes;
  private final Duration giveUpAfter;
  private final Duration retention;
  private final Trimming trimmingDeliveries;
  private final Trimming trimmingEvents;

  /** What it is done over. */
  public record Parts(
      WebhookEndpoints endpoints,
      DeliveryQueue queue,
      Deliveries deliveries,
      MerchantEvents events,
      IdSource ids,
      DeliveryMeters meters) {}

  /**
   * Care for the endpoints of some lanes.
   *
   * @param giveUpAfter for how long everything may fail before an endpoint is disabled
   * @param retention how long deliveries and events are kept
   */
  public EndpointCare(
      Parts parts, Supplier<List<Integer>> lanes, Duration giveUpAfter, Duration retention) {
    this.parts = parts;
    this.lanes = lanes;
    this.giveUpAfter = giveUpAfter;
    this.retention = retention;
    this.trimmingDeliveries = new Trimming(lanes);
    this.trimmingEvents = new Trimming(lanes);
  }

  /** Disables the endpoints where everything has failed for too long; whether there were some. */
  public Future<Boolean> disableExhausted() {
    List<Integer> mine = lanes.get();
    if (mine.isEmpty()) {
      return Future.succeededFuture(false);
    }
    return parts
        .endpoints
        .exhausted(mine, giveUpAfter.toMillis())
        .compose(
            all -> {
              Future<Boolean> some = Future.succeededFuture(false);
              for (WebhookEndpoint endpoint : all) {
                some = some.compose(before -> disable(endpoint).map(now -> before || now));
              }
              return some;
            });
  }

  private Future<Boolean> disable(WebhookEndpoint endpoint) {
    String reason =
        "Everything sent to it has failed since " + endpoint.failingSince() + "; it was disabled.";
    return parts
        .endpoints
        .disable(endpoint, reason, parts.ids.next(), giveUpAfter.toMillis())
        .onSuccess(
            disabled -> {
              if (disabled) {
                parts.meters.endpointDisabled();
                LOG.warn(
                    "merchant={} endpoint={} disabled: everything has failed since {}",
                    endpoint.merchantId(),
                    endpoint.publicId(),
                    endpoint.failingSince());
              }
            });
  }

  /** Measures what waits. */
  public Future<Void> measure() {
    List<Integer> mine = lanes.get();
    if (mine.isEmpty()) {
      parts.meters.backlog(new DeliveryQueue.Backlog(0, 0));
      return Future.succeededFuture();
    }
    return parts.queue.backlog(mine).onSuccess(parts.meters::backlog).mapEmpty();
  }

  /** Deletes what is older than it is kept. */
  public Future<Void> trim() {
    long seconds = retention.toSeconds();
    return trimmingDeliveries
        .run(most -> parts.deliveries.trim(seconds, most))
        .compose(ignored -> trimmingEvents.run(most -> parts.events.trim(seconds, most)))
        .mapEmpty();
  }
}
