package verticles;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import psp.Psp;
import psp.PspAccount;
import psp.PspResult;
import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;
import psp.Sending;

/**
 * Takes sendings and look-ups from the event bus to the PSP account each names. Instances share the
 * accounts, and with them their breakers and bulkheads.
 */
public final class PspVerticle extends VerticleBase {
  static final String SEND = "psp.send";
  static final String LOOKUP = "psp.lookup";

  /** The reply code where an adapter broke its word; its result is unknown. */
  static final int BROKEN = 500;

  private static final Logger LOG = LoggerFactory.getLogger(PspVerticle.class);

  private final Map<String, PspAccount> accounts;
  private final List<MessageConsumer<Sending>> consumers = new ArrayList<>();

  public PspVerticle(Map<String, PspAccount> accounts) {
    this.accounts = Map.copyOf(accounts);
  }

  @Override
  public Future<?> start() {
    consumers.add(
        consumer(SEND, Psp::send, sending -> PspResult.notSent(sending, "no such PSP account")));
    consumers.add(
        consumer(
            LOOKUP,
            Psp::lookup,
            sending -> new Unknown(UnknownReason.NOT_ASKED, "no such PSP account")));
    return Future.all(consumers.stream().map(MessageConsumer::completion).toList());
  }

  @Override
  public Future<?> stop() {
    return Future.all(consumers.stream().map(MessageConsumer::unregister).toList());
  }

  private MessageConsumer<Sending> consumer(
      String address,
      BiFunction<Psp, Sending, Future<PspResult>> call,
      Function<Sending, PspResult> noAccount) {
    return vertx
        .eventBus()
        .localConsumer(
            address,
            message -> {
              PspAccount account = accounts.get(message.body().accountId());
              if (account == null) {
                message.reply(noAccount.apply(message.body()));
              } else {
                Future.succeededFuture(message.body())
                    .compose(sending -> call.apply(account.psp(), sending))
                    .onSuccess(message::reply)
                    .onFailure(failure -> fail(message, failure));
              }
            });
  }

  private static void fail(Message<Sending> message, Throwable failure) {
    LOG.error("PSP adapter failed on operation {}", message.body().operationId(), failure);
    message.fail(BROKEN, failure.getClass().getSimpleName());
  }
}
