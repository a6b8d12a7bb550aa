package flows;

import io.vertx.core.Future;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import payments.Answer;
import payments.Refusal;
import payments.RequestContext;
import store.StoreException;

/**
 * How every story ends: refusals, an unreachable database and broken assumptions become answers
 * here and nowhere else.
 */
final class Flow {
  private static final Logger LOG = LoggerFactory.getLogger(Flow.class);

  private Flow() {}

  static Future<Answer> answer(
      Renderer renderer, RequestContext context, Supplier<Future<Answer>> story) {
    Future<Answer> told;
    try {
      told = story.get();
    } catch (RuntimeException e) {
      told = Future.failedFuture(e);
    }
    return told.recover(cause -> Future.succeededFuture(ending(renderer, context, cause)));
  }

  private static Answer ending(Renderer renderer, RequestContext context, Throwable cause) {
    if (Durably.nothingDone(cause)) {
      LOG.warn("request_id={} refused: {}", context.requestId(), cause.getMessage());
      return renderer.refusal(
          context,
          Refusal.of(
              Refusal.Code.UNAVAILABLE,
              "Sluice's database cannot take this request right now." + Refusal.DID_NOTHING),
          null);
    }
    return switch (cause) {
      case Refused refused -> renderer.refusal(context, refused.refusal(), refused.payment());
      case StoreException.InDoubt inDoubt -> {
        LOG.warn("request_id={} in doubt: {}", context.requestId(), inDoubt.getMessage());
        yield renderer.refusal(
            context,
            Refusal.of(
                Refusal.Code.OUTCOME_UNKNOWN,
                "Sluice lost its database in the middle of this request, whose outcome is not known"
                    + " yet. Ask again with the same Idempotency-Key."),
            null);
      }
      default -> {
        LOG.error("request_id={} failed", context.requestId(), cause);
        yield renderer.refusal(
            context,
            Refusal.of(
                Refusal.Code.INTERNAL,
                "Something went wrong on Sluice's side. Ask again with the same Idempotency-Key."),
            null);
      }
    };
  }
}
