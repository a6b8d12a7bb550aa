package routes.webhooks;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import psp.PspWebhooks.Acknowledgement;
import telemetry.WebhookMeters;

/** The answer to one webhook, given once: the later of a result and a timeout finds it taken. */
final class WebhookReply {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookReply.class);
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

  private final HttpServerRequest request;
  private final String account;
  private final WebhookMeters meters;
  private boolean given;

  WebhookReply(HttpServerRequest request, String account, WebhookMeters meters) {
    this.request = request;
    this.account = account;
    this.meters = meters;
  }

  void kept(Acknowledgement acknowledgement) {
    give(Verdict.KEPT, acknowledgement.contentType(), acknowledgement.body());
  }

  void refuse(Verdict verdict) {
    refuse(verdict, verdict.message());
  }

  /** Refuses with a reason, which holds no secret and nothing of the body. */
  void refuse(Verdict verdict, String why) {
    if (given) {
      return;
    }
    meters.refused(account, verdict.code());
    // Anybody may send nonsense here: the metric tells of it, the log only those who look for it.
    LOG.debug("webhook refused account={} reason={} why={}", account, verdict.code(), why);
    var error = new JsonObject().put("code", verdict.code()).put("message", why);
    give(verdict, JSON, new JsonObject().put("error", error).encode());
  }

  private void give(Verdict verdict, CharSequence contentType, String body) {
    HttpServerResponse response = request.response();
    if (given || response.ended() || response.closed()) {
      // The PSP went away or was answered. What was stored stands, and is known when it is sent
      // again.
      given = true;
      return;
    }
    given = true;
    response
        .setStatusCode(verdict.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, contentType)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    if (verdict.status() == 503) {
      response.putHeader(HttpHeaders.RETRY_AFTER, "5");
    }
    response.end(body);
  }
}
