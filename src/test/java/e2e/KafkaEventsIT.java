package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import support.Await;
import support.Books;
import support.EventSchemas;
import support.Metrics;
import support.TestBroker;
import support.TestBroker.Received;
import support.TestGateway;

/** What a consumer of the topic sees of payments, also of those taken while Kafka is down. */
@ResourceLock(TestBroker.LOCK)
final class KafkaEventsIT {
  private static final String TOPIC = "e2e.payments";

  private static TestBroker broker;
  private static TestGateway gateway;
  private static Till till;

  @BeforeAll
  static void open() {
    broker = TestBroker.running();
    gateway =
        TestGateway.start(
            "--kafka.bootstrap-servers=" + broker.bootstrapServers(),
            "--kafka.topic=" + TOPIC,
            "--kafka.delivery-timeout=2s",
            "--kafka.retry-delay=100ms");
    till = new Till(gateway);
  }

  @AfterAll
  static void audit() {
    broker.start();
    try (var closing = gateway;
        var ending = till) {
      new Books(closing).balance();
    }
  }

  @Test
  void tellsAPaymentsWholeStoryInOrder() {
    String held = till.hold(2_000).in("requires_capture").id();
    till.post("/v1/payment_intents/" + held + "/capture", "amount_to_capture=1500").expect(200);
    till.refund(held, 500).expect(200);
    String voided = till.hold(2_000).in("requires_capture").id();
    till.post("/v1/payment_intents/" + voided + "/cancel", "").expect(200);
    String made =
        till.post("/v1/payment_intents", "amount=700&currency=usd&metadata[order]=17")
            .expect(200)
            .id();
    till.post("/v1/payment_intents/" + made, "amount=800").expect(200);
    till.post(
            "/v1/payment_intents/" + made + "/confirm",
            "payment_method=pm_card_chargeDeclined&return_url=https://shop.example/")
        .expect(402);

    assertThat(names(story(held, 6)))
        .containsExactly(
            "created_and_confirmed",
            "authorized",
            "capture_begun",
            "captured",
            "refund_begun",
            "refunded");
    assertThat(names(story(voided, 4)))
        .containsExactly("created_and_confirmed", "authorized", "void_begun", "voided");
    List<JsonObject> declined = story(made, 4);
    assertThat(names(declined)).containsExactly("created", "updated", "confirmed", "declined");
    assertThat(declined.getLast().getJsonObject("payment").getJsonObject("metadata").getMap())
        .isEqualTo(Map.of("order", "17"));
    assertThat(declined.getLast().getJsonObject("operation").getJsonObject("decline").getMap())
        .containsEntry("decline_code", "generic_decline");
    assertThat(story(held, 6).getLast().getJsonObject("payment").getMap())
        .containsEntry("captured", 1_500)
        .containsEntry("refunded", 500);
  }

  @Test
  void takesPaymentsWhileKafkaIsDownAndTellsOfThemAfterwardsInOrder() {
    String before = till.pay(1_000).in("succeeded").id();
    story(before, 2);
    broker.stop();
    List<String> during = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      during.add(till.pay(1_000 + i).in("succeeded").id());
    }
    till.refund(before, 1_000).expect(200);
    Await.until(
        "health shows that Kafka is down",
        () -> {
          JsonObject health = new JsonObject(gateway.operator("/health/ready").body());
          return "down"
              .equals(health.getJsonObject("checks").getJsonObject("kafka").getString("status"));
        });
    assertThat(gateway.operator("/health/ready").statusCode()).isEqualTo(200);
    Await.until(
        "the metrics show what waits",
        () -> metric("sluice_outbox_age_seconds") > 0 && metric("sluice_outbox_waiting") > 0);
    assertThat(metric("sluice_kafka_failures_total")).isPositive();

    broker.start();

    assertThat(names(story(before, 4))).endsWith("refund_begun", "refunded");
    List<Received> all =
        broker.read(
            TOPIC,
            received -> during.stream().allMatch(payment -> taken(received, payment).size() == 2));
    assertThat(during)
        .allSatisfy(
            payment ->
                assertThat(names(taken(all, payment)))
                    .containsExactly("created_and_confirmed", "captured"));
    Await.until("nothing waits any more", () -> metric("sluice_outbox_age_seconds") == 0);
  }

  /** The greatest value of a metric. */
  private static double metric(String name) {
    return Metrics.values(gateway.operator("/metrics").body(), name).max().orElse(0);
  }

  private static List<String> names(List<JsonObject> events) {
    return events.stream().map(event -> event.getString("event")).toList();
  }

  /** A payment's events as a consumer takes them that drops what is not new. */
  private static List<JsonObject> story(String payment, int events) {
    var schemas = new EventSchemas();
    List<Received> received = broker.read(TOPIC, all -> taken(all, payment).size() >= events);
    received.forEach(
        each ->
            schemas.check(
                each.header("ce_type").replaceAll("sluice\\.payment\\.(.*)\\.v1", "$1"),
                each.value()));
    List<JsonObject> taken = taken(received, payment);
    for (int i = 0; i < taken.size(); i++) {
      assertThat(taken.get(i).getLong("sequence")).isEqualTo(i + 1);
    }
    return taken;
  }

  private static List<JsonObject> taken(List<Received> received, String payment) {
    Map<String, Long> last = new HashMap<>();
    List<JsonObject> taken = new ArrayList<>();
    for (Received each : received) {
      long sequence = Long.parseLong(each.header("ce_sequence"));
      if (each.key().equals(payment) && sequence > last.getOrDefault(payment, 0L)) {
        last.put(payment, sequence);
        taken.add(new JsonObject(each.value()));
      }
    }
    return taken;
  }
}
