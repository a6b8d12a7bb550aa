package flows;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import payments.Answer;
import payments.Refusal;
import payments.RequestContext;
import store.IdempotencyKeys;

/**
 * What a merchant's idempotency key already stands for: nothing, an answer to replay, work under
 * way, or another request.
 */
final class KeyGate {
  /** After which an answerless claim that is not in the operation log was left by a crash. */
  private static final Duration ABANDONED = Duration.ofSeconds(60);

  private final Services services;

  KeyGate(Services services) {
    this.services = services;
  }

  /**
   * The answer to replay, or empty where the request is new. Fails {@link Refused} for another
   * request or one under way.
   */
  Future<Optional<Answer>> replay(RequestContext context) {
    var idempotency = context.idempotency();
    if (idempotency == null) {
      return Future.succeededFuture(Optional.empty());
    }
    return services
        .keys()
        .find(context.merchantId(), context.livemode(), idempotency.key())
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(Optional.empty())
                    : judge(idempotency, found.get(), services.clock().instant())
                        .map(
                            answer ->
                                answer.map(
                                    stored ->
                                        services
                                            .webhooks()
                                            .secrets()
                                            .opened(context, idempotency, stored))));
  }

  /**
   * The answer to replay where something was refused. A refusal may be due to what the same request
   * has done under its key since it was looked at, such as to spend its card: then what the key
   * stands for is the answer, and not that the work it asks for is done already. Fails with the
   * cause where the key stands for nothing, or where it is no refusal.
   */
  Future<Answer> replayOr(RequestContext context, Throwable cause) {
    if (!(cause instanceof Refused)) {
      return Future.failedFuture(cause);
    }
    // Before it was refused an authentication may have been ended.
    return Durably.afterwards(replay(context))
        .compose(
            replay ->
                replay.map(Future::succeededFuture).orElseGet(() -> Future.failedFuture(cause)));
  }

  /** What a stored key means for a request that brings it, at a moment. */
  static Future<Optional<Answer>> judge(
      RequestContext.Idempotency asked, IdempotencyKeys.Stored stored, Instant now) {
    if (!stored.path().equals(asked.path())) {
      return Future.failedFuture(
          new Refused(
              Refusal.of(
                  Refusal.Code.IDEMPOTENCY_MISMATCH,
                  "Keys for idempotent requests can only be used for the same endpoint they were"
                      + " first used for ('"
                      + asked.path()
                      + "' vs '"
                      + stored.path()
                      + "'). Try using a key other than '"
                      + asked.key()
                      + "' if you meant to execute a different request.")));
    }
    if (!stored.fingerprint().equals(asked.fingerprint())) {
      return Future.failedFuture(
          new Refused(
              Refusal.of(
                  Refusal.Code.IDEMPOTENCY_MISMATCH,
                  "Keys for idempotent requests can only be used with the same parameters they were"
                      + " first used with. Try using a key other than '"
                      + asked.key()
                      + "' if you meant to execute a different request.")));
    }
    Answer answer = stored.answer();
    if (answer != null) {
      return Future.succeededFuture(Optional.of(answer.asReplay()));
    }
    boolean abandoned =
        stored.operationId() == null && stored.createdAt().plus(ABANDONED).isBefore(now);
    if (abandoned) {
      return Future.succeededFuture(Optional.empty());
    }
    return Future.failedFuture(inUse(asked));
  }

  static Refused inUse(RequestContext.Idempotency asked) {
    return new Refused(
        Refusal.of(
            Refusal.Code.IDEMPOTENCY_IN_USE,
            "There is currently another in-progress request using this Idempotency Key (that"
                + " probably means you submitted twice, and the other request is still going"
                + " through): "
                + asked.key()
                + ". Try again later."));
  }
}
