package routes.api;

import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import payments.Answer;
import payments.Command;
import payments.Refusal;
import payments.Refusal.Code;
import payments.RequestContext;
import payments.RequestContext.Idempotency;
import routes.BoundedBody;
import routes.api.RequestReader.BodyForm;

/**
 * One admitted request on its way: reads the body within its bound, makes the command, sends it and
 * gives the answer, or gives up waiting. When the client goes away the work goes on, because money
 * may be moving; the request's place is free only when the work is done.
 */
final class Exchange {
  private static final String POST = "POST";

  private final Vertx vertx;
  private final ApiSettings settings;
  private final CommandSender sender;
  private final Admission admission;
  private final HttpServerRequest request;
  private final Reply reply;
  private final RouteTable.Match match;
  private final ApiKey key;
  private final BoundedBody body;
  private long timer;
  private boolean sent;
  private boolean left;

  Exchange(
      Vertx vertx,
      ApiSettings settings,
      CommandSender sender,
      Admission admission,
      HttpServerRequest request,
      Reply reply,
      RouteTable.Match match,
      ApiKey key) {
    this.vertx = vertx;
    this.settings = settings;
    this.sender = sender;
    this.admission = admission;
    this.request = request;
    this.reply = reply;
    this.match = match;
    this.key = key;
    body = new BoundedBody(vertx, request, settings.maxBodyBytes());
  }

  void start() {
    timer = vertx.setTimer(settings.requestTimeout().toMillis(), id -> timedOut());
    request.exceptionHandler(cause -> connectionLost());
    guarded(
        () -> {
          if (match.endpoint().method().equals(POST)) {
            readBody();
          } else {
            refuseBody();
            dispatch(RequestReader.query(request.query()));
          }
        });
  }

  private void readBody() {
    BodyForm form = RequestReader.bodyForm(request);
    if (request.query() != null && !request.query().isEmpty()) {
      throw new RefusedException(
          Code.BODY_MALFORMED, "The parameters of a POST request belong in its body.");
    }
    body.read(
        bytes -> true,
        whole -> guarded(() -> dispatch(RequestReader.body(whole.getBytes(), form))),
        refused -> guarded(this::tooLarge));
  }

  private void tooLarge() {
    throw new RefusedException(
        Code.BODY_TOO_LARGE,
        "The body is too large: it may have up to " + settings.maxBodyBytes() + " bytes.");
  }

  private void refuseBody() {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    boolean empty = length == null || length.equals("0");
    if (!empty || request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
      body.hangUpSoon();
      throw new RefusedException(
          Code.BODY_MALFORMED,
          "The parameters of a " + match.endpoint().method() + " request belong in its URL.");
    }
  }

  private void dispatch(Map<String, Object> raw) {
    Command command = command(raw);
    sent = true;
    sender.send(command).onComplete(this::finish);
  }

  private Command command(Map<String, Object> raw) {
    Endpoint endpoint = match.endpoint();
    CheckedParameters parameters = endpoint.catalogueFor(key).check(raw);
    List<String> expand = parameters.texts("expand");
    Expansion.check(expand, endpoint.kindFor(key), endpoint.list());
    var context =
        new RequestContext(
            key.merchantId(),
            key.livemode(),
            reply.requestId(),
            key.id(),
            key.publishable(),
            endpoint.method().equals(POST) ? idempotency(parameters) : null,
            expand);
    match.ids().forEach(id -> ContentRules.check("", id));
    return endpoint.command().apply(new ApiRequest(context, match.path(), match.ids(), parameters));
  }

  private @Nullable Idempotency idempotency(CheckedParameters parameters) {
    String idempotencyKey = RequestReader.idempotencyKey(request);
    if (idempotencyKey == null) {
      return null;
    }
    reply.idempotencyKey(idempotencyKey);
    String path = match.path();
    return new Idempotency(idempotencyKey, path, Fingerprint.of(POST, path, parameters.values()));
  }

  private void finish(AsyncResult<Answer> result) {
    if (result.succeeded()) {
      reply.give(result.result());
    } else {
      failed(result.cause());
    }
    leave();
  }

  private void failed(Throwable cause) {
    if (cause instanceof ReplyException lost) {
      switch (lost.failureType()) {
        case NO_HANDLERS -> {
          reply.refuse(
              Refusal.of(
                  Code.UNAVAILABLE, "The service is starting or stopping." + Refusal.DID_NOTHING));
          return;
        }
        case TIMEOUT -> {
          outcomeUnknown();
          return;
        }
        case RECIPIENT_FAILURE, ERROR -> {}
      }
    }
    ApiEdge.failed(reply, cause);
  }

  private void timedOut() {
    if (sent) {
      // The place stays taken until the work is done.
      outcomeUnknown();
      return;
    }
    body.hangUpSoon();
    reply.refuse(
        Refusal.of(Code.BODY_MALFORMED, "The body did not arrive in time. Nothing was done."));
    leave();
  }

  private void outcomeUnknown() {
    reply.refuse(
        Refusal.of(
            Code.OUTCOME_UNKNOWN,
            match.endpoint().method().equals(POST)
                ? "The request took too long and its outcome is unknown: it may have been done."
                    + " Repeat it with the same Idempotency-Key to learn what became of it."
                : "The request took too long and its outcome is unknown. Try again."));
  }

  private void connectionLost() {
    if (!sent) {
      leave();
    }
  }

  /** Runs a step; what it refuses ends the request. */
  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (RefusedException e) {
      reply.refuse(e.refusal());
      leave();
    } catch (RuntimeException e) {
      ApiEdge.failed(reply, e);
      leave();
    }
  }

  private void leave() {
    if (!left) {
      left = true;
      vertx.cancelTimer(timer);
      admission.leave(key);
    }
  }
}
