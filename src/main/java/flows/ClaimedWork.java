package flows;

import io.vertx.core.Future;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import payments.Answer;
import payments.Refusal;
import payments.RequestContext;

/**
 * The frame of work that calls a PSP but moves no money, so that it is not in the operation log:
 * the key is claimed, the work done, the answer stored. Each step of the work may be repeated; a
 * claim that a crash left passes to the next who asks, with the id it reserved, so that a repeat
 * meets what the first try made.
 */
final class ClaimedWork {
  private static final Logger LOG = LoggerFactory.getLogger(ClaimedWork.class);
  private static final int TRIES = 3;

  private final Services services;
  private final KeyGate gate;

  ClaimedWork(Services services) {
    this.services = services;
    this.gate = new KeyGate(services);
  }

  /** What is done under a claim. */
  interface Work {
    /**
     * Does it, or what is left of it. Once a PSP has done something of it, an absent database is
     * {@link Durably#afterwards}.
     *
     * @param reserved the id of what it makes
     */
    Future<Answer> under(UUID reserved);
  }

  Future<Answer> run(RequestContext context, Work work) {
    var idempotency = context.idempotency();
    return idempotency == null
        ? work.under(services.ids().next())
        : attempt(context, idempotency, work, 1);
  }

  private Future<Answer> attempt(
      RequestContext context, RequestContext.Idempotency idempotency, Work work, int number) {
    return gate.replay(context)
        .compose(
            replay ->
                replay.isPresent()
                    ? Future.succeededFuture(replay.get())
                    : services
                        .keys()
                        .claim(context, idempotency, services.ids().next())
                        .compose(
                            reserved -> {
                              if (reserved.isPresent()) {
                                return claimed(context, idempotency, work, reserved.get());
                              }
                              // Someone was quicker; another look tells what came of it.
                              return number < TRIES
                                  ? attempt(context, idempotency, work, number + 1)
                                  : Future.failedFuture(KeyGate.inUse(idempotency));
                            }));
  }

  private Future<Answer> claimed(
      RequestContext context, RequestContext.Idempotency idempotency, Work work, UUID reserved) {
    return Future.succeededFuture(reserved)
        .compose(work::under)
        .transform(
            done -> {
              if (done.succeeded()) {
                return Durably.afterwards(store(context, idempotency, done.result()));
              }
              if (done.cause() instanceof Refused refused) {
                return refused(context, idempotency, refused);
              }
              // The database is away, or worse: the claim passes on by itself in a minute.
              return Future.failedFuture(done.cause());
            });
  }

  private Future<Answer> refused(
      RequestContext context, RequestContext.Idempotency idempotency, Refused refused) {
    Refusal.Category category = refused.refusal().code().category();
    if (category == Refusal.Category.CARD) {
      return store(
          context,
          idempotency,
          services.renderer().refusal(context, refused.refusal(), refused.payment()));
    }
    Future<Void> letGo =
        category == Refusal.Category.UNAVAILABLE
            ? services.keys().leave(context, idempotency)
            : services.keys().release(context, idempotency);
    return letGo.transform(
        done -> {
          if (done.failed()) {
            LOG.warn(
                "request_id={} its key is claimed for a minute more: {}",
                context.requestId(),
                done.cause().getMessage());
          }
          return Future.failedFuture(refused);
        });
  }

  private Future<Answer> store(
      RequestContext context, RequestContext.Idempotency idempotency, Answer answer) {
    return services.keys().answer(context, idempotency, answer).map(answer);
  }
}
