package verticles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static psp.Results.await;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import payments.OperationKind;
import psp.PspAccount;
import psp.PspResult;
import psp.PspResult.NotSent;
import psp.PspResult.UnknownReason;
import psp.Results;
import psp.ScriptedPsp;
import psp.Sending;
import psp.Sendings;

/** The way from the core to a PSP account and back over the event bus. */
final class EventBusPspSenderTest {
  private final Vertx vertx = Vertx.vertx();
  private final ScriptedPsp scripted = new ScriptedPsp();
  private final EventBusPspSender sender =
      new EventBusPspSender(vertx.eventBus(), Duration.ofMinutes(1));

  @BeforeEach
  void register() {
    LocalCodec.register(vertx.eventBus(), Sending.class, PspResult.class);
  }

  @AfterEach
  void stop() {
    await(vertx.close());
  }

  @Test
  void carriesSendingAndResultAsTheyAre() {
    deploy();
    var seen = new Sending[1];
    scripted.answer =
        sending -> {
          seen[0] = sending;
          return Future.succeededFuture(Results.DECLINED);
        };
    Sending sending = Sendings.authorize(1);

    assertThat(await(sender.send(sending))).isSameAs(Results.DECLINED);
    assertThat(seen[0]).isSameAs(sending);
  }

  @Test
  void looksUp() {
    deploy();
    scripted.answers(Results.APPROVED);
    assertThat(await(sender.lookup(Sendings.authorize(2)))).isSameAs(Results.APPROVED);
    assertThat(scripted.lookups).isEqualTo(1);
  }

  @Test
  void noVerticleMeansNotSentOnAFirstSendingOnly() {
    assertThat(await(sender.send(Sendings.authorize(1)))).isInstanceOf(NotSent.class);
    assertThat(Results.reason(await(sender.send(Sendings.authorize(2)))))
        .isEqualTo(UnknownReason.NOT_ASKED);
    assertThat(Results.reason(await(sender.lookup(Sendings.authorize(1)))))
        .isEqualTo(UnknownReason.NOT_ASKED);
  }

  @Test
  void noSuchAccountMeansNotSentOnAFirstSendingOnly() {
    deploy();
    assertThat(await(sender.send(Sendings.sending("other", OperationKind.REFUND, 1))))
        .isInstanceOf(NotSent.class);
    assertThat(
            Results.reason(await(sender.send(Sendings.sending("other", OperationKind.REFUND, 2)))))
        .isEqualTo(UnknownReason.NOT_ASKED);
  }

  @Test
  void aReplyThatDoesNotComeIsUnknown() {
    deploy();
    var impatient = new EventBusPspSender(vertx.eventBus(), Duration.ofMillis(50));
    assertThat(Results.reason(await(impatient.send(Sendings.authorize(1)))))
        .isEqualTo(UnknownReason.TIMEOUT);
  }

  @Test
  void anAdapterThatBreaksIsUnknown() {
    deploy();
    scripted.answer = sending -> Future.failedFuture(new IllegalStateException("sk_test_secret"));
    PspResult result = await(sender.send(Sendings.authorize(1)));
    assertThat(Results.reason(result)).isEqualTo(UnknownReason.UNREADABLE);
    assertThat(result.toString()).doesNotContain("sk_test_secret");

    scripted.answer =
        sending -> {
          throw new IllegalStateException("sk_test_secret");
        };
    assertThat(Results.reason(await(sender.send(Sendings.authorize(1)))))
        .isEqualTo(UnknownReason.UNREADABLE);
  }

  @Test
  void localRecordsDoNotGoOverTheWire() {
    var codec = new LocalCodec();
    assertThatThrownBy(() -> codec.encodeToWire(Buffer.buffer(), Sendings.authorize(1)))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> codec.decodeFromWire(0, Buffer.buffer()))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  private void deploy() {
    var accounts =
        Map.of("stripe_test", new PspAccount("stripe_test", scripted, scripted, scripted));
    await(
        vertx.deployVerticle(
            () -> new PspVerticle(accounts), new DeploymentOptions().setInstances(2)));
  }
}
