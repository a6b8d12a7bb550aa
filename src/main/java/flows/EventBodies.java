package flows;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import store.MerchantEvents;
import store.MerchantEvents.Told;
import store.StoreException;

/** Events as they are delivered: rendered when they are sent, from what was kept of the change. */
public final class EventBodies {
  private static final Logger LOG = LoggerFactory.getLogger(EventBodies.class);

  private final Services services;
  private final EventViews views;

  public EventBodies(Services services) {
    this.services = services;
    this.views = new EventViews(services);
  }

  /**
   * What a rendering gave.
   *
   * @param broken those that cannot be shown, which is a fault of ours; what is in neither is no
   *     longer kept
   */
  public record Rendered(Map<MerchantEvents.Key, String> bodies, Set<MerchantEvents.Key> broken) {}

  /** The bodies of events. */
  public Future<Rendered> render(List<MerchantEvents.Key> keys) {
    return services
        .webhooks()
        .events()
        .load(keys)
        .compose(
            all -> {
              Future<Rendered> bodies =
                  Future.succeededFuture(new Rendered(new HashMap<>(), new HashSet<>()));
              for (Told told : all) {
                bodies = bodies.compose(so -> add(so, told));
              }
              return bodies;
            });
  }

  private Future<Rendered> add(Rendered rendered, Told told) {
    var key = new MerchantEvents.Key(told.event().merchantId(), told.event().id());
    return Future.succeededFuture(told)
        .compose(views::view)
        .map(view -> services.renderer().event(EventViews.context(told), view).body())
        .onSuccess(body -> rendered.bodies.put(key, body))
        .map(rendered)
        .recover(
            cause -> {
              if (cause instanceof StoreException) {
                return Future.failedFuture(cause);
              }
              LOG.error("event={} cannot be rendered", told.event().publicId(), cause);
              rendered.broken.add(key);
              return Future.succeededFuture(rendered);
            });
  }
}
