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

  /** Events that the database may fail to give before no more are asked for. */
  private static final int FAILURES_ALLOWED = 2;

  private final Services services;
  private final EventViews views;

  public EventBodies(Services services) {
    this.services = services;
    this.views = new EventViews(services);
  }

  /**
   * What a rendering gave. What is in none of these is no longer kept.
   *
   * @param broken those that cannot be shown, which is a fault of ours
   * @param unread those that the database did not give this time
   */
  public record Rendered(
      Map<MerchantEvents.Key, String> bodies,
      Set<MerchantEvents.Key> broken,
      Set<MerchantEvents.Key> unread) {}

  /** The bodies of events. */
  public Future<Rendered> render(List<MerchantEvents.Key> keys) {
    return services
        .webhooks()
        .events()
        .load(keys)
        .compose(
            all -> {
              Future<Rendered> bodies =
                  Future.succeededFuture(
                      new Rendered(new HashMap<>(), new HashSet<>(), new HashSet<>()));
              for (Told told : all) {
                bodies = bodies.compose(so -> add(so, told));
              }
              return bodies;
            });
  }

  private Future<Rendered> add(Rendered rendered, Told told) {
    var key = new MerchantEvents.Key(told.event().merchantId(), told.event().id());
    if (rendered.unread.size() >= FAILURES_ALLOWED) {
      // The database is away: asking for each of the rest would take as long again.
      rendered.unread.add(key);
      return Future.succeededFuture(rendered);
    }
    return Future.succeededFuture(told)
        .compose(views::view)
        .map(view -> services.renderer().event(EventViews.context(told), view).body())
        .onSuccess(body -> rendered.bodies.put(key, body))
        .map(rendered)
        .recover(
            cause -> {
              if (cause instanceof StoreException) {
                LOG.warn("event={} was not read: {}", told.event().publicId(), cause.toString());
                rendered.unread.add(key);
              } else {
                LOG.error("event={} cannot be rendered", told.event().publicId(), cause);
                rendered.broken.add(key);
              }
              return Future.succeededFuture(rendered);
            });
  }
}
