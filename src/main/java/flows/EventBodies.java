package flows;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import store.MerchantEvents;
import store.MerchantEvents.Told;

/** Events as they are delivered: rendered when they are sent, from what was kept of the change. */
public final class EventBodies {
  private static final Logger LOG = LoggerFactory.getLogger(EventBodies.class);

  private final Services services;
  private final EventViews views;

  public EventBodies(Services services) {
    this.services = services;
    this.views = new EventViews(services);
  }

  /** The bodies of events; those that are no longer kept, or cannot be shown, are left out. */
  public Future<Map<MerchantEvents.Key, String>> render(List<MerchantEvents.Key> keys) {
    return services
        .webhooks()
        .events()
        .load(keys)
        .compose(
            all -> {
              Future<Map<MerchantEvents.Key, String>> bodies =
                  Future.succeededFuture(new HashMap<>());
              for (Told told : all) {
                bodies = bodies.compose(so -> add(so, told));
              }
              return bodies;
            });
  }

  private Future<Map<MerchantEvents.Key, String>> add(
      Map<MerchantEvents.Key, String> bodies, Told told) {
    return Future.succeededFuture(told)
        .compose(views::view)
        .map(view -> services.renderer().event(EventViews.context(told), view).body())
        .onSuccess(
            body ->
                bodies.put(
                    new MerchantEvents.Key(told.event().merchantId(), told.event().id()), body))
        .map(bodies)
        .recover(
            cause -> {
              if (cause instanceof store.StoreException) {
                return Future.failedFuture(cause);
              }
              LOG.error("event={} cannot be rendered", told.event().publicId(), cause);
              return Future.succeededFuture(bodies);
            });
  }
}
