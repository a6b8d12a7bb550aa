package chaos;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import support.Await;
import support.RoughWay;
import support.TopicReader;

/**
 * A whole gateway as it runs: nodes, PostgreSQL, Kafka and the PSPs, each in processes of its own,
 * a balancer before the nodes for what PSPs tell, and a merchant's endpoint. All of it is on free
 * ports and below one directory, and ends with it.
 */
final class Town implements AutoCloseable {
  static final String STRIPE_KEY = "sk_test_chaos_psp";
  static final String ADYEN_KEY = "adyen_test_chaos";
  static final String SECRET_KEY = "sk_test_chaos_server";
  static final String TOPIC = "sluice.payments";

  /**
   * What begins the names of methods that Stripe's account declines so that Adyen's may be asked,
   * and the other way.
   */
  private static final String STRIPE_REFUSES = "pm_chaos_stripe_refuses_";

  private static final String ADYEN_REFUSES = "pm_chaos_adyen_refuses_";

  /** The longest storm has a third of them; what comes after would be refused, which is found. */
  private static final int PURCHASES_OF_A_RUN = 3_000;

  /** Requests that a node works on at once; more are sent away. */
  static final int PLACES = 10;

  private static final Logger LOG = LoggerFactory.getLogger(Town.class);
  private static final String STRIPE_WEBHOOK_SECRET = "whsec_chaos";
  private static final String ADYEN_HMAC_KEY =
      "6B65792D6F662D74686973207465737420616E64206E6F206F74686572212121";

  private final Path clockAgent;
  private final PostgresServer database;
  private final BrokerServer broker;
  private final SimulatorServer simulator;
  private final Endpoint endpoint = new Endpoint();
  private final List<Node> nodes = new ArrayList<>();
  private final AtomicInteger turn = new AtomicInteger();
  private final RoughWay balancer = RoughWay.to(this::webhookTarget);

  private Town(Path directory, int nodes, long seed) throws IOException, InterruptedException {
    broker = new BrokerServer(directory);
    simulator = new SimulatorServer(directory, seed);
    database = new PostgresServer(directory);
    clockAgent = directory.resolve("clock-agent.jar");
    ClockAgent.writeJar(clockAgent);
    for (int i = 0; i < nodes; i++) {
      this.nodes.add(new Node("node_" + (char) ('a' + i), directory, this));
    }
  }

  /** Starts everything; returns when all nodes serve. */
  static Town start(Path directory, int nodes, long seed) throws IOException, InterruptedException {
    var town = new Town(directory, nodes, seed);
    try {
      town.open();
    } catch (AssertionError | IOException | IllegalStateException failed) {
      town.close();
      throw failed;
    }
    return town;
  }

  private void open() throws IOException {
    broker.awaitUp();
    // The first one migrates, and no other waits for that with a limit.
    nodes.getFirst().start();
    startAll();
    simulator.sendEvents(STRIPE_KEY, webhooks("stripe/stripe_chaos"), STRIPE_WEBHOOK_SECRET);
    simulator.sendEvents(ADYEN_KEY, webhooks("adyen/adyen_chaos"), ADYEN_HMAC_KEY);
    endpoint.register(this);
  }

  private String webhooks(String account) {
    return "http://127.0.0.1:" + balancer.port() + "/webhooks/" + account;
  }

  /**
   * Gives each purchase of a run payment methods of its own, of which one account refuses the one
   * and the other account the other: what has paid without a customer is used up at Stripe.
   */
  void addMethods(String run) {
    addMethods(run, STRIPE_REFUSES, "pm_card_chargeDeclinedProcessingError", "pm_card_visa");
    addMethods(run, ADYEN_REFUSES, "pm_card_visa", "pm_card_chargeDeclinedProcessingError");
  }

  /** The method of a purchase that may go on at the other account, by its own name. */
  static String method(Purchase purchase) {
    return (purchase.amount() % 2 == 0 ? STRIPE_REFUSES : ADYEN_REFUSES) + purchase.name();
  }

  private void addMethods(String run, String method, String atStripe, String atAdyen) {
    database.execute(
        """
        INSERT INTO payment_method (merchant_id, payment_method_id, livemode, tokens, parameters, created_at)
        SELECT 'chaos', '%s%s-' || number, false, '{"stripe_chaos": "%s", "adyen_chaos": "%s"}', '{}', now()
        FROM generate_series(0, %d) number
        """
            .formatted(method, run, atStripe, atAdyen, PURCHASES_OF_A_RUN));
  }

  /** Nodes that are up, one after the other; a balancer does not know yet who is asleep. */
  private int webhookTarget() {
    for (int tries = 0; tries < nodes.size(); tries++) {
      int port = nodes.get(Math.floorMod(turn.getAndIncrement(), nodes.size())).webhookPort();
      if (port != 0) {
        return port;
      }
    }
    return 0;
  }

  /** The jar that makes a gateway's clock jump. */
  Path clockAgent() {
    return clockAgent;
  }

  PostgresServer database() {
    return database;
  }

  BrokerServer broker() {
    return broker;
  }

  SimulatorServer simulator() {
    return simulator;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  List<Node> nodes() {
    return nodes;
  }

  /** The addresses of the nodes that are up. */
  List<URI> apis() {
    var up = new ArrayList<URI>();
    for (Node node : nodes) {
      URI api = node.api();
      if (api != null) {
        up.add(api);
      }
    }
    return up;
  }

  /** Starts the nodes that are down, side by side. */
  void startAll() {
    CompletableFuture.allOf(
            nodes.stream()
                .map(
                    node ->
                        CompletableFuture.runAsync(node::startInTheEnd, Thread::startVirtualThread))
                .toArray(CompletableFuture<?>[]::new))
        .join();
  }

  /** SIGKILL for all nodes. */
  void killAll() throws InterruptedException {
    for (Node node : nodes) {
      node.kill();
    }
  }

  /** The database's files as they are, and its nodes and itself up again. */
  void backUp(Path copy) throws IOException, InterruptedException {
    killAll();
    database.stop();
    database.copyTo(copy);
    database.start();
    startAll();
  }

  /** The database is lost, and what is there instead is an earlier copy. */
  void restore(Path copy) throws IOException, InterruptedException {
    killAll();
    database.crash();
    database.restore(copy);
    database.start();
    startAll();
  }

  /** PSPs send all their webhooks again; returns when those that can be were worked. */
  void hearPspsAgain() {
    simulator.sendAllEventsAgain();
    Await.until("all webhooks are taken", () -> simulator.eventsIdle(5_000));
    Await.until(
        "each was looked at",
        () -> database.number("SELECT count(*) FROM inbox_work WHERE attempts = 0") == 0);
  }

  /** A node's settings: everything that is waited for comes soon, and nothing is given up. */
  String settings(String node, int databasePort) {
    return """
    mode: development
    node-id: %s
    encryption-key: Y2hhb3MtY2hhb3MtY2hhb3MtY2hhb3MtY2hhb3MtY2g=
    ops: {port: 0}
    webhooks: {host: 127.0.0.1, port: 0, timeout: 5s}
    api: {host: 127.0.0.1, port: 0}
    shutdown: {readiness-delay: 0s}
    timeouts: {psp-connect: 1s, psp-call: 2s, breaker: 3s, database-statement: 4s, event-bus-reply: 7s, edge: 8s}
    routing: {time-limit: 6500ms}
    breaker: {reset-after: 500ms}
    admission: {max-concurrent: %d, max-concurrent-per-merchant: %d}
    recovery: {poll-interval: 100ms, pending-grace: 9s, schedule: "200ms,500ms,1s", accepted-delay: 2s}
    inbox: {poll-interval: 100ms, foreign-after: 1h, schedule: "%s"}
    outbox: {poll-interval: 100ms}
    deliveries: {poll-interval: 100ms, timeout: 3s, connect-timeout: 1s, schedule: "200ms,500ms,1s"}
    kafka: {bootstrap-servers: "%s", topic: %s, delivery-timeout: 3s, retry-delay: 200ms}
    database:
      url: postgresql://127.0.0.1:%d/%s
      password: %s
      migrator-password: %s
      ssl-mode: disable
    merchants:
      - id: chaos
        keys:
          - {id: chaos_server, kind: secret, mode: test, value: %s}
        psp-accounts:
          - id: stripe_chaos
            psp: stripe
            mode: test
            secret-key: %s
            webhook-secret: %s
            base-url: "%s"
          - id: adyen_chaos
            psp: adyen
            mode: test
            secret-key: %s
            webhook-secret: %s
            merchant-account: Chaos
            base-url: "%s"
    """
        .formatted(
            node,
            PLACES,
            PLACES,
            "200ms,500ms" + ",1s".repeat(600),
            broker.bootstrapServers(),
            TOPIC,
            databasePort,
            PostgresServer.DATABASE,
            PostgresServer.PASSWORD,
            PostgresServer.PASSWORD,
            SECRET_KEY,
            STRIPE_KEY,
            STRIPE_WEBHOOK_SECRET,
            simulator.url(),
            ADYEN_KEY,
            ADYEN_HMAC_KEY,
            simulator.url());
  }

  /** Everything that the audit looks at, as it is now. */
  Evidence evidence() {
    return new Evidence(database, simulator.truth(), told(), endpoint.received());
  }

  private List<Evidence.Told> told() {
    return new TopicReader(broker.bootstrapServers())
        .readAll(TOPIC).stream()
            .map(
                record ->
                    new Evidence.Told(record.key(), Long.parseLong(record.header("ce_sequence"))))
            .toList();
  }

  /**
   * Waits until nothing is under way any more: for as long as that becomes less, however slow the
   * machine is.
   *
   * @return whether it has become quiet; where not, the audit says what is left
   */
  boolean awaitQuiet() {
    simulator.sendDroppedEvents();
    // Time passes: what a node that died had claimed is due again, and may be told twice.
    database.execute("UPDATE delivery SET due_at = now() WHERE status = 'pending'");
    while (true) {
      simulator.eventsIdle(10_000);
      long left = underWay();
      if (left == 0 && relayed() && simulator.eventsIdle(1)) {
        return true;
      }
      try {
        Await.until(
            "fewer than " + left + " are under way",
            () -> underWay() < left || (left == 0 && relayed()));
      } catch (AssertionError stuck) {
        LOG.warn("not quiet: {} under way", database.rows(UNDER_WAY_BY_KIND));
        return false;
      }
    }
  }

  /** Operations, events, deliveries and answers that are not at their end. */
  private static final String UNDER_WAY_BY_KIND =
      """
      SELECT (SELECT count(*) FROM operation WHERE status IN ('pending', 'unknown', 'accepted') OR recover_at IS NOT NULL),
        (SELECT count(*) FROM inbox_work), (SELECT count(*) FROM outbox),
        (SELECT count(*) FROM delivery WHERE status = 'pending'),
        (SELECT count(*) FROM idempotency_key WHERE answer_status IS NULL)
      """;

  private long underWay() {
    return database.rows(UNDER_WAY_BY_KIND).getFirst().stream().mapToLong(Long::parseLong).sum();
  }

  /** Whether Kafka has acknowledged everything. */
  private boolean relayed() {
    return database.number(
            """
            SELECT count(*) FROM event_log e WHERE e.position > coalesce(
              (SELECT c.position FROM event_cursor c WHERE c.consumer = 'kafka' AND c.lane = e.lane), 0)
            """)
        == 0;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    balancer.close();
    for (Node node : nodes) {
      node.close();
    }
    endpoint.close();
    broker.close();
    simulator.close();
    database.close();
  }
}
