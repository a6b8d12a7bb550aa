package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import simulator.Authorization;
import simulator.CallMatch;
import simulator.Fault;
import simulator.Operation;
import simulator.Simulator;
import simulator.TestCard.RefundBehaviour;
import simulator.webhooks.EventMatch;
import simulator.webhooks.WebhookFault;
import support.Await;
import support.TestGateway;

/** Where payments take their course, with one PSP behind. */
final class Counter implements AutoCloseable {
  private static final long AMOUNT = 1_099;
  private static final String BACK = "https://shop.test/back";

  private final Behind psp;
  private final TestGateway gateway;
  private final Simulator simulator;
  private final Till till;
  private final Cardholder cardholder = new Cardholder();

  Counter(Behind psp) {
    this.psp = psp;
    this.gateway = psp.start();
    this.simulator = gateway.simulator();
    this.till = new Till(gateway);
  }

  /** Has a payment go its way to the end; how it ended. */
  String endOf(Course course) {
    try {
      String id = take(course);
      simulator.faults().clear();
      simulator.faults().release();
      Await.until(course.title() + " is settled at " + psp.title(), () -> isSettled(id));
      return end(id);
    } finally {
      simulator.refuseConnections(false).await();
      psp.balance(gateway);
    }
  }

  private boolean isSettled(String id) {
    simulator.webhooks().idle().await();
    gateway.awaitWorkedInbox();
    return gateway.number(
            "SELECT count(*) FROM operation WHERE status IN ('pending', 'unknown', 'accepted') AND"
                + " payment_id = '"
                + Till.uuid(id)
                + "'")
        == 0;
  }

  private String end(String id) {
    long taken = column(id, "captured");
    long givenBack = column(id, "refunded");
    List<Authorization> charges = TwoAccounts.charges(gateway, id, psp.account());
    long takenThere = charges.stream().mapToLong(Authorization::capturedMinor).sum();
    long givenBackThere = charges.stream().mapToLong(Authorization::refundedMinor).sum();
    String end =
        "%s, %d taken, %d given back, %d charge%s"
            .formatted(
                till.status(id), taken, givenBack, charges.size(), charges.size() == 1 ? "" : "s");
    return takenThere == taken && givenBackThere == givenBack
        ? end
        : end + ", but there %d and %d".formatted(takenThere, givenBackThere);
  }

  private long column(String id, String name) {
    return gateway.number(
        "SELECT " + name + " FROM payment WHERE payment_id = '" + Till.uuid(id) + "'");
  }

  private String take(Course course) {
    return switch (course) {
      case TAKEN_AT_ONCE -> pay();
      case HELD_AND_CAPTURED -> capture(hold(), AMOUNT);
      case HELD_AND_CAPTURED_IN_PART -> capture(hold(), 700);
      case HELD_AND_LET_GO -> cancel(hold());
      case HOLD_EXPIRES -> expires();
      case DECLINED -> declined("pm_card_chargeDeclined", "");
      case DECLINED_AND_PAID_WITH_ANOTHER_CARD ->
          paysAfterAll(declined("pm_card_chargeDeclinedInsufficientFunds", ""));
      case DUPLICATE -> sentFiveTimes();
      case DUPLICATE_AFTER_A_LOST_ANSWER -> {
        next(Operation.AUTHORIZE, Fault.answerLost());
        yield sentFiveTimes();
      }
      case CONNECTION_REFUSED_THEN_PAID -> {
        simulator.refuseConnections(true).await();
        String id = till.pay(AMOUNT).payment().getString("id");
        simulator.refuseConnections(false).await();
        yield paysAfterAll(id);
      }
      case KEY_REFUSED_THEN_PAID -> {
        next(Operation.AUTHORIZE, Fault.unauthorized());
        yield paysAfterAll(till.pay(AMOUNT).expect(402).payment().getString("id"));
      }
      case TIMEOUT_BEFORE_EFFECT -> payUnder(Fault.hang());
      case TIMEOUT_AFTER_EFFECT -> payUnder(Fault.hangAfterEffect());
      case RESET_BEFORE_EFFECT -> payUnder(Fault.reset());
      case RESET_AFTER_EFFECT -> payUnder(Fault.answerLost());
      case SERVER_ERROR_BEFORE_EFFECT -> payUnder(Fault.serverError(500));
      case SERVER_ERROR_AFTER_EFFECT -> payUnder(Fault.serverErrorAfterEffect(503));
      case SERVER_ERROR_AFTER_EFFECT_REPLAYED -> payUnder(Fault.serverErrorAfterEffectKept(500));
      case TOO_MANY_REQUESTS -> payUnder(Fault.rateLimited(Duration.ofSeconds(1)));
      case GARBAGE -> payUnder(Fault.truncated());
      case UNKNOWN_STATUS -> payUnder(Fault.misstateStatus("charmed"));
      case AMOUNT_DIFFERS_AND_IS_LOOKED_AT_AGAIN -> lookedAtAgain(Fault.misstateAmount(100));
      case CURRENCY_DIFFERS_AND_IS_LOOKED_AT_AGAIN -> lookedAtAgain(Fault.misstateCurrency("eur"));
      case WEBHOOK_BEFORE_THE_ANSWER -> {
        webhooks(WebhookFault.beforeAnswer());
        yield pay();
      }
      case WEBHOOK_LATE -> {
        webhooks(WebhookFault.drop());
        yield told(capture(hold(), 700));
      }
      case WEBHOOKS_TWICE -> {
        webhooks(WebhookFault.duplicate(2));
        yield refund(pay(), 300);
      }
      case WEBHOOK_WRONGLY_SIGNED_AT_FIRST -> {
        webhooks(WebhookFault.wrongSignature());
        yield refund(pay(), 300);
      }
      case CAPTURE_REFUSED_THEN_CAPTURED -> {
        String id = hold();
        next(Operation.CAPTURE, Fault.unauthorized());
        assertThat(capturing(id, AMOUNT).status()).isEqualTo(400);
        yield capture(id, AMOUNT);
      }
      case CAPTURE_OF_WHAT_HAS_EXPIRED -> capturesTheExpired();
      case CAPTURE_ANSWER_LOST -> {
        next(Operation.CAPTURE, Fault.answerLost());
        yield capture(hold(), 700);
      }
      case CAPTURE_FAILS_AFTERWARDS -> {
        String id = capture(hold(), AMOUNT);
        till.settles(id, "succeeded");
        simulator.dashboard().failCapture(reference(id));
        yield id;
      }
      case RELEASE_ANSWER_LOST -> {
        next(Operation.CANCEL, Fault.answerLost());
        yield cancel(hold());
      }
      case SEVERAL_REFUNDS -> refund(refund(refund(pay(), 300), 400), 399);
      case REFUNDS_AT_ONCE_OF_MORE_THAN_THERE_IS -> refundsAtOnce();
      case REFUND_ANSWER_LOST -> {
        next(Operation.REFUND, Fault.answerLost());
        yield refund(pay(), 500);
      }
      case REFUND_REFUSED -> {
        String id = pay();
        next(Operation.REFUND, Fault.unauthorized());
        till.refund(id, 500).expect(400);
        yield id;
      }
      case REFUND_FAILS_AFTERWARDS -> refundFails();
      case REFUNDED_AT_THE_PSP -> {
        String id = pay();
        simulator.dashboard().refund(reference(id), 200L, RefundBehaviour.SUCCEED);
        yield id;
      }
      case AUTHENTICATED -> comesBack(true);
      case NOT_AUTHENTICATED -> comesBack(false);
      case NOT_AUTHENTICATED_THEN_PAID_WITH_ANOTHER_CARD -> {
        String id = comesBack(false);
        till.settles(id, "requires_payment_method");
        yield paysAfterAll(id);
      }
      case AUTHENTICATION_LEFT_AND_CANCELED -> cancel(challenged().getString("id"));
      case AUTHENTICATION_NOBODY_IS_THERE_FOR ->
          declined("pm_card_authenticationRequired", "off_session=true");
    };
  }

  // ---- what merchants do

  private String pay() {
    return till.pay(AMOUNT).in("succeeded").id();
  }

  private String payUnder(Fault fault) {
    next(Operation.AUTHORIZE, fault);
    return till.pay(AMOUNT).expect(200).id();
  }

  private String hold() {
    return till.hold(AMOUNT).in("requires_capture").id();
  }

  private Till.Reply capturing(String id, long amount) {
    return till.post("/v1/payment_intents/" + id + "/capture", "amount_to_capture=" + amount);
  }

  private String capture(String id, long amount) {
    capturing(id, amount).expect(200);
    return id;
  }

  private String cancel(String id) {
    till.post("/v1/payment_intents/" + id + "/cancel", "").expect(200);
    return id;
  }

  private String refund(String id, long amount) {
    till.refund(id, amount).expect(200);
    return id;
  }

  private String declined(String card, String more) {
    return till.post("/v1/payment_intents", Till.form(AMOUNT, card, more))
        .expect(402)
        .payment()
        .getString("id");
  }

  /** Tries until the payment has succeeded. */
  private String paysAfterAll(String id) {
    Await.until(
        id + " is paid",
        () -> {
          if (till.status(id).equals("requires_payment_method")) {
            till.post("/v1/payment_intents/" + id + "/confirm", "payment_method=" + Till.VISA);
          }
          return till.status(id).equals("succeeded");
        });
    return id;
  }

  private String sentFiveTimes() {
    String key = Till.newKey();
    String form = Till.form(AMOUNT, Till.VISA, "");
    List<CompletableFuture<Till.Reply>> replies =
        Stream.generate(() -> till.posting("/v1/payment_intents", form, key)).limit(4).toList();
    replies.forEach(reply -> assertThat(reply.join().status()).isIn(200, 409));
    return till.pay(AMOUNT, "", key).expect(200).id();
  }

  private String refundsAtOnce() {
    String id = pay();
    String form = "payment_intent=" + id + "&amount=400";
    List<CompletableFuture<Till.Reply>> replies =
        Stream.generate(() -> till.posting("/v1/refunds", form, Till.newKey())).limit(4).toList();
    assertThat(replies.stream().filter(reply -> reply.join().status() == 200)).hasSize(2);
    return id;
  }

  // ---- what happens at the PSP

  private void next(Operation operation, Fault fault) {
    simulator.faults().next(CallMatch.of(operation), fault);
  }

  private void webhooks(WebhookFault fault) {
    simulator.faults().webhooks().always(EventMatch.any(), fault);
  }

  /** What was held back is told now. */
  private String told(String id) {
    simulator.faults().webhooks().clear();
    simulator.webhooks().resendDropped();
    return id;
  }

  private String reference(String id) {
    return till.operation(id, "authorize", "psp_reference").orElseThrow();
  }

  private String expires() {
    String id = hold();
    simulator.dashboard().expire(reference(id));
    return id;
  }

  private String capturesTheExpired() {
    webhooks(WebhookFault.drop());
    String id = expires();
    assertThat(capturing(id, AMOUNT).status()).isIn(200, 400);
    return told(id);
  }

  /** The PSP says another thing than it did: an operator has it looked at again. */
  private String lookedAtAgain(Fault fault) {
    webhooks(WebhookFault.drop());
    String id = payUnder(fault);
    assertThat(till.status(id)).isEqualTo("processing");
    assertThat(till.anomaly(id, false).orElseThrow().getString("kind"))
        .isEqualTo("amount_mismatch");
    till.refund(id, 1).expect(400);
    gateway.operate(
        "/ops/operations/demo/"
            + till.held(id).orElseThrow().getString("operation")
            + "/look-again",
        "{\"reason\": \"the answer was wrong\"}");
    till.settles(id, "succeeded");
    return told(id);
  }

  private String refundFails() {
    String id =
        till.post("/v1/payment_intents", Till.form(AMOUNT, "pm_card_refundFail", ""))
            .in("succeeded")
            .id();
    String refund = till.refund(id, 500).expect(200).id();
    till.refundSettles(refund, "succeeded");
    simulator.settlePending();
    till.refundSettles(refund, "failed");
    return id;
  }

  private JsonObject challenged() {
    return till.post(
            "/v1/payment_intents",
            Till.form(AMOUNT, "pm_card_threeDSecure2Required", "return_url=" + BACK))
        .in("requires_action")
        .body();
  }

  private String comesBack(boolean passed) {
    JsonObject payment = challenged();
    assertThat(cardholder.answers(gateway, Cardholder.page(payment), passed)).startsWith(BACK);
    String id = payment.getString("id");
    Await.until(id + " goes on", () -> !till.status(id).equals("requires_action"));
    return id;
  }

  @Override
  public void close() {
    cardholder.close();
    till.close();
    gateway.close();
  }
}
