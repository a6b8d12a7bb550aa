package verticles;

import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import payments.Answer;
import payments.Command;
import routes.api.CommandSender;

/** Sends commands to the payment core over the event bus, within this JVM. */
public final class EventBusCommandSender implements CommandSender {
  /** Where the core listens. */
  public static final String ADDRESS = "payments.command";

  private final EventBus eventBus;
  private final DeliveryOptions options;

  /**
   * @param codecName the codec that hands records over as they are
   * @param replyTimeout shorter than the edge's timeout, longer than any work of the core
   */
  public EventBusCommandSender(EventBus eventBus, String codecName, Duration replyTimeout) {
    this.eventBus = eventBus;
    this.options =
        new DeliveryOptions()
            .setLocalOnly(true)
            .setCodecName(codecName)
            .setSendTimeout(replyTimeout.toMillis());
  }

  @Override
  public Future<Answer> send(Command command) {
    return eventBus.<Answer>request(ADDRESS, command, options).map(Message::body);
  }
}
