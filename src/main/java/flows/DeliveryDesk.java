package flows;

import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.Delivery;
import payments.Listing;
import payments.OperatorOutcome;
import payments.OperatorRequest;
import payments.PublicId;
import payments.WebhookEndpoint;
import store.Deliveries;
import store.DeliveryActions;
import store.WebhookEndpoints;

/** Deliveries to merchants and their endpoints, as operators see them and deal with them. */
public final class DeliveryDesk {
  private final Deliveries deliveries;
  private final WebhookEndpoints endpoints;
  private final DeliveryActions actions;
  private final Runnable wake;

  /**
   * The desk.
   *
   * @param wake tells the deliveries of this node that there is something to do
   */
  public DeliveryDesk(
      Deliveries deliveries, WebhookEndpoints endpoints, DeliveryActions actions, Runnable wake) {
    this.deliveries = deliveries;
    this.endpoints = endpoints;
    this.actions = actions;
    this.wake = wake;
  }

  /** Which deliveries; null is no condition. */
  public record Filter(
      @Nullable String merchantId,
      @Nullable UUID endpointId,
      @Nullable UUID eventId,
      @Nullable UUID paymentId,
      Listing.Span span,
      @Nullable Integer lastStatus,
      @Nullable String errorPrefix) {
    Deliveries.Filter stored() {
      return new Deliveries.Filter(
          merchantId,
          endpointId,
          eventId,
          paymentId,
          span.from(),
          span.to(),
          lastStatus,
          errorPrefix);
    }
  }

  /** Deliveries, newest first. */
  public Future<Listing.Rows<Delivery>> list(
      Filter filter, Delivery.@Nullable Status status, Listing.Page page) {
    return deliveries
        .list(filter.stored(), status, after(page.after()), page.limit() + 1)
        .map(
            rows -> {
              if (rows.size() <= page.limit()) {
                return new Listing.Rows<>(rows, null);
              }
              List<Delivery> shown = rows.subList(0, page.limit());
              return new Listing.Rows<>(shown, place(shown.getLast()));
            });
  }

  private static Listing.Place place(Delivery delivery) {
    return new Listing.Place(
        delivery.createdAt(),
        PublicId.digits(delivery.eventId()) + PublicId.digits(delivery.endpointId()));
  }

  /** Where a page begins is known by a delivery's time and ids alone. */
  private static @Nullable Delivery after(Listing.@Nullable Place place) {
    if (place == null) {
      return null;
    }
    int half = place.key().length() / 2;
    UUID none = new UUID(0, 0);
    return new Delivery(
        "",
        PublicId.parseDigits(place.key().substring(half)).orElse(none),
        PublicId.parseDigits(place.key().substring(0, half)).orElse(none),
        null,
        null,
        Delivery.Status.PENDING,
        0,
        null,
        null,
        null,
        place.at(),
        null,
        null);
  }

  /** All merchants' webhook endpoints, newest first. */
  public Future<Listing.Rows<WebhookEndpoint>> endpoints(
      @Nullable String merchantId, @Nullable String status, Listing.Page page) {
    return endpoints.listAll(merchantId, status, page);
  }

  /** Sends one again, unless it is being sent anyway. */
  public Future<OperatorOutcome> resend(
      OperatorRequest request, String merchantId, UUID endpointId, UUID eventId) {
    return actions.resend(request, merchantId, endpointId, eventId).onSuccess(this::woken);
  }

  /** Sends again those with a status, oldest first. */
  public Future<OperatorOutcome> resendMany(
      OperatorRequest request, Filter filter, Delivery.Status status, int atMost) {
    return actions.resendMany(request, filter.stored(), status, atMost).onSuccess(this::woken);
  }

  /** How many {@link #resendMany} would send again, were it without a bound. */
  public Future<Long> resendable(Filter filter, Delivery.Status status) {
    return deliveries.resendable(filter.stored(), status);
  }

  /** Lets events go to an endpoint again. */
  public Future<OperatorOutcome> enable(
      OperatorRequest request, String merchantId, UUID endpointId) {
    return actions.enable(request, merchantId, endpointId).onSuccess(this::woken);
  }

  /** Stops deliveries to an endpoint. */
  public Future<OperatorOutcome> disable(
      OperatorRequest request, String merchantId, UUID endpointId) {
    return actions.disable(request, merchantId, endpointId);
  }

  private void woken(OperatorOutcome outcome) {
    if (outcome instanceof OperatorOutcome.Done) {
      wake.run();
    }
  }
}
