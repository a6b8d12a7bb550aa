package flows;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import payments.Answer;
import payments.Command;
import payments.Command.Paged;
import payments.PublicId;
import payments.Refusal;
import payments.RequestContext;
import store.MerchantEvents;
import store.MerchantEvents.Told;
import store.StoreException;

/** Events: retrieve, list. */
final class EventFlows {
  private static final Logger LOG = LoggerFactory.getLogger(EventFlows.class);

  private final Services services;
  private final EventViews views;

  EventFlows(Services services) {
    this.services = services;
    this.views = new EventViews(services);
  }

  Future<Answer> retrieve(Command.RetrieveEvent command) {
    RequestContext context = command.context();
    return services
        .webhooks()
        .events()
        .find(context.merchantId(), context.livemode(), command.eventId(), keptSeconds())
        .map(
            found ->
                found.orElseThrow(
                    () ->
                        new Refused(
                            Refusal.of(
                                Refusal.Code.RESOURCE_MISSING,
                                "No such event: '" + PublicId.EVENT.of(command.eventId()) + "'",
                                "id"))))
        .compose(views::view)
        .map(view -> services.renderer().event(context, view));
  }

  Future<Answer> list(Command.ListEvents command) {
    RequestContext context = command.context();
    var filter = new MerchantEvents.Filter(command.types(), command.group(), command.delivered());
    var kept =
        new MerchantEvents.Kept(
            keptSeconds(), services.clock().instant().minus(services.webhooks().eventsSettle()));
    return services
        .webhooks()
        .events()
        .list(context.merchantId(), context.livemode(), command.page(), filter, kept)
        .compose(page -> all(page.items()).map(items -> new Paged<>(items, page.hasMore())))
        .map(page -> services.renderer().events(context, page));
  }

  private Future<List<EventView>> all(List<Told> page) {
    Future<List<EventView>> all = Future.succeededFuture(new ArrayList<>());
    for (Told told : page) {
      all = all.compose(shown -> add(shown, told));
    }
    return all;
  }

  /** One event that cannot be shown does not keep the others from being read. */
  private Future<List<EventView>> add(List<EventView> shown, Told told) {
    return Future.succeededFuture(told)
        .compose(views::view)
        .onSuccess(shown::add)
        .map(shown)
        .recover(
            cause -> {
              if (cause instanceof StoreException) {
                return Future.failedFuture(cause);
              }
              LOG.error("event={} cannot be shown", told.event().publicId(), cause);
              return Future.succeededFuture(shown);
            });
  }

  private long keptSeconds() {
    return services.webhooks().eventsKept().toSeconds();
  }
}
