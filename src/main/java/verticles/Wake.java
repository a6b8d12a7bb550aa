package verticles;

import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;

/**
 * Tells background work on this node that there is something to do, so that it need not wait for
 * its poll interval. Nothing hangs on it: what is not told is found by the next poll.
 */
public enum Wake {
  INBOX,
  RELAY,
  DELIVERIES;

  /** Wakes the work; from any thread. */
  public void send(EventBus bus) {
    bus.publish(address(), null);
  }

  MessageConsumer<Object> receive(EventBus bus, Runnable work) {
    return bus.localConsumer(address(), message -> work.run());
  }

  private String address() {
    return "wake." + name().toLowerCase(java.util.Locale.ROOT);
  }
}
