package store;

import io.vertx.core.Future;
import java.util.Map;
import java.util.function.Function;
import payments.OperatorOutcome;
import payments.OperatorOutcome.Why;
import payments.OperatorRequest;
import payments.Parameters;
import store.InboxReview.Filter;
import store.OperatorActions.Effect;

/**
 * Operators have events of PSPs worked again, and close dead letters, each time with a row in the
 * audit log.
 */
public final class InboxReplays {
  private final InboxReview review;
  private final OperatorActions actions;

  public InboxReplays(InboxReview review, OperatorActions actions) {
    this.review = review;
    this.actions = actions;
  }

  /**
   * Has one event worked again.
   *
   * @param forced whatever its status
   */
  public Future<OperatorOutcome> one(
      OperatorRequest request, String merchantId, String accountId, String name, boolean forced) {
    return one(
        request,
        new Named(merchantId, accountId, name),
        "replayed",
        sql -> InboxReview.replay(sql, merchantId, accountId, name, forced),
        "it is worked again only with \"force\": true");
  }

  /** Ends a dead letter that somebody has seen to; the request's reason stays with it. */
  public Future<OperatorOutcome> closeOne(
      OperatorRequest request, String merchantId, String accountId, String name) {
    return one(
        request,
        new Named(merchantId, accountId, name),
        "closed",
        sql -> InboxReview.close(sql, merchantId, accountId, name, request.reason()),
        "only a dead letter is closed");
  }

  private record Named(String merchantId, String accountId, String name) {}

  /**
   * Changes one event.
   *
   * @param change whether it changed it
   * @param otherwise why not, where it stands otherwise
   */
  private Future<OperatorOutcome> one(
      OperatorRequest request,
      Named event,
      String result,
      Function<Sql, Future<Boolean>> change,
      String otherwise) {
    return review
        .find(event.merchantId, event.accountId, event.name)
        .compose(
            found ->
                actions.perform(
                    request,
                    sql ->
                        change
                            .apply(sql)
                            .map(
                                changed ->
                                    changed
                                        ? new Effect.Made(new Parameters(Map.of(result, 1L)))
                                        : found
                                            .map(it -> standing(it.event(), otherwise))
                                            .orElseGet(InboxReplays::unknown))));
  }

  private static Effect standing(InboxReview.Event event, String otherwise) {
    return Effect.refused(Why.STATE, "it is " + event.status().wire() + ": " + otherwise);
  }

  private static Effect unknown() {
    return Effect.refused(Why.NOT_FOUND, "there is no such event");
  }

  /** Has events worked again, oldest first, so many at most; the result says how many are left. */
  public Future<OperatorOutcome> many(OperatorRequest request, Filter filter, int atMost) {
    return many(request, filter, "replayed", sql -> InboxReview.replay(sql, filter, atMost));
  }

  /** Ends dead letters, oldest first, so many at most; the result says how many are left. */
  public Future<OperatorOutcome> closeMany(OperatorRequest request, Filter filter, int atMost) {
    return many(
        request, filter, "closed", sql -> InboxReview.close(sql, filter, atMost, request.reason()));
  }

  private Future<OperatorOutcome> many(
      OperatorRequest request,
      Filter filter,
      String result,
      Function<Sql, Future<Integer>> change) {
    return actions.perform(
        request,
        sql ->
            change
                .apply(sql)
                .compose(
                    changed ->
                        InboxReview.replayable(sql, filter)
                            .map(
                                left ->
                                    new Effect.Made(
                                        new Parameters(
                                            Map.of(result, (long) changed, "left", left))))));
  }
}
