package inbox;

import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import psp.PspWebhooks.Item;
import store.Inbox.Arrival;
import store.Inbox.Stored;
import store.StoreException;

/** Takes what genuine webhooks tell into the inbox. */
public final class Intake {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

  private final Context context;
  private final Function<Arrival, Future<Stored>> insert;
  private final Runnable wake;
  private boolean waking;

  /**
   * An intake into an inbox.
   *
   * @param context on which everything here happens
   * @param insert stores one event; done when it is durable
   * @param wake told that there is something to work
   */
  public Intake(Context context, Function<Arrival, Future<Stored>> insert, Runnable wake) {
    this.context = context;
    this.insert = insert;
    this.wake = wake;
  }

  /** What became of a webhook's events. */
  public sealed interface Outcome {}

  /**
   * All of them are durable.
   *
   * @param fresh those that were not there before
   * @param known those that were
   * @param ignored those of the fresh ones that are of no consequence, and so at their end
   */
  public record Kept(int fresh, int known, int ignored) implements Outcome {}

  /** Some of them may not be there: the PSP has to tell them again. */
  public record NotKept() implements Outcome {}

  /** Stores a webhook's events. Fails only where telling them again would not help. */
  public Future<Outcome> keep(String merchantId, String accountId, List<Item> items) {
    List<Future<Stored>> stored =
        items.stream()
            .map(
                item ->
                    insert.apply(
                        new Arrival(
                            merchantId,
                            accountId,
                            item.name(),
                            item.type(),
                            item.subject(),
                            item.body(),
                            item.ignored())))
            .toList();
    return Future.join(stored)
        .<Outcome>map(ignored -> kept(items, stored))
        .recover(cause -> notKept(accountId, cause));
  }

  private Kept kept(List<Item> items, List<Future<Stored>> stored) {
    int fresh = 0;
    int ignored = 0;
    for (int at = 0; at < items.size(); at++) {
      if (stored.get(at).result() == Stored.NEW) {
        fresh++;
        ignored += items.get(at).ignored() == null ? 0 : 1;
      }
    }
    if (fresh > ignored && !waking) {
      wakeSoon();
    }
    return new Kept(fresh, items.size() - fresh, ignored);
  }

  /** Once for all that were stored together: they are told of one after the other. */
  private void wakeSoon() {
    waking = true;
    context.runOnContext(
        ignored -> {
          waking = false;
          wake.run();
        });
  }

  private static Future<Outcome> notKept(String accountId, Throwable cause) {
    boolean passing =
        switch (cause) {
          case StoreException.Refused refused -> refused.passing() || refused.unwell();
          case StoreException ignored -> true;
          default -> false;
        };
    if (!passing) {
      return Future.failedFuture(cause);
    }
    LOG.warn("webhook not stored account={} cause={}", accountId, cause.getMessage());
    return Future.succeededFuture(new NotKept());
  }
}
