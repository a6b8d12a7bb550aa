package routes.webhooks;

import inbox.Intake;
import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import psp.PspWebhooks;
import routes.BoundedBody;

/**
 * One admitted webhook on its way: reads the body within its bound, has the signature checked, has
 * the events stored, and answers when they are durable. Its place is free only when the storing is
 * done, also where the PSP has gone away or was told to send it again.
 */
final class WebhookExchange {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookExchange.class);

  private final WebhookEdge edge;
  private final HttpServerRequest request;
  private final WebhookAccount account;
  private final WebhookReply reply;
  private final BoundedBody body;
  private final long arrivedNanos = System.nanoTime();

  /** Since when it arrives, or is being stored. */
  private long sinceNanos = arrivedNanos;

  private long timer;
  private int taken;
  private boolean storing;
  private boolean left;

  WebhookExchange(
      WebhookEdge edge, HttpServerRequest request, WebhookAccount account, WebhookReply reply) {
    this.edge = edge;
    this.request = request;
    this.account = account;
    this.reply = reply;
    body = new BoundedBody(edge.vertx(), request, edge.settings().maxBodyBytes());
  }

  void start() {
    startTimer(edge.settings().timeout().toMillis());
    request.exceptionHandler(cause -> connectionLost());
    body.read(this::take, whole -> guarded(() -> received(whole)), this::notRead);
  }

  private boolean take(int bytes) {
    boolean room = edge.take(bytes);
    taken += room ? bytes : 0;
    return room;
  }

  private void notRead(BoundedBody.Refused why) {
    end(
        switch (why) {
          case TOO_LARGE -> Verdict.TOO_LARGE;
          case NO_ROOM -> Verdict.OVERLOADED;
        });
  }

  private void received(Buffer whole) {
    PspWebhooks.Check check =
        account.webhooks().check(request::getHeader, whole, edge.clock().instant());
    switch (check) {
      case PspWebhooks.Refused refused -> {
        reply.refuse(Verdict.of(refused.reason()), refused.why());
        leave();
      }
      case PspWebhooks.Genuine genuine -> {
        storing = true;
        sinceNanos = System.nanoTime();
        edge.intake()
            .keep(account.merchantId(), account.id(), genuine.items())
            .onComplete(this::stored);
      }
    }
  }

  private void stored(AsyncResult<Intake.Outcome> result) {
    if (result.failed()) {
      failed(result.cause());
      return;
    }
    switch (result.result()) {
      case Intake.Kept kept -> {
        edge.meters()
            .accepted(
                account.id(),
                kept.fresh(),
                kept.known(),
                kept.ignored(),
                System.nanoTime() - arrivedNanos);
        reply.kept(account.webhooks().acknowledgement());
        leave();
      }
      case Intake.NotKept ignored -> end(Verdict.UNAVAILABLE);
    }
  }

  private void startTimer(long ms) {
    timer = edge.vertx().setTimer(ms, id -> timedOut());
  }

  private void timedOut() {
    // One timer for both: most webhooks are over long before it fires.
    long leftMs =
        edge.settings().timeout().toMillis() - (System.nanoTime() - sinceNanos) / 1_000_000;
    if (leftMs > 0) {
      startTimer(leftMs);
    } else if (storing) {
      // The place stays taken until the storing is done.
      reply.refuse(Verdict.UNAVAILABLE);
    } else {
      body.hangUpSoon();
      end(Verdict.LATE);
    }
  }

  private void connectionLost() {
    if (!storing) {
      leave();
    }
  }

  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  /** A fault of ours, logged without anything of the webhook's content. */
  private void failed(Throwable cause) {
    LOG.error("webhook failed account={}", account.id(), cause);
    end(Verdict.INTERNAL);
  }

  private void end(Verdict verdict) {
    reply.refuse(verdict);
    leave();
  }

  private void leave() {
    if (!left) {
      left = true;
      edge.vertx().cancelTimer(timer);
      edge.leave(taken);
    }
  }
}
