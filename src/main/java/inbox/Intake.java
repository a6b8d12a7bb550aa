package inbox;

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

  private final Function<Arrival, Future<Stored>> insert;
  private final Runnable wake;

  /**
   * An intake into an inbox.
   *
   * @param insert stores one event; done when it is durable
   * @param wake told that there is something to work
   */
  public Intake(Function<Arrival, Future<Stored>> insert, Runnable wake) {
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
   */
  public record Kept(int fresh, int known) implements Outcome {}

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
                            item.body())))
            .toList();
    return Future.join(stored)
        .<Outcome>map(
            all -> {
              int fresh = (int) stored.stream().filter(each -> each.result() == Stored.NEW).count();
              if (fresh > 0) {
                wake.run();
              }
              return new Kept(fresh, items.size() - fresh);
            })
        .recover(cause -> notKept(accountId, cause));
  }

  private static Future<Outcome> notKept(String accountId, Throwable cause) {
    boolean passing =
        switch (cause) {
          case StoreException.Refused refused -> refused.passing() || refused.timedOut();
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
