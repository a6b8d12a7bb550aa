package outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import payments.PublicId;
import store.Database;
import store.EventLog;
import support.Await;
import support.EventSchemas;
import support.TestBroker;
import support.TestBroker.Received;
import support.TestDatabase;
import verticles.RelayVerticle;

/** From the event log to a real Kafka: in order, without gaps, over restarts and outages. */
@ResourceLock(TestBroker.LOCK)
final class KafkaRelayIT {
  private static final List<Integer> LANES = IntStream.range(0, 64).boxed().toList();
  private static final AtomicInteger TOPICS = new AtomicInteger();

  /** Soon over, so that an outage is noticed soon; what was sent may be sent again. */
  private static final Duration IMPATIENT = Duration.ofSeconds(2);

  /** Longer than any machine is slow. */
  private static final Duration PATIENT = Duration.ofMinutes(2);

  private static TestDatabase database;

  private final Vertx vertx = Vertx.vertx();
  private final TestBroker broker = TestBroker.running();
  private final EventSchemas schemas = new EventSchemas();
  private final String topic = "relayed-" + TOPICS.incrementAndGet();
  private final AtomicInteger relayed = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger stuck = new AtomicInteger();
  private EventLog log;

  @BeforeAll
  static void createDatabase() {
    database = TestDatabase.create();
  }

  @BeforeEach
  void open() {
    database.execute(
        "TRUNCATE event_log, event_cursor, payment_change, payment_event; UPDATE event_lane SET"
            + " position = 0");
    log = new EventLog(Database.openForBatches(vertx, database.options(), "event-log", 2));
  }

  @AfterEach
  void close() {
    vertx.close().await();
    broker.start();
  }

  @Test
  void sendsEachPaymentsEventsInOrderAndOnce() {
    insert(0, 30, 1, 6);
    relay(PATIENT);
    awaitDrained();

    List<Received> received = broker.readAll(topic);
    assertThat(received).hasSize(180);
    assertThat(sequences(received)).hasSize(30).allSatisfy((key, got) -> isExactly(got, 6));
    assertThat(received)
        .allSatisfy(
            each -> {
              schemas.check("updated", each.value());
              assertThat(each.header("ce_id"))
                  .isEqualTo(each.key() + "-" + Long.parseLong(each.header("ce_sequence")));
              assertThat(each.header("ce_type")).isEqualTo("sluice.payment.updated.v1");
              assertThat(each.header("content-type")).isEqualTo("application/json");
              assertThat(each.value()).doesNotContain("SECRET");
            });
    assertThat(relayed).hasValue(180);
  }

  @Test
  void goesOnFromItsCursorAfterARestart() {
    insert(0, 10, 1, 3);
    String first = relay(PATIENT);
    awaitDrained();
    vertx.undeploy(first).await();
    insert(0, 10, 4, 5);

    relay(PATIENT);
    awaitDrained();

    assertThat(sequences(broker.readAll(topic)))
        .hasSize(10)
        .allSatisfy((key, got) -> isExactly(got, 5));
  }

  @Test
  void losesNothingAndKeepsTheOrderWhileKafkaStopsAndComesBack() {
    insert(0, 20, 1, 4);
    relay(IMPATIENT);
    Await.until("events get through", () -> relayed.get() > 0);
    broker.stop();
    insert(0, 20, 5, 8);
    insert(20, 30, 1, 8);
    Await.until("the relay fails", () -> failures.get() > 0);
    assertThat(log.backlog(KafkaRelay.CONSUMER).await().behind()).isPositive();

    broker.start();
    awaitDrained();

    assertThat(sequences(broker.readAll(topic)))
        .hasSize(30)
        .allSatisfy((key, got) -> inOrderWithoutGaps(got, 8));
  }

  @Test
  void startsWhileKafkaIsDownAndCatchesUp() {
    broker.stop();
    insert(0, 5, 1, 2);
    String id = relay(IMPATIENT);
    Await.until("the relay fails", () -> failures.get() > 0);

    broker.start();
    awaitDrained();
    vertx.undeploy(id).await();

    assertThat(sequences(broker.readAll(topic)))
        .hasSize(5)
        .allSatisfy((key, got) -> inOrderWithoutGaps(got, 2));
  }

  @Test
  void stopsWhileKafkaIsDown() throws Exception {
    broker.stop();
    insert(0, 5, 1, 2);
    String id = relay(IMPATIENT);
    Await.until("the relay fails", () -> failures.get() > 0);
    vertx.undeploy(id).await(60, TimeUnit.SECONDS);
  }

  @Test
  void keepsTheOrderWhereTwoNodesRelayTheSameLanes() {
    insert(0, 30, 1, 6);
    relay(PATIENT);
    relay(PATIENT);
    awaitDrained();
    insert(0, 30, 7, 8);
    awaitDrained();

    assertThat(sequences(broker.readAll(topic)))
        .hasSize(30)
        .allSatisfy((key, got) -> inOrderWithoutGaps(got, 8));
  }

  @Test
  void shortensWhatIsTooBigForTheBrokerAndGoesOn() throws Exception {
    Map<String, Object> config =
        Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
    try (Admin admin = Admin.create(config)) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(topic, 2, (short) 1).configs(Map.of("max.message.bytes", "3000"))))
          .all()
          .get(60, TimeUnit.SECONDS);
    }
    insert(0, 1, 1, 3);
    database.execute(
        "UPDATE payment_change SET payment.parameters = jsonb_set((payment).parameters,"
            + " '{description}', to_jsonb((SELECT string_agg(md5(n::text), '') FROM"
            + " generate_series(1, 200) n))) WHERE sequence = 2");

    relay(PATIENT);
    awaitDrained();

    List<Received> received = broker.readAll(topic);
    assertThat(sequences(received)).allSatisfy((key, got) -> isExactly(got, 3));
    assertThat(received.get(1).value())
        .contains("\"shortened\":true")
        .doesNotContain("description");
    assertThat(received.get(2).value()).doesNotContain("shortened");
    schemas.check("updated", received.get(1).value());
  }

  @Test
  void stopsOnlyItsLaneAtAnEventThatCannotBeRendered() {
    insert(0, 8, 1, 3);
    database.execute(
        "UPDATE payment_change c SET dispute = '{\"dispute_id\": \"none\"}' FROM event_log e WHERE"
            + " e.lane = 1 AND e.position = 3 AND e.payment_id = c.payment_id AND e.sequence ="
            + " c.sequence");
    relay(PATIENT);
    Await.until("the others are told", () -> relayed.get() == 20);
    Await.until("it is tried again", () -> stuck.get() > 2);
    assertThat(broker.readAll(topic)).as("nothing is sent with each try").hasSize(20);
    assertThat(failures).as("Kafka takes what it is given").hasValue(0);

    database.execute("UPDATE payment_change SET dispute = NULL");
    awaitDrained();
    assertThat(sequences(broker.readAll(topic)))
        .hasSize(8)
        .allSatisfy((key, got) -> isExactly(got, 3));
  }

  @Test
  void sendsNothingTwiceWhileOnePartitionHasNoLeader() {
    insert(0, 8, 1, 3);
    String waits = PublicId.PAYMENT.of(UUID.fromString("01960000-0000-7000-8000-000000000000"));
    Queue<String> sent = new ConcurrentLinkedQueue<>();
    var leader = new AtomicBoolean();
    relay(
        new Producers(
            () ->
                Future.succeededFuture(
                    EventProducer.over(vertx, topic, new Leaderless(waits, leader, sent)))));
    Await.until("it is tried again", () -> failures.get() > 3);
    String behindIt = PublicId.PAYMENT.of(UUID.fromString("01960000-0000-7000-8000-000000000004"));
    assertThat(sent).doesNotHaveDuplicates().contains(behindIt + "-1");

    leader.set(true);
    awaitDrained();
    assertThat(sent).hasSize(8 * 3).doesNotHaveDuplicates();
    Await.until("each is counted once", () -> relayed.get() == 8 * 3);
  }

  /** Kafka, where the partition of one payment has no leader for now. */
  private static final class Leaderless extends MockProducer<String, String> {
    private final String key;
    private final AtomicBoolean leader;
    private final Queue<String> sent;

    Leaderless(String key, AtomicBoolean leader, Queue<String> sent) {
      super(true, new RoundRobinPartitioner(), new StringSerializer(), new StringSerializer());
      this.key = key;
      this.leader = leader;
      this.sent = sent;
    }

    @Override
    public synchronized java.util.concurrent.Future<RecordMetadata> send(
        ProducerRecord<String, String> event, Callback callback) {
      if (event.key().equals(key) && !leader.get()) {
        var noLeader = new TimeoutException("no leader");
        callback.onCompletion(null, noLeader);
        return CompletableFuture.failedFuture(noLeader);
      }
      sent.add(new String(event.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8));
      return super.send(event, callback);
    }
  }

  private String relay(Duration deliveryTimeout) {
    var options = options(deliveryTimeout);
    return deployed(() -> new KafkaRelay(vertx, options, log, () -> LANES, observer()));
  }

  private void relay(Producers producers) {
    var options = options(PATIENT);
    deployed(() -> new KafkaRelay(vertx, options, log, () -> LANES, observer(), producers));
  }

  private String deployed(Supplier<KafkaRelay> relay) {
    return vertx
        .deployVerticle(new RelayVerticle(Duration.ofMillis(20), context -> relay.get()))
        .await();
  }

  private KafkaRelay.Options options(Duration deliveryTimeout) {
    return new KafkaRelay.Options(
        broker.bootstrapServers(),
        KafkaSecurity.PLAINTEXT,
        topic,
        "test",
        50,
        deliveryTimeout,
        Duration.ofMillis(100));
  }

  private RelayObserver observer() {
    return new RelayObserver() {
      @Override
      public void relayed(int events) {
        relayed.addAndGet(events);
      }

      @Override
      public void failed() {
        failures.incrementAndGet();
      }

      @Override
      public void stuck() {
        stuck.incrementAndGet();
      }
    };
  }

  private void awaitDrained() {
    Await.until(
        "everything is relayed", () -> log.backlog(KafkaRelay.CONSUMER).await().behind() == 0);
  }

  private static void isExactly(List<Long> got, int last) {
    assertThat(got).isEqualTo(upTo(last));
  }

  /**
   * As a consumer that drops what is not new sees it: each number once, in order, up to the last.
   */
  private static void inOrderWithoutGaps(List<Long> got, int last) {
    List<Long> taken = new ArrayList<>();
    for (long sequence : got) {
      if (taken.isEmpty() || sequence > taken.getLast()) {
        taken.add(sequence);
      }
    }
    assertThat(taken).as("of %s", got).isEqualTo(upTo(last));
  }

  private static List<Long> upTo(int last) {
    return IntStream.rangeClosed(1, last).mapToObj(Long::valueOf).toList();
  }

  /** The sequence numbers of each payment, in the order of their arrival. */
  private static Map<String, List<Long>> sequences(List<Received> received) {
    Map<String, List<Long>> sequences = new HashMap<>();
    for (Received each : received) {
      sequences
          .computeIfAbsent(each.key(), key -> new ArrayList<>())
          .add(Long.parseLong(each.header("ce_sequence")));
    }
    return sequences;
  }

  /** Events of some payments, with the next places of their lanes, one payment's among others'. */
  private void insert(int fromPayment, int toPayment, int fromSequence, int toSequence) {
    database.execute(
        """
        WITH told AS (
          SELECT ('01960000-0000-7000-8000-' || lpad(to_hex(p), 12, '0'))::uuid AS id, s AS sequence, p %% 4 AS lane,
            row_number() OVER (PARTITION BY p %% 4 ORDER BY s, p) AS nth
          FROM generate_series(%d, %d) AS p, generate_series(%d, %d) AS s),
        placed AS (
          UPDATE event_lane l SET position = l.position + c.number
          FROM (SELECT lane, count(*) AS number FROM told GROUP BY lane) c WHERE l.lane = c.lane
          RETURNING l.lane, l.position - c.number AS before),
        logged AS (
          INSERT INTO event_log (merchant_id, payment_id, sequence, lane, position, created_at)
          SELECT 'acct_test', id, sequence, lane, before + nth, now() FROM told JOIN placed USING (lane)),
        history AS (
          INSERT INTO payment_event (merchant_id, payment_id, sequence, event, from_status, to_status, cause, actor)
          SELECT 'acct_test', id, sequence, 'updated', 'requires_confirmation', 'requires_confirmation', 'req_1', 'key_1'
          FROM told)
        INSERT INTO payment_change (merchant_id, payment_id, sequence, payment)
        SELECT 'acct_test', id, sequence, jsonb_populate_record(NULL::payment_state,
          '{"livemode": false, "status": "requires_confirmation", "amount": 100, "currency": "usd",
            "capture_method": "automatic", "authorized": 0, "captured": 0, "refund_reserved": 0, "refunded": 0, "disputed": 0,
            "client_secret": "SECRET", "parameters": {"metadata": {"order": "1"}, "shipping": "SECRET"}}')
        FROM told
        """
            .formatted(fromPayment, toPayment - 1, fromSequence, toSequence));
  }
}
