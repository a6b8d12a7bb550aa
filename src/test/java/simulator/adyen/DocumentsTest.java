package simulator.adyen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import simulator.CallMatch;
import simulator.Caller.Reply;
import simulator.Dashboard;
import simulator.Fault;
import simulator.Receiver;
import simulator.SimulatorExtension;
import simulator.TestCard.RefundBehaviour;

/** What we say is what Adyen's documents say, wherever these are at hand. */
class DocumentsTest {
  @RegisterExtension static final SimulatorExtension SIMULATOR = new SimulatorExtension();

  private static final String PAYMENTS = "/payments";
  private static final String OF_PAYMENT = "/payments/{paymentPspReference}/";

  private final AdyenDocuments documents = new AdyenDocuments();
  private final Shop shop = new Shop(SIMULATOR);

  private JsonObject post(String path, String operation, JsonObject request) {
    documents.checkRequest(operation, request.encode());
    Reply reply = shop.post("/v71" + path, request);
    documents.checkAnswer(operation, reply.status(), reply.body());
    return reply.json();
  }

  private String pay(JsonObject request) {
    return post(PAYMENTS, PAYMENTS, request).getString("pspReference");
  }

  private void modify(String payment, String what, JsonObject request) {
    post("/payments/" + payment + "/" + what, OF_PAYMENT + what, request);
  }

  /** A check that takes everything would be worth nothing. */
  @Test
  void doNotTakeEverything() {
    assertThatThrownBy(() -> documents.checkAnswer(PAYMENTS, 200, "{\"colour\":\"red\"}"))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> documents.checkAnswer(PAYMENTS, 200, "{\"resultCode\":\"Splendid\"}"))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(
            () ->
                documents.checkNotification(
                    """
                    {"live":"false","notificationItems":[{"NotificationRequestItem":
                    {"eventCode":"CAPTURE","additionalData":{}}}]}
                    """))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void answersToPayments() {
    for (Outcome outcome : Outcome.ALL) {
      pay(Shop.heldBy(outcome.holderName()));
    }
    pay(
        Shop.payment()
            .put("storePaymentMethod", true)
            .put("shopperReference", "jenny")
            .put("recurringProcessingModel", "CardOnFile")
            .put("fraudOffset", 60));
    String waiting = pay(Shop.payment(Shop.card(Shop.CHALLENGED)));
    String back =
        SIMULATOR
            .simulator()
            .adyen()
            .completeChallenge(waiting, true)
            .orElseThrow()
            .getQuery()
            .replaceAll(".*redirectResult=", "");
    post(
        "/payments/details",
        "/payments/details",
        new JsonObject().put("details", new JsonObject().put("redirectResult", back)));
  }

  @Test
  void answersAboutStoredCards() {
    String path = "/storedPaymentMethods";
    post(path, path, Shop.storing("jenny"));
    Reply list =
        shop.get("/v71" + path + "?merchantAccount=" + Shop.MERCHANT + "&shopperReference=jenny");
    documents.checkAnswer(path, "get", list.status(), list.body());
  }

  @Test
  void answersToModifications() {
    String captured = pay(Shop.payment());
    modify(captured, "captures", Shop.modification(1000));
    modify(
        captured,
        "refunds",
        Shop.modification(100).put("merchantRefundReason", "CUSTOMER REQUEST"));
    modify(captured, "reversals", Shop.modification());
    String held = pay(Shop.payment().put("reference", "order-2"));
    modify(held, "cancels", Shop.modification());
    post("/cancels", "/cancels", Shop.modification().put("paymentReference", "order-2"));
  }

  @Test
  void errors() {
    List.of(Fault.serverError(500), Fault.unauthorized(), Fault.keyInUse())
        .forEach(
            fault -> {
              SIMULATOR.simulator().faults().next(CallMatch.any(), fault);
              pay(Shop.payment());
            });
    for (JsonObject wrong :
        List.of(
            new JsonObject(),
            Shop.payment().put("colour", "red"),
            Shop.payment().put("amount", Shop.amount(-1)))) {
      Reply refused = shop.post(Shop.PAYMENTS, wrong);
      documents.checkAnswer(PAYMENTS, refused.status(), refused.body());
    }
  }

  @Test
  void notifications() throws Exception {
    try (Receiver receiver = new Receiver()) {
      SIMULATOR.simulator().webhooks().sendTo(Shop.KEY, receiver.url(), Notified.KEY);
      everythingHappens();
      SIMULATOR.simulator().webhooks().idle().await(30, TimeUnit.SECONDS);

      TreeSet<String> codes = new TreeSet<>();
      receiver
          .received()
          .forEach(
              one -> {
                documents.checkNotification(one.body());
                Notified.items(one.body()).forEach(item -> codes.add(item.eventCode()));
              });
      assertThat(codes)
          .containsExactly(
              "AUTHORISATION",
              "CANCELLATION",
              "CANCEL_OR_REFUND",
              "CAPTURE",
              "CAPTURE_FAILED",
              "CHARGEBACK",
              "CHARGEBACK_REVERSED",
              "DISPUTE_DEFENSE_PERIOD_ENDED",
              "EXPIRE",
              "INFORMATION_SUPPLIED",
              "NOTIFICATION_OF_CHARGEBACK",
              "REFUND",
              "REFUND_FAILED",
              "REQUEST_FOR_INFORMATION",
              "SECOND_CHARGEBACK",
              "TECHNICAL_CANCEL");
    }
  }

  private void everythingHappens() {
    answersToPayments();
    answersToModifications();
    String trouble = shop.captured(Shop.heldBy("Second Chargeback"));
    shop.captured(Shop.heldBy("capture failed"));
    String refunded = shop.captured(Shop.heldBy("refund failed"));
    modify(refunded, "refunds", Shop.modification(100));
    modify(refunded, "cancels", Shop.modification());
    for (int settlement = 0; settlement < 3; settlement++) {
      SIMULATOR.simulator().settlePending();
    }
    Dashboard dashboard = SIMULATOR.simulator().dashboard();
    dashboard.expire(shop.authorised(Shop.payment()));
    dashboard.refund(refunded, 100L, RefundBehaviour.SUCCEED);
    String inquiry = dashboard.inquire(refunded, 100L, "general").id();
    dashboard.review(inquiry);
    dashboard.loseDispute(dashboard.dispute(refunded, 100L, "fraudulent").id());
    assertThat(trouble).hasSize(16);
    post("/cancels", "/cancels", Shop.modification().put("paymentReference", "nothing"));
  }
}
