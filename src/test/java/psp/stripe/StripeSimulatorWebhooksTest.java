package psp.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static psp.Results.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import money.Money;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import payments.OperationKind;
import psp.PspCommand;
import psp.PspFact;
import psp.PspFact.Authorization;
import psp.PspFact.Dispute.Stage;
import psp.PspResult.Accepted;
import psp.PspResult.Approved;
import psp.PspResult.Declined;
import psp.PspWebhooks;
import psp.Sending;
import simulator.Receiver;
import simulator.Receiver.Received;
import simulator.Simulator;
import simulator.SimulatorOptions;
import support.Await;

/** The adapter reads what the simulator, which shares no code with it, sends. */
final class StripeSimulatorWebhooksTest {
  private static final String KEY = "sk_test_adapter";
  private static final Money AMOUNT = Money.of(1099, "usd");

  private final Vertx vertx = Vertx.vertx();
  private final Receiver receiver = new Receiver();
  private final Simulator simulator = await(Simulator.start(vertx, SimulatorOptions.defaults()));
  private final StripePsp psp =
      new StripePsp(
          vertx,
          new StripeSettings(
              "stripe_test",
              URI.create(simulator.baseUrl()),
              KEY,
              Duration.ofSeconds(10),
              Duration.ofSeconds(30),
              4,
              4,
              new StripeSettings.Webhooks(false, List.of(Receiver.SECRET), Duration.ofMinutes(5))));
  private final PspWebhooks webhooks = psp.account().webhooks();

  @BeforeEach
  void connect() {
    simulator.webhooks().sendTo(KEY, receiver.url(), Receiver.SECRET);
  }

  @AfterEach
  void stop() throws Exception {
    await(psp.close());
    await(simulator.close());
    await(vertx.close());
    receiver.close();
  }

  @Test
  void tellsAnAuthorizationByTheKeyItWasMadeWith() {
    Approved held = authorize("op_1", false);
    Approved captured =
        (Approved)
            await(
                psp.send(
                    sending(
                        OperationKind.CAPTURE,
                        new PspCommand.Capture("op_2", held.reference(), AMOUNT.withMinor(700)))));
    List<Authorization> told = told("payment_intent.succeeded", Authorization.class);
    assertThat(told).hasSize(1);
    assertThat(told.getFirst().reference()).isEqualTo(held.reference());
    assertThat(told.getFirst().operationKey()).isEqualTo("op_1");
    assertThat(told.getFirst().asCapture())
        .isInstanceOfSatisfying(
            Approved.class, fact -> assertThat(fact.amount()).isEqualTo(captured.amount()));
    assertThat(told("payment_intent.amount_capturable_updated", Authorization.class))
        .first()
        .extracting(Authorization::asAuthorize)
        .isInstanceOf(Approved.class);
  }

  @Test
  void tellsWhatTheDashboardDid() {
    Approved taken = authorize("op_1", true);
    simulator.dashboard().refund(taken.reference());
    List<PspFact.Refund> refunds = told("refund.created", PspFact.Refund.class);
    assertThat(refunds)
        .singleElement()
        .satisfies(
            refund -> {
              assertThat(refund.operationKey()).isNull();
              assertThat(refund.authorizationReference()).isEqualTo(taken.reference());
              assertThat(refund.amount()).isEqualTo(AMOUNT);
              assertThat(refund.result()).isInstanceOfAny(Approved.class, Accepted.class);
            });

    Approved disputed = authorize("op_2", true);
    var dispute = simulator.dashboard().dispute(disputed.reference(), 500L, "fraudulent");
    simulator.dashboard().winDispute(dispute.id());
    List<PspFact.Dispute> opened = told("charge.dispute.created", PspFact.Dispute.class);
    assertThat(opened)
        .singleElement()
        .satisfies(
            fact -> {
              assertThat(fact.authorizationReference()).isEqualTo(disputed.reference());
              assertThat(fact.amount()).isEqualTo(AMOUNT.withMinor(500));
              assertThat(fact.stage()).isEqualTo(Stage.OPEN);
            });
    assertThat(told("charge.dispute.closed", PspFact.Dispute.class))
        .singleElement()
        .extracting(PspFact.Dispute::stage)
        .isEqualTo(Stage.WON);

    Approved expired = authorize("op_3", false);
    simulator.dashboard().expire(expired.reference());
    assertThat(told("payment_intent.canceled", Authorization.class))
        .singleElement()
        .satisfies(
            fact -> {
              assertThat(fact.ended()).isTrue();
              assertThat(fact.endReason()).isEqualTo("automatic");
              assertThat(fact.asCapture()).isInstanceOf(Declined.class);
            });
    assertThatAllIsRead();
  }

  /** What the events of a type say, of which there is at least one in a while. */
  private <T extends PspFact> List<T> told(String type, Class<T> kind) {
    Await.until(
        type, () -> receiver.received().stream().anyMatch(each -> each.type().equals(type)));
    var facts = new ArrayList<T>();
    for (Received each : receiver.received()) {
      if (each.type().equals(type)) {
        facts.add(kind.cast(read(each)));
      }
    }
    return facts;
  }

  private PspFact read(Received received) {
    var check =
        webhooks.check(
            Map.of("Stripe-Signature", received.signature())::get,
            Buffer.buffer(received.body()),
            Instant.now());
    assertThat(check).as(received.type()).isInstanceOf(PspWebhooks.Genuine.class);
    PspWebhooks.Item item = ((PspWebhooks.Genuine) check).items().getFirst();
    assertThat(item.name()).isEqualTo(received.id());
    boolean ofPayment = received.object().containsKey("payment_intent");
    if (ofPayment || received.type().startsWith("payment_intent.")) {
      assertThat(item.subject()).as(received.type()).startsWith("pi_");
    }
    return webhooks.read(item.type(), item.body().toString());
  }

  private void assertThatAllIsRead() {
    assertThat(receiver.received())
        .allSatisfy(
            each ->
                assertThat(read(each)).as(each.type()).isNotInstanceOf(PspFact.Unreadable.class));
  }

  private Approved authorize(String key, boolean capture) {
    var command =
        new PspCommand.Authorize(
            key,
            AMOUNT,
            capture,
            "pm_card_visa",
            null,
            null,
            false,
            false,
            null,
            null,
            null,
            null,
            null,
            null,
            "https://shop.test/back",
            Map.of(),
            Map.of());
    return (Approved) await(psp.send(sending(OperationKind.AUTHORIZE, command)));
  }

  private Sending sending(OperationKind kind, PspCommand command) {
    return new Sending(
        "stripe_test",
        kind,
        command.operationId(),
        AMOUNT,
        psp.prepare(command),
        "key-" + command.operationId(),
        null,
        1,
        Instant.now());
  }
}
