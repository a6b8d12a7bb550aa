package simulator.adyen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import simulator.Latency;
import simulator.Receiver;
import simulator.SimulatorExtension;
import simulator.SimulatorOptions;
import simulator.webhooks.EventMatch;
import simulator.webhooks.WebhookFault;
import simulator.webhooks.WebhookFaults;
import simulator.webhooks.WebhookOptions;

/** Notifications in Adyen's form, and what goes wrong with them. */
class NotificationsTest {
  @RegisterExtension
  static final SimulatorExtension SIMULATOR =
      new SimulatorExtension(
          SimulatorOptions.defaults()
              .withWebhooks(
                  WebhookOptions.defaults()
                      .withConcurrency(1)
                      .withAttempts(3, Duration.ofMillis(1), Duration.ofMillis(4))));

  private final Receiver receiver = new Receiver();
  private final Shop shop = new Shop(SIMULATOR);

  @BeforeEach
  void connect() {
    SIMULATOR.simulator().webhooks().sendTo(Shop.KEY, receiver.url(), Notified.KEY);
    receiver.answers(
        one -> Notified.items(one.body()).stream().allMatch(Notified::signed) ? 202 : 401);
  }

  @AfterEach
  void disconnect() throws Exception {
    receiver.close();
  }

  private static WebhookFaults faults() {
    return SIMULATOR.simulator().faults().webhooks();
  }

  private List<Notified> told() throws Exception {
    return Notified.all(SIMULATOR.simulator(), receiver);
  }

  private List<String> eventCodes() throws Exception {
    return told().stream().map(Notified::eventCode).toList();
  }

  /** Published test vectors. */
  @Test
  void areSignedAsAdyenSigns() {
    assertThat(
            AdyenEventFormat.signature(
                "TestPayload", "9064450A8892A093D9E97EFCC9639DE31B74F3A7803135555A3C96F5A57915D6"))
        .isEqualTo("YA9/UDjldIO4Gq68X4ATYYoEaPYH4f4k2uzBBzEF1PA=");
    assertThat(
            AdyenEventFormat.signature(
                "pspReference:originalReference:merchantAccount:reference:1000:EUR:EVENT:true",
                "DFB1EB5485895CFA84146406857104ABB4CBCABDC8AAF103A624C8F6A3EAAB00"))
        .isEqualTo("ipnxGCaUZ4l8TUW75a71/ghd2Fe5ffvX0pV4TLTntIc=");
  }

  @Test
  void tellOfAnAuthorisation() throws Exception {
    String payment = shop.authorised(Shop.payment());

    Notified item = told().getFirst();

    assertThat(receiver.received().getFirst().json().getString("live")).isEqualTo("false");
    assertThat(item.signed()).isTrue();
    assertThat(item.eventCode()).isEqualTo("AUTHORISATION");
    assertThat(item.success()).isTrue();
    assertThat(item.pspReference()).isEqualTo(payment);
    assertThat(item.json().containsKey("originalReference")).isFalse();
    assertThat(item.text("merchantReference")).isEqualTo("order-1");
    assertThat(item.text("merchantAccountCode")).isEqualTo(Shop.MERCHANT);
    assertThat(item.text("paymentMethod")).isEqualTo("visa");
    assertThat(item.text("reason")).matches("\\d{6}:1111:03/2030");
    assertThat(item.json().getJsonObject("amount")).isEqualTo(Shop.amount(1000));
    assertThat(item.json().getJsonArray("operations"))
        .isEqualTo(new JsonArray().add("CANCEL").add("CAPTURE").add("REFUND"));
    assertThat(item.additional("metadata.operation_id")).isEqualTo("op-1");
    assertThat(item.additional("expiryDate")).isEqualTo("3/2030");
  }

  @Test
  void tellOfARefusal() throws Exception {
    shop.post(Shop.PAYMENTS, Shop.heldBy("NOT_ENOUGH_BALANCE"));

    assertThat(told().getFirst().success()).isFalse();
    assertThat(told().getFirst().text("reason")).isEqualTo("Not enough balance");
  }

  @Test
  void haveSeveralItemsWhenToldSo() throws Exception {
    SIMULATOR.simulator().adyen().itemsPerNotification(3);
    shop.captured(Shop.payment());
    assertThat(told()).isEmpty();

    shop.captured(Shop.payment());
    assertThat(told()).hasSize(3);
    assertThat(receiver.received()).hasSize(1);
    assertThat(SIMULATOR.simulator().adyen().sendHeldItems()).isEqualTo(1);

    assertThat(eventCodes())
        .containsExactly("AUTHORISATION", "CAPTURE", "AUTHORISATION", "CAPTURE");
    assertThat(told()).allMatch(Notified::signed);
    assertThatThrownBy(() -> SIMULATOR.simulator().adyen().itemsPerNotification(0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void areRepeatedUntilTheyAreAccepted() throws Exception {
    receiver.answers(one -> receiver.received().size() < 3 ? 500 : 200);

    shop.authorised(Shop.payment());

    assertThat(eventCodes()).containsExactly("AUTHORISATION", "AUTHORISATION", "AUTHORISATION");
    assertThat(SIMULATOR.simulator().webhooks().counts().delivered()).isEqualTo(1);
  }

  @Test
  void comeTwiceOrWronglySignedOrNotAtAll() throws Exception {
    faults().next(EventMatch.type("AUTHORISATION"), WebhookFault.duplicate(1));
    faults().next(EventMatch.type("CAPTURE"), WebhookFault.wrongSignature());
    faults().next(EventMatch.type("REFUND").account(Shop.KEY), WebhookFault.drop());
    String payment = shop.captured(Shop.payment());
    told();
    shop.modify(payment, "refunds", Shop.modification(100));

    assertThat(eventCodes())
        .containsExactlyInAnyOrder("AUTHORISATION", "AUTHORISATION", "CAPTURE", "CAPTURE");
    assertThat(told().stream().filter(item -> !item.signed()).map(Notified::eventCode))
        .containsExactly("CAPTURE");
    assertThat(SIMULATOR.simulator().webhooks().resendDropped()).isEqualTo(1);
    assertThat(eventCodes()).endsWith("REFUND");
  }

  @Test
  void comeBeforeTheAnswer() throws Exception {
    faults().next(EventMatch.type("AUTHORISATION"), WebhookFault.beforeAnswer());

    shop.authorised(Shop.payment());

    assertThat(receiver.received()).hasSize(1);
  }

  @Test
  void goBackInStatus() throws Exception {
    String payment = shop.authorised(Shop.payment());
    told();
    faults()
        .next(
            EventMatch.type("CAPTURE").object(payment).metadata("operation_id", "op-1"),
            WebhookFault.stale(Latency.NONE));

    shop.modify(payment, "captures", Shop.modification(1000));

    assertThat(eventCodes()).containsExactly("AUTHORISATION", "CAPTURE", "AUTHORISATION");
    assertThat(told()).allMatch(Notified::signed);
    assertThat(told().getLast().json()).isNotEqualTo(told().getFirst().json());
  }

  @Test
  void areNotMixedUpWithStripes() throws Exception {
    SIMULATOR
        .caller()
        .post(
            "/v1/payment_intents",
            "amount",
            "1000",
            "currency",
            "usd",
            "confirm",
            "true",
            "payment_method",
            "pm_card_visa");
    shop.authorised(Shop.payment());

    assertThat(eventCodes()).containsExactly("AUTHORISATION");
    assertThat(SIMULATOR.simulator().webhooks().events(Shop.KEY)).hasSize(1);
    assertThat(SIMULATOR.simulator().truth().charges()).hasSize(2);
  }
}
