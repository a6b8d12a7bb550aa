package outbox;

import flows.EndpointSecrets;
import flows.EventBodies;
import flows.SecretBox;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import outbox.PostOutcome.Kind;
import payments.Delivery;
import payments.PublicId;
import payments.WebhookEndpoint;
import store.DeliveryQueue;
import store.DeliveryQueue.Result;
import store.MerchantEvents;

/**
 * Delivers what is due to the webhook endpoints of this node's lanes. A round claims and starts;
 * what is in flight ends by itself and makes place for more. Belongs to one event loop.
 */
public final class Deliverer {
  private static final Logger LOG = LoggerFactory.getLogger(Deliverer.class);

  /** Endpoints that one round looks at; with more of them a round goes on where one ended. */
  private static final int ENDPOINTS_A_ROUND = 500;

  private final Parts parts;
  private final Options options;
  private final Supplier<List<Integer>> lanes;
  private final Places places;
  private final Rotation rotation = new Rotation(ENDPOINTS_A_ROUND);

  /** Whether something has to wait for a place: then what ends wakes whoever runs the rounds. */
  private boolean limited;

  private boolean limitedAround;
  private boolean stopped;
  private Runnable wake = () -> {};
  private @Nullable Promise<Void> drained;

  /** What deliveries are made over. */
  public record Parts(
      DeliveryQueue queue,
      EventBodies bodies,
      EndpointSecrets secrets,
      WebhookClient client,
      DeliveryMeters meters,
      Clock clock,
      RandomGenerator random) {}

  /**
   * How deliveries are made.
   *
   * @param maxConcurrent in flight on this node
   * @param maxPerEndpoint in flight to one endpoint
   * @param claim after how long a delivery is due again that a crash left in flight: longer than an
   *     attempt may take
   */
  public record Options(int maxConcurrent, int maxPerEndpoint, Duration claim, RetryPlan retries) {}

  private record Sending(Delivery delivery, WebhookEndpoint endpoint, long startedAt) {}

  public Deliverer(Parts parts, Options options, Supplier<List<Integer>> lanes) {
    this.parts = parts;
    this.options = options;
    this.lanes = lanes;
    this.places = new Places(options.maxConcurrent, options.maxPerEndpoint);
  }

  /** Calls this when there is place for what had to wait. */
  public void onPlace(Runnable wakeUp) {
    wake = wakeUp;
  }

  /** Claims what is due and begins to send it; whether there may be more to do at once. */
  public Future<Boolean> round() {
    List<Integer> mine = lanes.get();
    if (mine.isEmpty() || places.isFull()) {
      limited = places.isFull();
      return Future.succeededFuture(false);
    }
    List<UUID> full = places.full();
    return parts
        .queue
        .waiting(mine, rotation.after(), full, ENDPOINTS_A_ROUND)
        .compose(waiting -> claim(waiting, full).map(claimed -> goOn(waiting, claimed)));
  }

  private boolean goOn(List<WebhookEndpoint> page, boolean claimed) {
    boolean more = rotation.goOn(page, claimed);
    if (!more) {
      limited = limitedAround;
      limitedAround = false;
    }
    return more;
  }

  private Future<Boolean> claim(List<WebhookEndpoint> waiting, List<UUID> full) {
    List<DeliveryQueue.Places> free = places.free(waiting, System.nanoTime());
    limitedAround |= !full.isEmpty() || free.size() < waiting.size();
    limited |= limitedAround;
    if (free.isEmpty()) {
      return Future.succeededFuture(false);
    }
    Map<UUID, WebhookEndpoint> endpoints = new HashMap<>();
    free.forEach(place -> endpoints.put(place.endpoint().id(), place.endpoint()));
    return parts
        .queue
        .claim(free, options.claim.toMillis())
        .map(
            claimed -> {
              long now = System.nanoTime();
              List<Sending> sendings =
                  claimed.stream()
                      .map(
                          delivery ->
                              new Sending(delivery, known(endpoints, delivery.endpointId()), now))
                      .toList();
              sendings.forEach(sending -> places.started(sending.endpoint, now));
              send(sendings);
              return !claimed.isEmpty();
            });
  }

  private static WebhookEndpoint known(Map<UUID, WebhookEndpoint> endpoints, UUID id) {
    WebhookEndpoint endpoint = endpoints.get(id);
    if (endpoint == null) {
      throw new IllegalStateException("claimed for an endpoint that was not asked for");
    }
    return endpoint;
  }

  private void send(List<Sending> sendings) {
    if (sendings.isEmpty()) {
      return;
    }
    List<MerchantEvents.Key> keys =
        sendings.stream().map(sending -> key(sending.delivery)).distinct().toList();
    parts
        .bodies
        .render(keys)
        .onSuccess(rendered -> sendings.forEach(sending -> send(sending, rendered)))
        .onFailure(
            cause -> {
              // The claims run out, and what they hold is due again.
              LOG.warn("{} deliveries were not sent: {}", sendings.size(), cause.toString());
              sendings.forEach(sending -> over(sending, null));
            });
  }

  private static MerchantEvents.Key key(Delivery delivery) {
    return new MerchantEvents.Key(delivery.merchantId(), delivery.eventId());
  }

  private void send(Sending sending, EventBodies.Rendered rendered) {
    MerchantEvents.Key key = key(sending.delivery);
    if (rendered.unread().contains(key)) {
      // Its claim runs out, and it is due again.
      over(sending, null);
      return;
    }
    String text = rendered.bodies().get(key);
    if (text == null) {
      boolean gone = !rendered.broken().contains(key);
      notSent(sending, gone ? "the event is no longer kept" : "the event cannot be rendered", gone);
      return;
    }
    Future<PostOutcome> posted;
    try {
      posted = post(sending, Buffer.buffer(text));
    } catch (SecretBox.Unreadable unreadable) {
      LOG.error("endpoint={} {}", sending.endpoint.publicId(), unreadable.getMessage(), unreadable);
      notSent(sending, "the endpoint's secret cannot be decrypted", false);
      return;
    } catch (RuntimeException broken) {
      // Whatever it is, it is this endpoint's: the others are sent to, and its place is given back.
      LOG.error("endpoint={} cannot be sent to", sending.endpoint.publicId(), broken);
      notSent(sending, "sending failed: " + broken.getClass().getSimpleName(), false);
      return;
    }
    posted.onSuccess(outcome -> ended(sending, outcome, false));
  }

  private Future<PostOutcome> post(Sending sending, Buffer body) {
    return parts.client.post(
        sending.endpoint.url(), headers(sending, body), body, sending.delivery.attempts() - 1);
  }

  private void notSent(Sending sending, String why, boolean last) {
    ended(sending, PostOutcome.failed(Kind.NOT_SENT, null, why), last);
  }

  private Map<String, String> headers(Sending sending, Buffer body) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("Content-Type", "application/json; charset=utf-8");
    headers.put("Accept", "*/*");
    var now = parts.clock.instant();
    headers.put(
        "Stripe-Signature",
        Signature.header(now, body.getBytes(), parts.secrets.at(sending.endpoint, now)));
    UUID payment = sending.delivery.paymentId();
    Long sequence = sending.delivery.sequence();
    if (payment != null && sequence != null) {
      headers.put("Sluice-Payment", PublicId.PAYMENT.of(payment));
      headers.put("Sluice-Sequence", sequence.toString());
    }
    return headers;
  }

  /** What a stop cuts off says nothing of the endpoint: its claim runs out elsewhere. */
  private void ended(Sending sending, PostOutcome outcome, boolean last) {
    boolean delivered = outcome.error() == null;
    boolean ours = outcome.kind() == Kind.NOT_SENT;
    if (stopped && !delivered) {
      over(sending, null);
      return;
    }
    parts.meters.attempted(outcome.kind(), Duration.ofNanos(System.nanoTime() - sending.startedAt));
    Duration retryIn = options.retries.after(sending.delivery.attempts(), parts.random);
    parts
        .queue
        .record(
            new Result(
                sending.delivery,
                sending.endpoint.url(),
                outcome.status(),
                outcome.error(),
                ours,
                last,
                retryIn.toMillis(),
                options.retries.giveUpAfter().toMillis()))
        .onSuccess(status -> status.ifPresent(parts.meters::recorded))
        .onFailure(
            cause ->
                LOG.warn(
                    "event={} endpoint={} its outcome was not recorded, it will be sent again: {}",
                    PublicId.EVENT.of(sending.delivery.eventId()),
                    sending.endpoint.publicId(),
                    cause.toString()))
        .onComplete(ignored -> over(sending, ours ? null : delivered));
  }

  private void over(Sending sending, @Nullable Boolean delivered) {
    places.ended(sending.delivery.endpointId(), sending.startedAt, System.nanoTime(), delivered);
    Promise<Void> waiting = drained;
    if (waiting != null && places.inFlight() == 0) {
      waiting.tryComplete();
    }
    if (limited) {
      wake.run();
    }
  }

  /** How many are in flight. */
  int inFlight() {
    return places.inFlight();
  }

  /** Waits a moment for what is in flight, then cuts it off. Begins nothing: rounds have ended. */
  public Future<Void> stop(Duration patience) {
    Promise<Void> promise = Promise.promise();
    drained = promise;
    if (places.inFlight() == 0) {
      promise.complete();
    }
    return promise
        .future()
        .timeout(patience.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)
        .transform(
            ignored -> {
              stopped = true;
              return parts.client.close();
            });
  }
}
