package verticles;

import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import psp.PspResult;
import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;
import psp.PspSender;
import psp.Sending;

/**
 * Reaches the PSP accounts over the event bus. The bus is best-effort, so a reply that does not
 * come is an unknown outcome; only a message that no one was there to take is proven not sent.
 */
public final class EventBusPspSender implements PspSender {
  private final EventBus bus;
  private final DeliveryOptions options;

  /**
   * @param replyTimeout above the breaker's timeout, so that it only matters when a reply is lost
   */
  public EventBusPspSender(EventBus bus, Duration replyTimeout) {
    this.bus = bus;
    options = new DeliveryOptions().setSendTimeout(replyTimeout.toMillis()).setLocalOnly(true);
  }

  @Override
  public Future<PspResult> send(Sending sending) {
    return request(PspVerticle.SEND, sending)
        .recover(
            failure ->
                noHandler(failure)
                    ? Future.succeededFuture(PspResult.notSent(sending, "no PSP verticle"))
                    : unknown(failure));
  }

  @Override
  public Future<PspResult> lookup(Sending sending) {
    return request(PspVerticle.LOOKUP, sending)
        .recover(
            failure ->
                noHandler(failure)
                    ? Future.succeededFuture(
                        new Unknown(UnknownReason.NOT_ASKED, "no PSP verticle"))
                    : unknown(failure));
  }

  private Future<PspResult> request(String address, Sending sending) {
    return bus.<PspResult>request(address, sending, options).map(message -> message.body());
  }

  private static boolean noHandler(Throwable failure) {
    return failure instanceof ReplyException reply
        && reply.failureType() == ReplyFailure.NO_HANDLERS;
  }

  private static Future<PspResult> unknown(Throwable failure) {
    if (!(failure instanceof ReplyException reply)) {
      return Future.failedFuture(failure);
    }
    return Future.succeededFuture(
        switch (reply.failureType()) {
          case TIMEOUT, NO_HANDLERS -> new Unknown(UnknownReason.TIMEOUT, "no reply on the bus");
          case RECIPIENT_FAILURE, ERROR ->
              new Unknown(UnknownReason.UNREADABLE, "PSP adapter failed: " + reply.getMessage());
        });
  }
}
