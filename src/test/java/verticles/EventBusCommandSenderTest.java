package verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import payments.Answer;
import payments.Command;
import payments.RequestContext;

/** Commands over the event bus. */
class EventBusCommandSenderTest {
  private static final Command COMMAND =
      new Command.RetrieveRefund(
          new RequestContext("m1", false, "req_1", "key1", false, null, List.of()), new UUID(1, 2));

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() throws Exception {
    ApiServer.await(vertx.close());
  }

  private EventBusCommandSender sender(Duration timeout) {
    vertx.eventBus().registerCodec(new AsItIs());
    return new EventBusCommandSender(vertx.eventBus(), AsItIs.NAME, timeout);
  }

  @Test
  void handsTheCommandOverAndGivesTheAnswer() throws Exception {
    var answer = new Answer(200, "{}", false);
    var sender = sender(Duration.ofSeconds(30));
    vertx
        .eventBus()
        .<Command>localConsumer(
            EventBusCommandSender.ADDRESS,
            message -> {
              assertThat(message.body()).isSameAs(COMMAND);
              message.reply(answer, codec());
            });
    assertThat(ApiServer.await(sender.send(COMMAND))).isSameAs(answer);
  }

  @Test
  void failsAtOnceWhereNobodyListens() throws Exception {
    assertThat(failure(sender(Duration.ofSeconds(30)))).isEqualTo(ReplyFailure.NO_HANDLERS);
  }

  @Test
  void failsWhenNoAnswerComesInTime() throws Exception {
    var sender = sender(Duration.ofMillis(100));
    vertx.eventBus().<Command>localConsumer(EventBusCommandSender.ADDRESS, message -> {});
    assertThat(failure(sender)).isEqualTo(ReplyFailure.TIMEOUT);
  }

  private static ReplyFailure failure(EventBusCommandSender sender) throws Exception {
    try {
      ApiServer.await(sender.send(COMMAND));
      throw new AssertionError("did not fail");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ReplyException lost) {
        return lost.failureType();
      }
      throw e;
    }
  }

  private static DeliveryOptions codec() {
    return new DeliveryOptions().setCodecName(AsItIs.NAME);
  }

  /** Hands objects over as they are. */
  private static final class AsItIs implements MessageCodec<Object, Object> {
    static final String NAME = "test-as-it-is";

    @Override
    public void encodeToWire(Buffer buffer, Object body) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Object decodeFromWire(int position, Buffer buffer) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Object transform(Object body) {
      return body;
    }

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public byte systemCodecID() {
      return -1;
    }
  }
}
