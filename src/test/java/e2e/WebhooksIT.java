package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.stripe.exception.SignatureVerificationException;
import com.stripe.exception.StripeException;
import com.stripe.model.Charge;
import com.stripe.model.Event;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.model.WebhookEndpoint;
import com.stripe.net.RequestOptions;
import com.stripe.net.Webhook;
import com.stripe.param.EventListParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.WebhookEndpointCreateParams;
import com.stripe.param.WebhookEndpointCreateParams.EnabledEvent;
import com.stripe.param.WebhookEndpointUpdateParams;
import com.stripe.service.V1Services;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import support.Await;
import support.Receiver;
import support.Receiver.Received;
import support.TestGateway;

/** What happens to payments, as it reaches a merchant's receiver. */
final class WebhooksIT {
  private static TestGateway gateway;
  private static Wire wire;

  private final List<Receiver> receivers = new ArrayList<>();

  @BeforeAll
  static void open() {
    gateway =
        TestGateway.start(
            "--deliveries.schedule=50ms,100ms",
            "--deliveries.poll-interval=50ms",
            "--deliveries.timeout=30s",
            "--deliveries.max-concurrent=8",
            "--deliveries.max-per-endpoint=4");
    wire = new Wire(gateway);
  }

  @AfterAll
  static void close() {
    try (var closing = gateway;
        var alsoClosing = wire) {
      assertThat(closing.api()).isNotNull();
    }
  }

  /** What happened before a test is told to no endpoint of it. */
  @BeforeEach
  void settle() {
    Await.until("all is told", () -> gateway.number("SELECT count(*) FROM outbox") == 0);
  }

  @AfterEach
  void closeReceivers() {
    gateway.database().execute("DELETE FROM webhook_endpoint");
    receivers.forEach(Receiver::close);
  }

  private Receiver receiver() {
    var receiver = new Receiver();
    receivers.add(receiver);
    return receiver;
  }

  private static V1Services stripe() {
    return gateway.stripe().v1();
  }

  private static WebhookEndpoint endpoint(Receiver receiver, EnabledEvent... events)
      throws StripeException {
    return stripe()
        .webhookEndpoints()
        .create(
            WebhookEndpointCreateParams.builder()
                .setUrl(receiver.url())
                .addAllEnabledEvent(
                    events.length == 0 ? List.of(EnabledEvent.ALL) : List.of(events))
                .build());
  }

  private static PaymentIntent pay(String key) throws StripeException {
    return stripe()
        .paymentIntents()
        .create(
            PaymentIntentCreateParams.builder()
                .setAmount(1099L)
                .setCurrency("usd")
                .setPaymentMethod("pm_card_visa")
                .setConfirm(true)
                .build(),
            RequestOptions.builder().setIdempotencyKey(key).build());
  }

  /** As a merchant's handler does it; fails where the signature is not right. */
  private static Event event(Received request, String secret) {
    try {
      return Webhook.constructEvent(request.body(), request.header("Stripe-signature"), secret);
    } catch (SignatureVerificationException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Event> events(Receiver receiver, WebhookEndpoint endpoint) {
    return receiver.received().stream()
        .map(request -> event(request, endpoint.getSecret()))
        .toList();
  }

  private static Set<String> ids(Receiver receiver) {
    return receiver.received().stream()
        .map(request -> new JsonObject(request.body()).getString("id"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static long pending(WebhookEndpoint endpoint) {
    return gateway.number(
        "SELECT count(*) FROM delivery d JOIN webhook_endpoint e USING (merchant_id, endpoint_id)"
            + " WHERE d.status = 'pending' AND e.url = '"
            + endpoint.getUrl()
            + "'");
  }

  private static <T> T object(Event event, Class<T> type) {
    return type.cast(event.getDataObjectDeserializer().getObject().orElseThrow());
  }

  private static Event ofType(List<Event> events, String type) {
    return events.stream().filter(it -> it.getType().equals(type)).findFirst().orElseThrow();
  }

  @Test
  void tellsAPaymentAndItsRefundInTheWordsOfTheSdk() throws StripeException {
    Receiver receiver = receiver();
    WebhookEndpoint endpoint = endpoint(receiver);
    PaymentIntent paid = pay("told-1");
    Refund refund =
        stripe()
            .refunds()
            .create(
                RefundCreateParams.builder()
                    .setPaymentIntent(paid.getId())
                    .setAmount(400L)
                    .build());
    Await.until(
        "the refund's events",
        () ->
            events(receiver, endpoint).stream()
                .anyMatch(it -> it.getType().equals("refund.updated")));
    Await.until("all is delivered", () -> pending(endpoint) == 0);

    List<Event> told = events(receiver, endpoint);
    assertThat(told)
        .extracting(Event::getType)
        .contains(
            "payment_intent.created",
            "charge.succeeded",
            "payment_intent.succeeded",
            "refund.created",
            "charge.refunded",
            "refund.updated");
    Event succeeded = ofType(told, "payment_intent.succeeded");
    assertThat(object(succeeded, PaymentIntent.class).getStatus()).isEqualTo("succeeded");
    assertThat(succeeded.getRequest().getIdempotencyKey()).isEqualTo("told-1");
    assertThat(succeeded.getRequest().getId()).startsWith("req_");
    // As the change left it, not as it is now: the refund came later.
    assertThat(object(ofType(told, "charge.succeeded"), Charge.class).getAmountRefunded()).isZero();
    Charge refunded = object(ofType(told, "charge.refunded"), Charge.class);
    assertThat(refunded.getId()).isEqualTo(paid.getLatestCharge());
    assertThat(refunded.getAmountRefunded()).isEqualTo(400);
    assertThat(object(ofType(told, "refund.created"), Refund.class).getStatus())
        .isEqualTo("pending");
    assertThat(object(ofType(told, "refund.updated"), Refund.class).getId())
        .isEqualTo(refund.getId());

    for (Received request : receiver.received()) {
      assertThat(request.path()).isEqualTo("/hook?shop=7");
      assertThat(request.header("Content-type")).isEqualTo("application/json; charset=utf-8");
      assertThat(request.header("User-agent")).startsWith("Sluice/");
      assertThat(request.header("Sluice-payment")).isEqualTo(paid.getId());
      assertThat(request.header("Sluice-sequence"))
          .isEqualTo(String.valueOf(new JsonObject(request.body()).getLong("sequence")));
    }
  }

  @Test
  void showsTheSameEventsToWhoAsksForThem() throws StripeException {
    Receiver receiver = receiver();
    WebhookEndpoint endpoint = endpoint(receiver, EnabledEvent.PAYMENT_INTENT__SUCCEEDED);
    PaymentIntent paid = pay("asked-1");
    Await.until("it is told", () -> receiver.received().size() == 1);
    Await.until("it is recorded", () -> pending(endpoint) == 0);

    Event told = events(receiver, endpoint).getFirst();
    Event read = stripe().events().retrieve(told.getId());
    assertThat(read.getType()).isEqualTo("payment_intent.succeeded");
    assertThat(read.getPendingWebhooks()).isZero();
    assertThat(object(read, PaymentIntent.class).getId()).isEqualTo(paid.getId());

    // An event is listed when none can come any more with a lower id: a cursor then misses none.
    Await.until("it is listed", () -> list(EventListParams.builder()).contains(told.getId()));
    assertThat(list(EventListParams.builder().setType("payment_intent.succeeded")).getFirst())
        .isEqualTo(told.getId());
    assertThat(list(EventListParams.builder().setType("charge.*"))).isNotEmpty();
    assertThat(list(EventListParams.builder().setType("charge.*"))).doesNotContain(told.getId());
    assertThat(
            list(
                EventListParams.builder()
                    .addType("payment_intent.succeeded")
                    .addType("charge.failed")
                    .setDeliverySuccess(true)))
        .contains(told.getId());
    assertThat(list(EventListParams.builder().setDeliverySuccess(false)))
        .doesNotContain(told.getId());
    var created = EventListParams.Created.builder().setGt(told.getCreated() + 3_600).build();
    assertThat(list(EventListParams.builder().setCreated(created))).isEmpty();
    var before = EventListParams.Created.builder().setLte(told.getCreated() + 3_600).build();
    assertThat(list(EventListParams.builder().setCreated(before))).contains(told.getId());
    assertThat(list(EventListParams.builder().setStartingAfter(told.getId())))
        .doesNotContain(told.getId());
    assertThat(wire.get("/v1/events?type=charge.*&types[]=charge.failed").statusCode())
        .isEqualTo(400);
    assertThat(wire.get("/v1/events/evt_nothing").statusCode()).isEqualTo(404);
  }

  private static List<String> list(EventListParams.Builder params) throws StripeException {
    return stripe().events().list(params.setLimit(100L).build()).getData().stream()
        .map(Event::getId)
        .toList();
  }

  @Test
  void deliversEachEventAtLeastOnceToAReceiverThatFailsForAWhile() throws StripeException {
    Receiver receiver = receiver();
    var requests = new AtomicInteger();
    receiver.answers(request -> requests.incrementAndGet() <= 12 ? 500 : 200);
    WebhookEndpoint endpoint = endpoint(receiver);
    var payments = new ArrayList<PaymentIntent>();
    for (int i = 0; i < 5; i++) {
      payments.add(pay("failing-" + i));
    }
    Await.until(
        "each is told",
        () ->
            payments.stream()
                .allMatch(
                    paid ->
                        gateway.number(
                                "SELECT count(*) FROM event_log JOIN payment_change c USING"
                                    + " (merchant_id, payment_id, sequence) WHERE"
                                    + " (c.payment).client_secret = '"
                                    + paid.getClientSecret()
                                    + "' AND (c.payment).status = 'succeeded'")
                            > 0));
    Await.until("all is delivered", () -> pending(endpoint) == 0);
    long owed =
        gateway.number(
            "SELECT count(*) FROM delivery d JOIN webhook_endpoint e USING (merchant_id,"
                + " endpoint_id) WHERE e.url = '"
                + endpoint.getUrl()
                + "'");
    assertThat(ids(receiver)).hasSize((int) owed);
    assertThat(receiver.received()).hasSizeGreaterThan((int) owed);
    assertThat(owed).isEqualTo(15);
  }

  @Test
  void signsWithBothSecretsForAsLongAsTheOldOneLives() throws StripeException {
    Receiver receiver = receiver();
    WebhookEndpoint endpoint = endpoint(receiver, EnabledEvent.PAYMENT_INTENT__SUCCEEDED);
    String path = "/v1/webhook_endpoints/" + endpoint.getId() + "/rotate_secret";
    String second = new JsonObject(wire.post(path, "expires_in=3600").body()).getString("secret");
    pay("rotated-1");
    Await.until("it is told", () -> receiver.received().size() == 1);
    Received both = receiver.received().getFirst();
    assertThat(event(both, endpoint.getSecret()).getId()).startsWith("evt_");
    assertThat(event(both, second).getId()).startsWith("evt_");

    String third = new JsonObject(wire.post(path, "expires_in=0").body()).getString("secret");
    pay("rotated-2");
    Await.until("it is told", () -> receiver.received().size() == 2);
    Received one = receiver.received().getLast();
    assertThat(event(one, third).getId()).startsWith("evt_");
    for (String old : List.of(endpoint.getSecret(), second)) {
      assertThatExceptionOfType(SignatureVerificationException.class)
          .isThrownBy(
              () -> Webhook.constructEvent(one.body(), one.header("Stripe-signature"), old));
    }
  }

  @Test
  void neverLetsAReceiverThatHangsDelayAnother() throws StripeException {
    var release = new CountDownLatch(1);
    var hanging = new ArrayList<Receiver>();
    for (int i = 0; i < 6; i++) {
      Receiver receiver = receiver();
      receiver.answers(
          request -> {
            try {
              release.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return 200;
          });
      hanging.add(receiver);
      endpoint(receiver);
    }
    Receiver quick = receiver();
    WebhookEndpoint endpoint = endpoint(quick);
    for (int i = 0; i < 10; i++) {
      pay("hanging-" + i);
    }
    Await.until("the quick one has all", () -> ids(quick).size() == 30);
    Await.until("it is recorded", () -> pending(endpoint) == 0);
    assertThat(hanging).allMatch(receiver -> receiver.received().isEmpty());
    assertThat(hanging).allMatch(receiver -> receiver.mostOpen() <= 1);
    assertThat(hanging.stream().mapToInt(Receiver::open).sum()).isBetween(1, 6);
    release.countDown();
    Await.until(
        "the others have all, too",
        () -> hanging.stream().allMatch(receiver -> ids(receiver).size() == 30));
    assertThat(hanging).allMatch(receiver -> receiver.mostOpen() <= 4);
  }

  @Test
  void goesOnWithWhatWaitedWhenAnEndpointIsEnabledAgain() throws StripeException {
    Receiver receiver = receiver();
    receiver.answers(request -> 503);
    WebhookEndpoint endpoint = endpoint(receiver, EnabledEvent.PAYMENT_INTENT__SUCCEEDED);
    pay("paused-1");
    Await.until("it was tried", () -> !receiver.received().isEmpty());
    update(endpoint, true);
    receiver.answers(request -> 200);
    pay("paused-2");
    assertThat(update(endpoint, false).getStatus()).isEqualTo("enabled");
    Await.until("what waited is told", () -> pending(endpoint) == 0);
    assertThat(
            gateway.number("SELECT count(*) FROM webhook_endpoint WHERE failing_since IS NOT NULL"))
        .isZero();
  }

  private static WebhookEndpoint update(WebhookEndpoint endpoint, boolean disabled)
      throws StripeException {
    return stripe()
        .webhookEndpoints()
        .update(
            endpoint.getId(), WebhookEndpointUpdateParams.builder().setDisabled(disabled).build());
  }

  @Test
  void showsDeliveriesInTheMetrics() throws StripeException {
    Receiver receiver = receiver();
    endpoint(receiver, EnabledEvent.PAYMENT_INTENT__SUCCEEDED);
    pay("metrics-1");
    Await.until(
        "it is counted",
        () ->
            gateway
                .operator("/metrics")
                .body()
                .lines()
                .anyMatch(
                    line -> line.matches("sluice_deliveries_total\\{.*delivered.*} [1-9].*")));
    assertThat(gateway.operator("/metrics").body())
        .contains("sluice_deliveries_attempts_seconds_count", "sluice_deliveries_oldest_seconds")
        .doesNotContain("we_");
  }
}
