package simulator.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import simulator.AccountId;
import simulator.Await;
import simulator.Caller;
import simulator.Latency;
import simulator.Receiver;
import simulator.SimulatorExtension;
import simulator.SimulatorOptions;

/** What goes wrong with events goes wrong as the script says. */
class WebhookFaultsTest {
  /** One delivery at a time, so that the order is the sender's. */
  @RegisterExtension
  static final SimulatorExtension SIMULATOR =
      new SimulatorExtension(
          SimulatorOptions.defaults()
              .withWebhooks(
                  WebhookOptions.defaults()
                      .withConcurrency(1)
                      .withAttempts(3, Duration.ofMillis(1), Duration.ofMillis(4))));

  private final Receiver receiver = new Receiver();

  @BeforeEach
  void connect() {
    webhooks().sendTo(Caller.SECRET_KEY, receiver.url(), Receiver.SECRET);
    receiver.answers(one -> one.verified() ? 200 : 400);
  }

  @AfterEach
  void disconnect() throws Exception {
    receiver.close();
  }

  private static Webhooks webhooks() {
    return SIMULATOR.simulator().webhooks();
  }

  private static WebhookFaults faults() {
    return SIMULATOR.simulator().faults().webhooks();
  }

  private static void awaitIdle() throws Exception {
    webhooks().idle().await(30, TimeUnit.SECONDS);
  }

  private static JsonObject pay() {
    return SIMULATOR
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
            "pm_card_visa",
            "metadata[order]",
            "o-1")
        .json();
  }

  private static void customer(int number) {
    SIMULATOR.caller().post("/v1/customers", "metadata[number]", Integer.toString(number));
  }

  @Test
  void withoutFaultsAndOneAtATimeTheyComeInOrder() throws Exception {
    pay();
    awaitIdle();

    assertThat(receiver.types())
        .containsExactly("payment_intent.created", "charge.succeeded", "payment_intent.succeeded");
  }

  @Test
  void delays() throws Exception {
    faults()
        .next(
            EventMatch.type("payment_intent.created"),
            WebhookFault.delay(
                new Latency.Uniform(Duration.ofMillis(200), Duration.ofMillis(201))));
    pay();
    awaitIdle();

    assertThat(receiver.types().getLast()).isEqualTo("payment_intent.created");
  }

  @Test
  void duplicates() throws Exception {
    faults().next(EventMatch.type("charge.*"), WebhookFault.duplicate(2));
    pay();
    awaitIdle();

    List<Receiver.Received> copies = receiver.received("charge.succeeded");
    assertThat(copies).hasSize(3);
    assertThat(copies).extracting(Receiver.Received::body).containsOnly(copies.get(0).body());
  }

  @Test
  void shuffles() throws Exception {
    faults().always(EventMatch.any(), WebhookFault.shuffle(20, Duration.ofMinutes(5)));
    for (int number = 0; number < 20; number++) {
      customer(number);
    }
    awaitIdle();

    List<Integer> numbers = new ArrayList<>();
    receiver
        .received()
        .forEach(
            one ->
                numbers.add(
                    Integer.valueOf(one.object().getJsonObject("metadata").getString("number"))));
    assertThat(numbers).hasSize(20).doesNotHaveDuplicates();
    assertThat(numbers).isNotEqualTo(numbers.stream().sorted().toList());
  }

  @Test
  void letsGoOfWhatWaitsForAFullWindowWhenToldTo() throws Exception {
    faults().always(EventMatch.any(), WebhookFault.shuffle(20, Duration.ofMinutes(5)));
    customer(1);
    customer(2);
    assertThat(webhooks().idle().isComplete()).isFalse();

    assertThat(webhooks().release()).isEqualTo(2);
    awaitIdle();

    assertThat(receiver.received()).hasSize(2);
  }

  @Test
  void letsGoOfWhatWaitsForAFullWindowWhenItsTimeIsOver() throws Exception {
    faults().always(EventMatch.any(), WebhookFault.shuffle(20, Duration.ofMillis(20)));
    customer(1);
    awaitIdle();

    assertThat(receiver.received()).hasSize(1);
  }

  @Test
  void dropsUntilToldToResend() throws Exception {
    faults().next(EventMatch.type("payment_intent.succeeded"), WebhookFault.drop());
    pay();
    awaitIdle();
    assertThat(receiver.types()).doesNotContain("payment_intent.succeeded");
    assertThat(webhooks().counts().dropped()).isEqualTo(1);

    assertThat(webhooks().resendDropped()).isEqualTo(1);
    awaitIdle();

    assertThat(receiver.types().getLast()).isEqualTo("payment_intent.succeeded");
    assertThat(webhooks().resendDropped()).isZero();
  }

  @Test
  void dropsAndResendsByItself() throws Exception {
    faults()
        .next(
            EventMatch.type("payment_intent.created"),
            WebhookFault.dropAndResend(Duration.ofMillis(200)));
    pay();
    awaitIdle();

    assertThat(receiver.types().getLast()).isEqualTo("payment_intent.created");
  }

  @Test
  void signsWronglyOnce() throws Exception {
    faults().next(EventMatch.type("charge.succeeded"), WebhookFault.wrongSignature());
    pay();
    awaitIdle();

    assertThat(receiver.received("charge.succeeded"))
        .extracting(Receiver.Received::verified)
        .containsExactly(false, true);
  }

  @Test
  void signsWronglyForEver() throws Exception {
    faults().next(EventMatch.type("charge.succeeded"), WebhookFault.wrongSignatureForEver());
    pay();
    awaitIdle();

    assertThat(receiver.received("charge.succeeded"))
        .extracting(Receiver.Received::verified)
        .containsExactly(false, false, false);
    assertThat(webhooks().counts().givenUp()).isEqualTo(1);
  }

  @Test
  void tellsBeforeTheAnswer() throws Exception {
    AtomicBoolean answered = new AtomicBoolean();
    List<Boolean> answeredAtArrival = new ArrayList<>();
    receiver.answers(
        one -> {
          if (one.type().equals("payment_intent.succeeded")) {
            answeredAtArrival.add(answered.get());
          }
          return 200;
        });
    faults().always(EventMatch.type("payment_intent.succeeded"), WebhookFault.beforeAnswer());
    faults()
        .always(
            EventMatch.type("payment_intent.succeeded"),
            WebhookFault.delay(Duration.ofMillis(100)));

    pay();
    answered.set(true);

    assertThat(answeredAtArrival).containsExactly(false);
  }

  @Test
  void goesBackInStatus() throws Exception {
    faults().next(EventMatch.type("payment_intent.succeeded"), WebhookFault.stale());
    String intent = pay().getString("id");
    awaitIdle();

    Receiver.Received last = receiver.received().getLast();
    assertThat(receiver.types())
        .containsExactly(
            "payment_intent.created",
            "charge.succeeded",
            "payment_intent.succeeded",
            "payment_intent.created");
    assertThat(last.object().getString("id")).isEqualTo(intent);
    assertThat(last.object().getString("status")).isEqualTo("requires_confirmation");
    assertThat(last.id()).isNotEqualTo(receiver.received().getFirst().id());
    assertThat(last.verified()).isTrue();
  }

  @Test
  void happenTogether() throws Exception {
    faults().next(EventMatch.any().metadata("order", "o-1"), WebhookFault.duplicate(1));
    faults()
        .next(
            EventMatch.any().account(Caller.SECRET_KEY),
            WebhookFault.dropAndResend(Duration.ofMillis(10)));
    faults().next(EventMatch.type("payment_intent.*"), WebhookFault.wrongSignature());
    pay();
    awaitIdle();

    assertThat(receiver.received("payment_intent.created")).hasSize(4);
    assertThat(faults().rules()).isEmpty();
  }

  @Test
  void areDrawnFromTheSeed() {
    List<Integer> first = drawn(new WebhookFaults(7));

    assertThat(drawn(new WebhookFaults(7))).isEqualTo(first);
    assertThat(drawn(new WebhookFaults(8))).isNotEqualTo(first);
    assertThat(first.stream().filter(copies -> copies > 0).count()).isBetween(200L, 400L);
  }

  private static List<Integer> drawn(WebhookFaults faults) {
    faults.atRate(0.3, EventMatch.type("charge.*"), WebhookFault.duplicate(1));
    WebhookEvent event =
        new WebhookEvent(
            "evt_1",
            AccountId.of(Caller.SECRET_KEY),
            "charge.succeeded",
            "ch_1",
            Map.of(),
            Instant.EPOCH,
            Buffer.buffer());
    List<Integer> copies = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      copies.add(faults.plan(event).copies().size());
    }
    return copies;
  }

  @Test
  void matchTheirEvents() {
    WebhookEvent event =
        new WebhookEvent(
            "evt_1",
            AccountId.of("sk_test_a"),
            "charge.dispute.created",
            "dp_1",
            Map.of("a", "b"),
            Instant.EPOCH,
            Buffer.buffer());

    assertThat(
            List.of(
                EventMatch.any(),
                EventMatch.type("charge.dispute.created"),
                EventMatch.type("charge.*"),
                EventMatch.any().account("sk_test_a"),
                EventMatch.any().object("dp_1"),
                EventMatch.any().metadata("a", "b")))
        .allMatch(match -> match.test(event));
    assertThat(
            List.of(
                EventMatch.type("charge.dispute"),
                EventMatch.type("refund.*"),
                EventMatch.any().account("sk_test_b"),
                EventMatch.any().object("dp_2"),
                EventMatch.any().metadata("a", "c")))
        .noneMatch(match -> match.test(event));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"fault\":\"webhook_delay\",\"latency\":{\"kind\":\"fixed\",\"ms\":1},\"rate\":0.5}",
        "{\"fault\":\"webhook_duplicate\",\"copies\":2,\"match\":{\"type\":\"charge.*\"}}",
        "{\"fault\":\"webhook_shuffle\",\"window\":5,\"longest_ms\":10}",
        "{\"fault\":\"webhook_drop\",\"times\":1}",
        "{\"fault\":\"webhook_drop\",\"resend_after_ms\":10,\"match\":{\"metadata\":{\"a\":\"b\"}}}",
        "{\"fault\":\"webhook_wrong_signature\",\"mended\":false}",
        "{\"fault\":\"webhook_before_answer\",\"match\":{\"account\":\"sk_test_a\"}}",
        "{\"fault\":\"webhook_stale\",\"latency\":{\"kind\":\"uniform\",\"min_ms\":1,\"max_ms\":2}}"
      })
  void areScriptedOverHttpToo(String rule) {
    assertThat(SIMULATOR.caller().postJson("/_simulator/faults", new JsonObject(rule)).status())
        .isEqualTo(200);
    assertThat(faults().rules()).hasSize(1);
    assertThat(SIMULATOR.caller().get("/_simulator/faults").json().getJsonArray("faults"))
        .hasSize(1);

    SIMULATOR.caller().delete("/_simulator/faults");

    assertThat(faults().rules()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"fault\":\"webhook_nonsense\"}",
        "{\"fault\":\"webhook_delay\"}",
        "{\"fault\":\"webhook_drop\",\"rate\":2}"
      })
  void refusesWhatItCannotRead(String rule) {
    assertThat(SIMULATOR.caller().postJson("/_simulator/faults", new JsonObject(rule)).status())
        .isEqualTo(400);
  }

  @Test
  void refusesRatesThatAreNone() {
    assertThatThrownBy(() -> faults().atRate(-0.1, EventMatch.any(), WebhookFault.drop()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void resendsUnderFaultsWhenToldTo() throws Exception {
    pay();
    awaitIdle();
    faults().always(EventMatch.any(), WebhookFault.duplicate(1));

    assertThat(webhooks().resend(EventMatch.any(), true)).isEqualTo(3);

    Await.until(() -> receiver.received().size() == 9);
  }

  @Test
  void everyEventArrivesRightlySignedInTheEndWhateverHappensToIt() throws Exception {
    for (int number = 0; number < 200; number++) {
      customer(number);
    }
    awaitIdle();
    int before = receiver.received().size();
    Latency late = new Latency.Uniform(Duration.ZERO, Duration.ofMillis(50));
    faults().atRate(0.3, EventMatch.any(), WebhookFault.delay(late));
    faults().atRate(0.3, EventMatch.any(), WebhookFault.duplicate(3, late));
    faults().atRate(0.3, EventMatch.any(), WebhookFault.shuffle(50, Duration.ofMillis(100)));
    faults().atRate(0.1, EventMatch.any(), WebhookFault.drop());
    faults().atRate(0.1, EventMatch.any(), WebhookFault.dropAndResend(Duration.ofMillis(50)));
    faults().atRate(0.1, EventMatch.any(), WebhookFault.wrongSignature());

    webhooks().resend(EventMatch.any(), true);
    awaitIdle();
    webhooks().resendDropped();
    awaitIdle();

    List<String> arrived =
        receiver.received().subList(before, receiver.received().size()).stream()
            .filter(Receiver.Received::verified)
            .map(Receiver.Received::id)
            .toList();
    assertThat(arrived).hasSizeGreaterThan(200);
    assertThat(Set.copyOf(arrived)).hasSize(200);
    assertThat(webhooks().counts().givenUp()).isZero();
  }
}
