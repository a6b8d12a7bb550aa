package simulator.webhooks;

import io.vertx.core.Promise;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One sending of an event with its repeats. Guarded by {@link Webhooks}. */
final class Delivery {
  /** Where a delivery stands. */
  enum State {
    /** Not sent yet: delayed, held back, or in the queue. */
    WAITING,
    SENDING,
    /** Refused, and to be repeated. */
    BACKING_OFF,
    DELIVERED,
    /** Lost by a fault. */
    DROPPED,
    /** Repeated as often as is allowed, or the account has no endpoint any more. */
    GIVEN_UP,
    /** There were too many. */
    OVERFLOWED,
    /** The simulator was reset. */
    CANCELED;

    boolean open() {
      return this == WAITING || this == SENDING || this == BACKING_OFF;
    }
  }

  private final WebhookEvent event;
  private final Duration delay;
  private final WebhookFault.@Nullable WrongSignature wrongSignature;
  private final Promise<Void> concluded = Promise.promise();

  State state = State.WAITING;
  int attempts;
  @Nullable Integer lastStatus;
  @Nullable String lastError;

  Delivery(
      WebhookEvent event, Duration delay, WebhookFault.@Nullable WrongSignature wrongSignature) {
    this.event = event;
    this.delay = delay;
    this.wrongSignature = wrongSignature;
  }

  WebhookEvent event() {
    return event;
  }

  /** How long it waits before the first attempt. */
  Duration delay() {
    return delay;
  }

  /** Completes when it is delivered, dropped or given up. */
  Promise<Void> concluded() {
    return concluded;
  }

  /** Whether the attempt under way is to be signed wrongly. */
  boolean signedWrongly() {
    WebhookFault.WrongSignature wrong = wrongSignature;
    return wrong != null && (!wrong.mended() || attempts <= 1);
  }

  DeliveryReport report() {
    return new DeliveryReport(state.name(), attempts, lastStatus, lastError);
  }
}
