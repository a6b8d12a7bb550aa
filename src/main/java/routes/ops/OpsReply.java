package routes.ops;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import payments.Listing;
import payments.OperatorAction;
import payments.OperatorOutcome;
import payments.PublicId;

/** Answers of the management port. Every error is {@code {"error": why, "param": of what}}. */
final class OpsReply {
  private static final Logger LOG = LoggerFactory.getLogger(OpsReply.class);

  private OpsReply() {}

  static void json(RoutingContext context, int status, JsonObject body) {
    if (context.response().ended() || context.response().closed()) {
      return;
    }
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .end(body.toBuffer());
  }

  static void error(RoutingContext context, int status, String message, @Nullable String param) {
    JsonObject body = new JsonObject().put("error", message);
    json(context, status, param == null ? body : body.put("param", param));
  }

  /** What a router answers where no route does. */
  static void errorsOf(Router router) {
    router.errorHandler(404, context -> error(context, 404, "there is no such path", null));
    router.errorHandler(405, context -> error(context, 405, "not with this method", null));
    router.errorHandler(413, context -> error(context, 413, "the body is too large", null));
    router.errorHandler(503, context -> error(context, 503, "it took too long", null));
    router.errorHandler(500, OpsReply::failed);
    router.errorHandler(400, OpsReply::failed);
  }

  private static void failed(RoutingContext context) {
    Throwable cause = context.failure();
    if (cause instanceof InvalidCall invalid) {
      error(context, invalid.status(), String.valueOf(invalid.getMessage()), invalid.param());
    } else if (context.statusCode() == 400) {
      error(context, 400, "the request cannot be read", null);
    } else {
      LOG.error("path={} failed", context.normalizedPath(), cause);
      error(context, 500, "an error of ours: see the log", null);
    }
  }

  /** A handler for what is read. */
  static Handler<RoutingContext> reading(Function<RoutingContext, Future<JsonObject>> call) {
    return context ->
        asked(context, call)
            .onSuccess(body -> json(context, 200, body))
            .onFailure(cause -> unanswered(context, cause));
  }

  /** A handler for what operators change. */
  static Handler<RoutingContext> changing(Function<RoutingContext, Future<OperatorOutcome>> call) {
    return context ->
        asked(context, call)
            .onSuccess(outcome -> outcome(context, outcome))
            .onFailure(cause -> unanswered(context, cause));
  }

  private static <T> Future<T> asked(
      RoutingContext context, Function<RoutingContext, Future<T>> call) {
    try {
      return call.apply(context);
    } catch (InvalidCall invalid) {
      return Future.failedFuture(invalid);
    }
  }

  private static void unanswered(RoutingContext context, Throwable cause) {
    if (cause instanceof InvalidCall) {
      context.fail(400, cause);
      return;
    }
    LOG.warn("path={} failed: {}", context.normalizedPath(), cause.toString());
    boolean change = context.request().method().name().equals("POST");
    error(
        context,
        503,
        cause.getMessage()
            + (change
                ? "; whether it was done is not known: send it again with the same Idempotency-Key"
                : ""),
        null);
  }

  private static void outcome(RoutingContext context, OperatorOutcome outcome) {
    switch (outcome) {
      case OperatorOutcome.Done done -> {
        OperatorAction action = done.action();
        if (done.replayed()) {
          context.response().putHeader("Idempotent-Replayed", "true");
        } else {
          LOG.info(
              "action={} operator={} did={} on={}",
              PublicId.digits(action.id()),
              action.request().operator(),
              action.request().action(),
              context.pathParams());
        }
        json(context, 200, action(action));
      }
      case OperatorOutcome.Refused refused -> {
        switch (refused.why()) {
          case NOT_FOUND -> error(context, 404, refused.message(), null);
          case STATE -> error(context, 409, refused.message(), null);
          case KEY_REUSED -> error(context, 409, refused.message(), "Idempotency-Key");
        }
      }
    }
  }

  /** An action as the audit log shows it, and as the request that did it is answered. */
  static JsonObject action(OperatorAction action) {
    return new JsonObject()
        .put("id", PublicId.digits(action.id()))
        .put("action", action.request().action())
        .put("operator", action.request().operator())
        .put("target", new JsonObject(action.request().target().values()))
        .put("reason", action.request().reason())
        .put("result", new JsonObject(action.result().values()))
        .put("idempotency_key", action.request().idempotencyKey())
        .put("created", action.createdAt().toString());
  }

  /** A page of a list. */
  static <T> JsonObject page(Listing.Rows<T> rows, Function<T, JsonObject> row) {
    List<JsonObject> data = rows.rows().stream().map(row).toList();
    Listing.Place next = rows.next();
    return new JsonObject()
        .put("data", new JsonArray(data))
        .put("next", next == null ? null : Cursor.of(next));
  }

  static @Nullable String time(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }

  static @Nullable String id(PublicId kind, @Nullable UUID id) {
    return id == null ? null : kind.of(id);
  }
}
