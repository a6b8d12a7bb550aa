package flows;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.Listing;
import payments.OperatorOutcome;
import payments.OperatorRequest;
import store.Inbox;
import store.InboxReplays;
import store.InboxReview;

/** What PSPs told us, as operators see it, and having it worked again. */
public final class InboxDesk {
  private static final int GROUPS = 500;

  private final InboxReview review;
  private final InboxReplays replays;
  private final Runnable wake;

  /**
   * The desk.
   *
   * @param wake tells the inbox of this node that there is something to do
   */
  public InboxDesk(InboxReview review, InboxReplays replays, Runnable wake) {
    this.review = review;
    this.replays = replays;
    this.wake = wake;
  }

  /** Where an event stands, as {@link store.Inbox.Status} has it. */
  public enum Status {
    PENDING,
    PROCESSED,
    IGNORED,
    FOREIGN,
    DEAD;

    public String wire() {
      return stored().wire();
    }

    private Inbox.Status stored() {
      return Inbox.Status.valueOf(name());
    }
  }

  /** Which events; null is no condition. */
  public record Filter(
      @Nullable Status status,
      @Nullable String account,
      @Nullable String type,
      @Nullable String reasonPrefix,
      @Nullable UUID paymentId,
      Listing.Span span) {
    InboxReview.Filter stored() {
      return new InboxReview.Filter(
          status == null ? null : status.stored(),
          account,
          type,
          reasonPrefix,
          span.from(),
          span.to(),
          paymentId);
    }
  }

  /**
   * An event.
   *
   * @param dueAt when it is worked next; null where it is not pending
   * @param reason why it ended as it did, or why it is not done yet
   * @param body as the PSP sent it; null in lists
   */
  public record Event(
      String merchantId,
      String accountId,
      String name,
      String type,
      String status,
      int attempts,
      @Nullable Instant dueAt,
      @Nullable String reason,
      @Nullable UUID paymentId,
      Instant receivedAt,
      @Nullable Instant processedAt,
      @Nullable String body) {

    private static Event of(InboxReview.Event event, @Nullable String body) {
      return new Event(
          event.merchantId(),
          event.accountId(),
          event.name(),
          event.type(),
          event.status().wire(),
          event.attempts(),
          event.dueAt(),
          event.reason(),
          event.paymentId(),
          event.receivedAt(),
          event.processedAt(),
          body);
    }
  }

  /** How many dead letters there are of one account, type and reason. */
  public record DeadGroup(
      String merchantId,
      String accountId,
      String type,
      @Nullable String reason,
      long number,
      Instant oldest,
      Instant newest) {}

  /** Events, the latest first. */
  public Future<Listing.Rows<Event>> list(Filter filter, Listing.Page page) {
    return review
        .list(filter.stored(), true, place(page.after()), page.limit())
        .map(
            paged -> {
              var rows = paged.items().stream().map(event -> Event.of(event, null)).toList();
              return new Listing.Rows<>(
                  rows, paged.hasMore() ? place(paged.items().getLast().place()) : null);
            });
  }

  // The key of a place: account ids have no spaces.
  private static Listing.Place place(InboxReview.Place place) {
    return new Listing.Place(place.receivedAt(), place.accountId() + " " + place.name());
  }

  private static InboxReview.@Nullable Place place(Listing.@Nullable Place place) {
    if (place == null) {
      return null;
    }
    String[] key = place.key().split(" ", 2);
    return new InboxReview.Place(place.at(), key[0], key.length == 2 ? key[1] : "");
  }

  /** An event with its body. */
  public Future<Optional<Event>> find(String merchantId, String accountId, String name) {
    return review
        .find(merchantId, accountId, name)
        .map(found -> found.map(it -> Event.of(it.event(), it.body())));
  }

  /** Dead letters by what they are and why, the most frequent first. */
  public Future<List<DeadGroup>> deadLetters() {
    return review
        .deadGroups(GROUPS)
        .map(
            groups ->
                groups.stream()
                    .map(
                        it ->
                            new DeadGroup(
                                it.merchantId(),
                                it.accountId(),
                                it.type(),
                                it.reason(),
                                it.number(),
                                it.oldest(),
                                it.newest()))
                    .toList());
  }

  /**
   * Has one event worked again.
   *
   * @param forced also where it was processed, or waits for its next try
   */
  public Future<OperatorOutcome> replay(
      OperatorRequest request, String merchantId, String accountId, String name, boolean forced) {
    return replays.one(request, merchantId, accountId, name, forced).onSuccess(this::woken);
  }

  /** Has dead letters, foreign and ignored events worked again, oldest first. */
  public Future<OperatorOutcome> replay(OperatorRequest request, Filter filter, int atMost) {
    return replays.many(request, filter.stored(), atMost).onSuccess(this::woken);
  }

  /** Ends a dead letter that somebody has seen to: what it told is dealt with in another way. */
  public Future<OperatorOutcome> close(
      OperatorRequest request, String merchantId, String accountId, String name) {
    return replays.closeOne(request, merchantId, accountId, name);
  }

  /**
   * The same with many, oldest first.
   *
   * @param filter of dead letters
   */
  public Future<OperatorOutcome> close(OperatorRequest request, Filter filter, int atMost) {
    return replays.closeMany(request, filter.stored(), atMost);
  }

  /** How many events a replay would have worked again, were it without a bound. */
  public Future<Long> replayable(Filter filter) {
    return review.replayable(filter.stored());
  }

  private void woken(OperatorOutcome outcome) {
    if (outcome instanceof OperatorOutcome.Done) {
      wake.run();
    }
  }
}
