package verticles;

import flows.CommandFlows;
import flows.Services;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import payments.Command;

/**
 * The payment core: takes commands from the event bus and replies with answers. Each instance
 * batches its own writes.
 */
public final class PaymentVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(PaymentVerticle.class);

  private final Function<Context, Services> services;
  private @Nullable MessageConsumer<Command> consumer;

  /**
   * The core of one instance.
   *
   * @param services makes what the flows are told over, for the instance's own context
   */
  public PaymentVerticle(Function<Context, Services> services) {
    this.services = services;
  }

  @Override
  public Future<?> start() {
    CommandFlows flows = new CommandFlows(services.apply(context));
    MessageConsumer<Command> commands =
        vertx
            .eventBus()
            .localConsumer(
                EventBusCommandSender.ADDRESS,
                message -> flows.run(message.body()).onSuccess(message::reply));
    consumer = commands;
    return flows
        .rehearse()
        .otherwise(
            cause -> {
              LOG.warn("nothing was rehearsed, so first requests are slow: {}", cause.toString());
              return null;
            })
        .compose(rehearsed -> commands.completion());
  }

  @Override
  public Future<?> stop() {
    MessageConsumer<Command> commands = consumer;
    return commands == null ? Future.succeededFuture() : commands.unregister();
  }
}
