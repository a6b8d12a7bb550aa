package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.stripe.exception.CardException;
import com.stripe.exception.IdempotencyException;
import com.stripe.exception.StripeException;
import com.stripe.net.RequestOptions;
import com.stripe.param.PaymentIntentCreateParams;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import simulator.CallMatch;
import simulator.Fault;
import simulator.Operation;
import support.Await;

/** One idempotency key is one request: done once, answered always the same. */
final class IdempotencyIT {
  private static final String PAY =
      "amount=1000&currency=eur&confirm=true&payment_method=pm_card_visa";

  private static Shop shop;
  private static Wire wire;

  @BeforeAll
  static void open() {
    shop = Shop.open();
    wire = new Wire(shop.gateway());
  }

  @AfterAll
  static void audit() {
    try (var closing = shop;
        var alsoClosing = wire) {
      closing.audit();
    }
  }

  private static void replays(HttpResponse<String> first, HttpResponse<String> second) {
    assertThat(second.statusCode()).isEqualTo(first.statusCode());
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(Wire.header(first, "Idempotent-Replayed")).isEmpty();
    assertThat(Wire.header(second, "Idempotent-Replayed")).isEqualTo("true");
    assertThat(Wire.header(second, "Idempotency-Key"))
        .isEqualTo(Wire.header(first, "Idempotency-Key"));
  }

  @Test
  void replaysAPaymentByteForByteWithoutChargingAgain() {
    int before = shop.attempts();
    var first = wire.keyed("pay-1", "/v1/payment_intents", PAY);
    assertThat(first.statusCode()).isEqualTo(200);
    replays(first, wire.keyed("pay-1", "/v1/payment_intents", PAY));
    assertThat(shop.attempts()).isEqualTo(before + 1);
  }

  @Test
  void replaysADeclineByteForByte() {
    int before = shop.attempts();
    String form = PAY.replace("pm_card_visa", Shop.DECLINED);
    var first = wire.keyed("decline-1", "/v1/payment_intents", form);
    assertThat(first.statusCode()).isEqualTo(402);
    replays(first, wire.keyed("decline-1", "/v1/payment_intents", form));
    assertThat(shop.attempts()).isEqualTo(before + 1);
  }

  @Test
  void replaysTheFirstAnswerWhateverBecameOfThePayment() {
    String form = "amount=1000&currency=eur&payment_method=pm_card_visa";
    var created = wire.keyed("later-1", "/v1/payment_intents", form);
    String id = Wire.json(created).getString("id");
    assertThat(wire.post("/v1/payment_intents/" + id + "/confirm", "").statusCode()).isEqualTo(200);
    var replay = wire.keyed("later-1", "/v1/payment_intents", form);
    replays(created, replay);
    assertThat(Wire.json(replay).getString("status")).isEqualTo("requires_confirmation");
  }

  @Test
  void replaysEveryKindOfPost() throws StripeException {
    String held = shop.hold(Shop.VISA).getId();
    String voided = shop.hold(Shop.VISA).getId();
    String open = shop.unpaid().getId();
    String paid = shop.pay(Shop.VISA).getId();
    String customer = Wire.json(wire.post("/v1/customers", "name=Ada")).getString("id");
    String refund =
        Wire.json(wire.post("/v1/refunds", "payment_intent=" + paid + "&amount=1")).getString("id");
    String method =
        Wire.json(wire.post("/v1/payment_methods/pm_card_visa/attach", "customer=" + customer))
            .getString("id");
    List<List<String>> posts =
        List.of(
            List.of("/v1/payment_intents", "amount=1000&currency=eur"),
            List.of("/v1/payment_intents/" + open, "amount=1100&metadata[a]=1"),
            List.of("/v1/payment_intents/" + open + "/confirm", "payment_method=pm_card_visa"),
            List.of("/v1/payment_intents/" + held + "/capture", "amount_to_capture=400"),
            List.of("/v1/payment_intents/" + voided + "/cancel", ""),
            List.of("/v1/refunds", "amount=100&payment_intent=" + paid),
            List.of("/v1/refunds/" + refund, "metadata[a]=1"),
            List.of("/v1/customers", "email=ada@example.com"),
            List.of("/v1/customers/" + customer, "name=Grace"),
            List.of("/v1/payment_methods/pm_card_mastercard/attach", "customer=" + customer),
            List.of("/v1/payment_methods/" + method + "/detach", ""));
    int charges = shop.attempts() + 1;
    int refunds = shop.truth().refunds().size() + 1;
    for (List<String> post : posts) {
      String key = "every-" + post.getFirst();
      var first = wire.keyed(key, post.getFirst(), post.getLast());
      assertThat(first.statusCode()).as(post.getFirst() + first.body()).isEqualTo(200);
      replays(first, wire.keyed(key, post.getFirst(), post.getLast()));
    }
    assertThat(shop.attempts()).isEqualTo(charges);
    assertThat(shop.truth().refunds()).hasSize(refunds);
  }

  @Test
  void takesTheSameParametersInAnotherOrderForTheSameRequest() {
    var first = wire.keyed("order-1", "/v1/payment_intents", "amount=1000&currency=eur");
    replays(first, wire.keyed("order-1", "/v1/payment_intents", "currency=eur&amount=1000"));
  }

  @Test
  void refusesTheKeyForAnotherBody() throws StripeException {
    var options = RequestOptions.builder().setIdempotencyKey("body-1").build();
    shop.payments().create(Shop.order().build(), options);
    var refused =
        catchThrowableOfType(
            IdempotencyException.class,
            () -> shop.payments().create(Shop.order().setAmount(1001L).build(), options));
    assertThat(refused.getStatusCode()).isEqualTo(400);
    assertThat(refused.getStripeError().getType()).isEqualTo("idempotency_error");
    assertThat(refused).hasMessageContaining("body-1").hasMessageContaining("same parameters");
  }

  @Test
  void refusesTheKeyForAnotherPath() throws StripeException {
    String one = shop.unpaid().getId();
    String other = shop.unpaid().getId();
    String form = "payment_method=pm_card_visa";
    assertThat(wire.keyed("path-1", "/v1/payment_intents/" + one + "/confirm", form).statusCode())
        .isEqualTo(200);
    int before = shop.attempts();
    var refused = wire.keyed("path-1", "/v1/payment_intents/" + other + "/confirm", form);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(Wire.error(refused).getString("type")).isEqualTo("idempotency_error");
    assertThat(shop.attempts()).isEqualTo(before);
  }

  @Test
  void aRequestRefusedForItsParametersDoesNotUseTheKeyUp() {
    assertThat(wire.keyed("fix-1", "/v1/payment_intents", "amount=0&currency=eur").statusCode())
        .isEqualTo(400);
    var mended = wire.keyed("fix-1", "/v1/payment_intents", "amount=1000&currency=eur");
    assertThat(mended.statusCode()).isEqualTo(200);
  }

  @Test
  void aRequestRefusedForTheStateOfItsObjectDoesNotUseTheKeyUp() throws StripeException {
    String id =
        shop.payments()
            .create(
                Shop.order()
                    .setCaptureMethod(PaymentIntentCreateParams.CaptureMethod.MANUAL)
                    .build())
            .getId();
    String capture = "/v1/payment_intents/" + id + "/capture";
    assertThat(wire.keyed("state-1", capture, "").statusCode()).isEqualTo(400);
    wire.post("/v1/payment_intents/" + id + "/confirm", "payment_method=pm_card_visa");
    assertThat(wire.keyed("state-1", capture, "").statusCode()).isEqualTo(200);
  }

  @Test
  void refusesAKeyThatIsStillAtWork() throws Exception {
    var simulator = shop.gateway().simulator();
    simulator.faults().next(CallMatch.of(Operation.AUTHORIZE), Fault.hang());
    int before = shop.attempts();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<HttpResponse<String>> first =
          threads.submit(() -> wire.keyed("busy-1", "/v1/payment_intents", PAY));
      Await.until("the PSP is asked", () -> simulator.faults().hanging() == 1);
      var refused = wire.keyed("busy-1", "/v1/payment_intents", PAY);
      assertThat(refused.statusCode()).isEqualTo(409);
      assertThat(Wire.error(refused).getString("code")).isEqualTo("idempotency_key_in_use");
      assertThat(Wire.error(refused).getString("type")).isEqualTo("idempotency_error");
      simulator.faults().release();
      var answered = first.get();
      assertThat(answered.statusCode()).isEqualTo(200);
      replays(answered, wire.keyed("busy-1", "/v1/payment_intents", PAY));
    }
    assertThat(shop.attempts()).isEqualTo(before + 1);
  }

  @Test
  void concurrentRequestsUnderOneKeyMakeOneCharge() throws Exception {
    var simulator = shop.gateway().simulator();
    simulator.faults().next(CallMatch.of(Operation.AUTHORIZE), Fault.delay(Duration.ofMillis(200)));
    int before = shop.attempts();
    var answers = new ArrayList<HttpResponse<String>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var sent = new ArrayList<Future<HttpResponse<String>>>();
      for (int i = 0; i < 20; i++) {
        sent.add(threads.submit(() -> wire.keyed("many-1", "/v1/payment_intents", PAY)));
      }
      for (Future<HttpResponse<String>> one : sent) {
        answers.add(one.get());
      }
    }
    assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200, 409);
    var done = answers.stream().filter(answer -> answer.statusCode() == 200).toList();
    assertThat(done).extracting(HttpResponse::body).containsOnly(done.getFirst().body());
    assertThat(done)
        .filteredOn(answer -> Wire.header(answer, "Idempotent-Replayed").isEmpty())
        .as("one of them did it, the others replay")
        .hasSize(1);
    assertThat(shop.attempts()).isEqualTo(before + 1);
  }

  @Test
  void replaysAfterARestartOfTheGateway() {
    String declining = PAY.replace("pm_card_visa", Shop.INSUFFICIENT_FUNDS);
    var paid = wire.keyed("restart-1", "/v1/payment_intents", PAY);
    var declined = wire.keyed("restart-2", "/v1/payment_intents", declining);
    int before = shop.attempts();
    shop.gateway().restart();
    replays(paid, wire.keyed("restart-1", "/v1/payment_intents", PAY));
    replays(declined, wire.keyed("restart-2", "/v1/payment_intents", declining));
    assertThat(shop.attempts()).isEqualTo(before);
  }

  @Test
  void theSdkSeesAReplayedDeclineAsTheDeclineItWas() {
    var options = RequestOptions.builder().setIdempotencyKey("sdk-1").build();
    var params = Shop.order(Shop.INSUFFICIENT_FUNDS).build();
    var first =
        catchThrowableOfType(CardException.class, () -> shop.payments().create(params, options));
    var second =
        catchThrowableOfType(CardException.class, () -> shop.payments().create(params, options));
    assertThat(second.getDeclineCode()).isEqualTo("insufficient_funds");
    assertThat(second.getCharge()).isEqualTo(first.getCharge());
    assertThat(second.getRequestId()).isNotEqualTo(first.getRequestId());
  }

  @Test
  void refusesAKeyThatCannotBeOne() {
    assertThat(wire.keyed("k".repeat(256), "/v1/payment_intents", PAY).statusCode()).isEqualTo(400);
  }
}
