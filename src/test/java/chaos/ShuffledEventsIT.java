package chaos;

import static org.assertj.core.api.Assertions.assertThat;

import chaos.Trade.Order;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import outbox.EventCheck;
import simulator.Simulator;
import simulator.SimulatorOptions;
import simulator.Truth;
import simulator.webhooks.WebhookEvent;
import simulator.webhooks.WebhookOptions;
import support.Await;
import support.Books;
import support.GatewayProcess;
import support.TestDatabase;

/**
 * A PSP's events in any order, several times each and with a gateway that dies in between: what is
 * so in the end is what is so when each comes once and a payment's in order. What happens, the
 * order of the storm and where the gateway dies are drawn from the seed ({@code -Dsluice.seed=}
 * replays it); ids and the moments in which things meet are not.
 */
final class ShuffledEventsIT {
  private static final Logger LOG = LoggerFactory.getLogger(ShuffledEventsIT.class);

  private static final long SEED = Long.getLong("sluice.seed", System.nanoTime());
  private static final int PAYMENTS = 600;
  private static final int EVENTS = 10_000;
  private static final int COPIES = 3;
  private static final int CONNECTIONS = 16;

  /** Parts of the storm, with a calm after each in which what has come is worked. */
  private static final int GUSTS = 5;

  /** The gusts in which the gateway is killed. */
  private static final List<Integer> DEADLY = List.of(1, 3);

  private static Path directory;
  private static Vertx vertx;
  private static Simulator simulator;
  private static TestDatabase inOrder;
  private static TestDatabase stormy;
  private static List<WebhookEvent> events;
  private static List<Order> orders;

  /** A merchant's trade, and what then happens at the PSP while no gateway hears of it. */
  @BeforeAll
  static void makeTheWorld(@TempDir Path temporary) throws IOException, InterruptedException {
    LOG.info("seed {}", SEED);
    directory = temporary;
    vertx = Vertx.vertx();
    simulator =
        Simulator.start(
                vertx,
                SimulatorOptions.defaults()
                    .withSeed(SEED)
                    .withWebhooks(WebhookOptions.defaults().withKeptEvents(2 * EVENTS)))
            .await();
    inOrder = TestDatabase.create();
    var random = new Random(SEED);
    try (var gateway =
        GatewayProcess.start(
            directory, inOrder, inOrder.options().port(), simulator.port(), EventSite.TOLD_ONLY)) {
      var trade = new Trade(gateway, simulator);
      trade.make(PAYMENTS, random);
      gateway.process().terminate();
      gateway.process().awaitExit();
      trade.learnNames(inOrder);
      orders = trade.orders();
    }
    stormy = inOrder.copy();
    events = new PspDays(simulator, orders, random).until(EVENTS);
    LOG.info("{} events: {}", events.size(), byType());
  }

  private static Map<String, Long> byType() {
    return events.stream()
        .collect(Collectors.groupingBy(WebhookEvent::type, TreeMap::new, Collectors.counting()));
  }

  @AfterAll
  static void end() {
    simulator.close().await();
    vertx.close().await();
  }

  @Test
  void endInTheSameStateInAnyOrderHoweverOftenTheyComeAndWhoeverDiesMeanwhile() throws Exception {
    assertThat(events).hasSize(EVENTS).doesNotHaveDuplicates();
    Truth before = simulator.truth();

    feedInOrder();
    feedAsAStorm();

    assertThat(simulator.truth()).as("the gateways moved no money").isEqualTo(before);
    FinalState ordered = FinalState.of(inOrder);
    LOG.info(
        "seed {}: {}, {} changes in order, {} in the storm",
        SEED,
        ordered.counts(),
        changes(inOrder),
        changes(stormy));
    ordered.assertSameAs(FinalState.of(stormy), SEED);
    for (TestDatabase database : List.of(inOrder, stormy)) {
      assertThat(database.number("SELECT count(*) FROM inbox_event")).isEqualTo(EVENTS);
      assertThat(database.number("SELECT count(*) FROM inbox_outcome WHERE status = 'dead'"))
          .as("dead letters")
          .isZero();
      FinalState.assertNoGaps(database);
      new Books(database, simulator, GatewayProcess.PSP_KEY).balance();
      assertAsAtThePsp(database);
      EventCheck.check(vertx, database);
    }
  }

  private static long changes(TestDatabase database) {
    return database.number("SELECT count(*) FROM payment_event");
  }

  private static int foreign() {
    return Math.toIntExact(events.stream().filter(PspDays::foreign).count());
  }

  private static void feedInOrder() throws IOException, InterruptedException {
    try (var site = new EventSite(directory, inOrder, simulator)) {
      site.sendInOrder(events, CONNECTIONS).join();
      assertThat(site.acknowledged()).isEqualTo(EVENTS);
      LOG.info("in order: all sent, {} pending", site.pending());
      site.awaitWorked(foreign());
      site.stop();
    }
  }

  private static void feedAsAStorm() throws IOException, InterruptedException {
    var random = new Random(SEED);
    List<WebhookEvent> copies = storm(random);
    int gust = copies.size() / GUSTS;
    try (var site = new EventSite(directory, stormy, simulator)) {
      for (int at = 0; at < GUSTS; at++) {
        int from = at * gust;
        int to = at == GUSTS - 1 ? copies.size() : from + gust;
        int deadly = DEADLY.contains(at) ? 1 + random.nextInt(gust / 2) : 0;
        CompletableFuture<Void> sending = site.send(copies.subList(from, to), CONNECTIONS);
        if (deadly > 0) {
          Await.until("the moment has come", () -> site.acknowledged() >= from + deadly);
          long pending = site.pending();
          site.kill();
          LOG.info(
              "killed after {} of {} sendings, {} pending", from + deadly, copies.size(), pending);
        }
        sending.join();
        site.awaitLookedAt();
      }
      assertThat(site.acknowledged()).isEqualTo(COPIES * EVENTS);
      LOG.info("storm: all sent, {} of them again, {} pending", site.sentAgain(), site.pending());
      site.awaitWorked(foreign());
      site.stop();
    }
  }

  /** Each event's copies, spread over the whole storm, but those of some are late all together. */
  private static List<WebhookEvent> storm(Random random) {
    record Sending(WebhookEvent event, double at) {}
    var sendings = new ArrayList<Sending>();
    for (WebhookEvent event : events) {
      double delay = random.nextInt(10) == 0 ? 0.8 : 0;
      for (int copy = 0; copy < COPIES; copy++) {
        sendings.add(new Sending(event, delay + random.nextDouble()));
      }
    }
    return sendings.stream()
        .sorted(Comparator.comparingDouble(Sending::at))
        .map(Sending::event)
        .toList();
  }

  /** Each payment holds what the PSP says that it does, also where the gateway never heard it. */
  private static void assertAsAtThePsp(TestDatabase database) {
    Map<String, String> ours = new HashMap<>();
    FinalState.read(
            database,
            """
            SELECT o.psp_reference || ' ' || concat_ws(' ', p.captured, p.refunded, coalesce((
              SELECT sum(d.amount) FROM dispute d WHERE d.payment_id = p.payment_id AND d.status IN ('open', 'lost')), 0))
            FROM payment p JOIN operation o USING (payment_id) WHERE o.kind = 'authorize'
            """)
        .forEach(line -> ours.put(line.split(" ", 2)[0], line.split(" ", 2)[1]));
    Truth truth = simulator.truth();
    var theirs = new HashMap<String, String>();
    for (Order order : orders) {
      Truth payment = truth.payment(order.intent);
      theirs.put(
          order.intent,
          sum(payment.capturedMinor())
              + " "
              + sum(payment.refundedMinor())
              + " "
              + sum(payment.disputedMinor()));
    }
    assertThat(ours).isEqualTo(theirs);
  }

  private static long sum(Map<String, Long> byCurrency) {
    return byCurrency.values().stream().mapToLong(Long::longValue).sum();
  }
}
