package routes.webhooks;

import inbox.Intake;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import routes.BoundedBody;
import telemetry.WebhookMeters;

/**
 * Where PSPs' webhooks come in: finds the account, admits the request within bounds and leaves the
 * rest to a {@link WebhookExchange}. One instance per event loop.
 */
public final class WebhookEdge implements Handler<HttpServerRequest> {
  private final Vertx vertx;
  private final WebhookSettings settings;
  private final Map<String, WebhookAccount> byPath;
  private final Intake intake;
  private final WebhookMeters meters;
  private final InstantSource clock;
  private int concurrent;
  private int bytes;

  public WebhookEdge(
      Vertx vertx,
      WebhookSettings settings,
      List<WebhookAccount> accounts,
      Intake intake,
      WebhookMeters meters,
      InstantSource clock) {
    this.vertx = vertx;
    this.settings = settings;
    this.intake = intake;
    this.meters = meters;
    this.clock = clock;
    byPath = accounts.stream().collect(Collectors.toMap(WebhookAccount::path, Function.identity()));
  }

  @Override
  public void handle(HttpServerRequest request) {
    String path = request.path();
    WebhookAccount account = path == null ? null : byPath.get(path);
    var reply = reply(request, account);
    if (account == null) {
      refuse(request, reply, Verdict.NOT_FOUND);
    } else if (!request.method().equals(HttpMethod.POST)) {
      request.response().putHeader(HttpHeaders.ALLOW, "POST");
      refuse(request, reply, Verdict.METHOD);
    } else if (concurrent >= settings.maxConcurrent()) {
      refuse(request, reply, Verdict.OVERLOADED);
    } else {
      concurrent++;
      new WebhookExchange(this, request, account, reply).start();
    }
  }

  /** Whoever goes on sending a body that nobody reads is hung up on. */
  private void refuse(HttpServerRequest request, WebhookReply reply, Verdict verdict) {
    new BoundedBody(vertx, request, 0).hangUpSoon();
    reply.refuse(verdict);
  }

  /** What HTTP itself refuses, such as a header that is too long. */
  public void handleInvalid(HttpServerRequest request) {
    request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    reply(request, null).refuse(Verdict.MALFORMED);
    request.connection().close();
  }

  private WebhookReply reply(HttpServerRequest request, @Nullable WebhookAccount account) {
    return new WebhookReply(
        request, account == null ? WebhookMeters.NO_ACCOUNT : account.id(), meters);
  }

  /** Whether there is room for so much more of a body; it is taken then. */
  boolean take(int more) {
    if (bytes + more > settings.maxBytes()) {
      return false;
    }
    bytes += more;
    return true;
  }

  /** A webhook that was admitted is over, and what it held is free. */
  void leave(int taken) {
    concurrent--;
    bytes -= taken;
  }

  /** How many webhooks are at work. */
  public int concurrent() {
    return concurrent;
  }

  Vertx vertx() {
    return vertx;
  }

  WebhookSettings settings() {
    return settings;
  }

  Intake intake() {
    return intake;
  }

  WebhookMeters meters() {
    return meters;
  }

  InstantSource clock() {
    return clock;
  }
}
