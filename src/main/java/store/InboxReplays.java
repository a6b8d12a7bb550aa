package store;

import io.vertx.core.Future;
import java.util.Map;
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
    return review
        .find(merchantId, accountId, name)
        .compose(
            found ->
                actions.perform(
                    request,
                    sql ->
                        InboxReview.replay(sql, merchantId, accountId, name, forced)
                            .map(
                                replayed ->
                                    replayed
                                        ? new Effect.Made(new Parameters(Map.of("replayed", 1L)))
                                        : found
                                            .map(it -> standing(it.event().status().wire()))
                                            .orElseGet(InboxReplays::unknown))));
  }

  /** Ends a dead letter that somebody has seen to; the request's reason stays with it. */
  public Future<OperatorOutcome> closeOne(
      OperatorRequest request, String merchantId, String accountId, String name) {
    return review
        .find(merchantId, accountId, name)
        .compose(
            found ->
                actions.perform(
                    request,
                    sql ->
                        InboxReview.close(sql, merchantId, accountId, name, request.reason())
                            .map(
                                closed ->
                                    closed
                                        ? new Effect.Made(new Parameters(Map.of("closed", 1L)))
                                        : found
                                            .map(it -> notDead(it.event().status().wire()))
                                            .orElseGet(InboxReplays::unknown))));
  }

  private static Effect notDead(String status) {
    return Effect.refused(Why.STATE, "it is " + status + ": only a dead letter is closed");
  }

  /** Ends dead letters, oldest first, so many at most; the result says how many are left. */
  public Future<OperatorOutcome> closeMany(OperatorRequest request, Filter filter, int atMost) {
    return actions.perform(
        request,
        sql ->
            InboxReview.close(sql, filter, atMost, request.reason())
                .compose(
                    closed ->
                        InboxReview.replayable(sql, filter)
                            .map(
                                left ->
                                    new Effect.Made(
                                        new Parameters(
                                            Map.of("closed", (long) closed, "left", left))))));
  }

  private static Effect standing(String status) {
    return Effect.refused(
        Why.STATE, "it is " + status + ": it is worked again only with \"force\": true");
  }

  private static Effect unknown() {
    return Effect.refused(Why.NOT_FOUND, "there is no such event");
  }

  /** Has events worked again, oldest first, so many at most; the result says how many are left. */
  public Future<OperatorOutcome> many(OperatorRequest request, Filter filter, int atMost) {
    return actions.perform(
        request,
        sql ->
            InboxReview.replay(sql, filter, atMost)
                .compose(
                    replayed ->
                        InboxReview.replayable(sql, filter)
                            .map(
                                left ->
                                    new Effect.Made(
                                        new Parameters(
                                            Map.of("replayed", (long) replayed, "left", left))))));
  }
}
