package store;

import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.Delivery;
import payments.OperatorOutcome;
import payments.OperatorOutcome.Why;
import payments.OperatorRequest;
import payments.Parameters;
import store.Deliveries.Filter;
import store.OperatorActions.Effect;

/**
 * Operators have deliveries sent again and turn webhook endpoints on and off, each time with a row
 * in the audit log.
 */
public final class DeliveryActions {
  private static final String DISABLED_REASON = "disabled by an operator";

  private final OperatorActions actions;

  public DeliveryActions(OperatorActions actions) {
    this.actions = actions;
  }

  /** Sends one again, unless it is being sent anyway. */
  public Future<OperatorOutcome> resend(
      OperatorRequest request, String merchantId, UUID endpointId, UUID eventId) {
    return actions.perform(
        request,
        sql ->
            Deliveries.resend(sql, merchantId, endpointId, eventId)
                .compose(
                    done ->
                        done
                            ? Future.succeededFuture(
                                new Effect.Made(new Parameters(Map.of("resent", 1L))))
                            : Deliveries.status(sql, merchantId, endpointId, eventId)
                                .map(
                                    status ->
                                        missing(status, "delivery", "it is being sent anyway"))));
  }

  /** Sends again those with a status, oldest first; the result says how many are left. */
  public Future<OperatorOutcome> resendMany(
      OperatorRequest request, Filter filter, Delivery.Status status, int atMost) {
    return actions.perform(
        request,
        sql ->
            Deliveries.resendMany(sql, filter, status, atMost)
                .compose(
                    resent ->
                        Deliveries.resendable(sql, filter, status)
                            .map(
                                left ->
                                    new Effect.Made(
                                        new Parameters(
                                            Map.of("resent", (long) resent, "left", left))))));
  }

  /** Lets events go to an endpoint again; what was given up is sent again only when asked for. */
  public Future<OperatorOutcome> enable(
      OperatorRequest request, String merchantId, UUID endpointId) {
    return turn(request, merchantId, endpointId, "enabled", null);
  }

  /** Stops deliveries to an endpoint: what waits is kept, and new events are not for it. */
  public Future<OperatorOutcome> disable(
      OperatorRequest request, String merchantId, UUID endpointId) {
    return turn(request, merchantId, endpointId, "disabled", DISABLED_REASON);
  }

  private Future<OperatorOutcome> turn(
      OperatorRequest request,
      String merchantId,
      UUID endpointId,
      String status,
      @Nullable String reason) {
    return actions.perform(
        request,
        sql ->
            WebhookEndpoints.turn(sql, merchantId, endpointId, status, reason)
                .compose(
                    url ->
                        url.isPresent()
                            ? Future.succeededFuture(
                                new Effect.Made(
                                    new Parameters(Map.of("status", status, "url", url.get()))))
                            : WebhookEndpoints.status(sql, merchantId, endpointId)
                                .map(
                                    now ->
                                        missing(now, "endpoint", "it is " + status + " already"))));
  }

  private static Effect missing(Optional<String> status, String what, String otherwise) {
    return status.isEmpty()
        ? Effect.refused(Why.NOT_FOUND, "there is no such " + what)
        : Effect.refused(Why.STATE, otherwise);
  }
}
