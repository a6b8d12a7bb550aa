package chaos;

import static org.assertj.core.api.Assertions.assertThat;

import chaos.Audit.Finding;
import chaos.Audit.Wrong;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import support.Rows;

/**
 * A whole gateway of two nodes, with everything around it in processes of its own, through a storm
 * of mishaps that is drawn from a seed ({@code -Dsluice.seed=} draws another): in the end nothing
 * that was acknowledged is lost, nothing is charged twice, and all books agree. The audit that says
 * so is tested itself: on a calm day it finds nothing, and then each wrong that is done to it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Isolated("Its storm is to be over soon: so many processes have both cores busy.")
final class ChaosIT {
  private static final Logger LOG = LoggerFactory.getLogger(ChaosIT.class);
  private static final long SEED = Long.getLong("sluice.seed", 20_261_130L);
  private static final Duration LONGEST_SLEEP = Duration.ofSeconds(3);
  private static final int CUSTOMERS = 6;

  /** All but what the other days here bring: nodes that are all killed, or end by themselves. */
  private static final List<Mishap> SHORT =
      Stream.of(Mishap.values())
          .filter(it -> it != Mishap.ALL_NODES_KILLED && it != Mishap.NODE_DRAINED)
          .toList();

  private static final int CALM_PURCHASES = 12;
  private static final int FORGOTTEN_PURCHASES = 20;

  private final Path backup;
  private final Town town;
  private final Buyer buyer;
  private final Shopping calm;
  private final List<Purchase> all = new ArrayList<>();

  /** How everything was after the calm day. */
  private Evidence then;

  ChaosIT(@TempDir Path directory) throws IOException, InterruptedException {
    LOG.info("seed {}", SEED);
    backup = directory.resolve("backup");
    town = Town.start(directory, 2, SEED);
    buyer = new Buyer(town);
    calm = new Shopping("calm", SEED, buyer);
    then = new Evidence(town.database(), town.simulator().truth(), List.of(), List.of());
  }

  @BeforeAll
  void aCalmDay() throws InterruptedException {
    calm.begin(CUSTOMERS, CALM_PURCHASES);
    calm.awaitAll();
    conclude(calm);
    then = town.evidence();
  }

  @AfterAll
  void close() throws IOException, InterruptedException {
    buyer.close();
    town.close();
  }

  private void conclude(Shopping shopping) {
    LOG.info("over, waiting for quiet");
    boolean quiet = town.awaitQuiet();
    LOG.info("quiet {}", quiet);
    shopping.finish();
    quiet &= town.awaitQuiet();
    shopping.repeatAll();
    LOG.info(
        "{} purchases, {} requests, {} of them again, gave up {} times, quiet {}",
        shopping.purchases().size(),
        buyer.requests(),
        buyer.repeats(),
        shopping.gaveUp(),
        quiet);
    all.addAll(shopping.purchases());
  }

  private List<Finding> audit() {
    return Audit.of(town.evidence(), all);
  }

  @Test
  @Order(1)
  void findsNothingWrongOnACalmDay() {
    assertThat(Audit.of(then, all)).isEmpty();
    assertThat(calm.purchases()).allMatch(Purchase::ended);
    assertThat(calm.purchases())
        .filteredOn(it -> it.kind() == Purchase.Kind.ELSEWHERE)
        .as("what one account refuses is taken by the other")
        .isNotEmpty()
        .allMatch(it -> it.status().equals("succeeded"));
    assertThat(town.endpoint().forged()).isZero();
  }

  /** Each wrong with what is done to the database, and by what names it is found. */
  static Stream<Arguments> wrongs() {
    String one = "(SELECT payment_id FROM payment WHERE status = 'succeeded' LIMIT 1)";
    return Stream.of(
        Arguments.of(
            "a lost payment",
            "DELETE FROM payment WHERE payment_id = " + one,
            Set.of(Wrong.PAYMENT_LOST)),
        Arguments.of(
            "a changed amount",
            "UPDATE payment SET captured = captured + 1 WHERE payment_id = " + one,
            Set.of(Wrong.AMOUNT, Wrong.PSP, Wrong.LEDGER)),
        Arguments.of(
            "a changed status",
            "UPDATE payment SET status = 'requires_confirmation' WHERE payment_id = " + one,
            Set.of(Wrong.STATUS)),
        Arguments.of(
            "a missing ledger transfer",
            "DELETE FROM ledger_transfer WHERE payment_id = " + one,
            Set.of(Wrong.LEDGER, Wrong.BOOKS)),
        Arguments.of(
            "a ledger transfer of another amount",
            "UPDATE ledger_transfer SET amount = amount - 1 WHERE transfer_id = (SELECT"
                + " max(transfer_id::text)::uuid FROM ledger_transfer)",
            Set.of(Wrong.LEDGER, Wrong.BOOKS)),
        Arguments.of(
            "a forgotten charge",
            "DELETE FROM operation WHERE kind = 'authorize' AND payment_id = " + one,
            Set.of(Wrong.UNKNOWN_CHARGE, Wrong.PSP)),
        Arguments.of(
            "an operation without an outcome",
            "UPDATE operation SET status = 'unknown' WHERE payment_id = " + one,
            Set.of(Wrong.OPEN_OPERATION)),
        Arguments.of(
            "an anomaly",
            "INSERT INTO anomaly (merchant_id, anomaly_id, payment_id, operation_id, kind, detail)"
                + " SELECT merchant_id, gen_random_uuid(), payment_id, operation_id,"
                + " 'late_success', 'x' FROM operation LIMIT 1",
            Set.of(Wrong.ANOMALY)),
        Arguments.of(
            "a dead letter",
            "UPDATE inbox_outcome SET status = 'dead' WHERE name = (SELECT min(name) FROM"
                + " inbox_outcome)",
            Set.of(Wrong.DEAD_LETTER)),
        Arguments.of(
            "a webhook that was not worked",
            "INSERT INTO inbox_work (merchant_id, psp_account_id, name, lane, bytes) SELECT"
                + " merchant_id, psp_account_id, name, 0, 1 FROM inbox_event LIMIT 1",
            Set.of(Wrong.INBOX)),
        Arguments.of(
            "a change that was not moved",
            "INSERT INTO outbox (merchant_id, payment_id, sequence, lane, livemode, event) SELECT"
                + " merchant_id, payment_id, sequence, lane, livemode, 'updated' FROM payment LIMIT"
                + " 1",
            Set.of(Wrong.OUTBOX)),
        Arguments.of(
            "a lost answer",
            "UPDATE idempotency_key SET answer_status = NULL WHERE payment_id = " + one,
            Set.of(Wrong.NO_ANSWER_KEPT)),
        Arguments.of(
            "a gap in the history",
            "DELETE FROM payment_event WHERE sequence = 1 AND payment_id = " + one,
            Set.of(Wrong.HISTORY, Wrong.EVENT_LOST)),
        Arguments.of(
            "a lost event",
            "DELETE FROM event_log WHERE sequence = 1 AND payment_id = " + one,
            Set.of(Wrong.EVENT_LOST)),
        Arguments.of(
            "a change of which is not known what it left",
            "DELETE FROM payment_change WHERE sequence = 1 AND payment_id = " + one,
            Set.of(Wrong.EVENT_LOST)),
        Arguments.of(
            "a change that Kafka never got",
            "UPDATE payment SET sequence = sequence + 1 WHERE payment_id = " + one,
            Set.of(Wrong.KAFKA_LOST, Wrong.HISTORY)),
        Arguments.of(
            "a delivery that was given up",
            "UPDATE delivery SET status = 'failed' WHERE event_id = (SELECT"
                + " max(event_id::text)::uuid FROM delivery)",
            Set.of(Wrong.DELIVERY)),
        Arguments.of(
            "a lost delivery",
            "DELETE FROM delivery WHERE event_id = (SELECT max(event_id::text)::uuid FROM"
                + " delivery)",
            Set.of(Wrong.DELIVERY)),
        Arguments.of(
            "an event that nobody is told of",
            "DELETE FROM merchant_event WHERE type = 'payment_intent.succeeded' AND payment_id = "
                + one,
            Set.of(Wrong.NOT_TOLD)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongs")
  @Order(2)
  void findsWhatIsWrongInTheDatabase(String name, String sql, Set<Wrong> found)
      throws SQLException {
    try (var connection = town.database().connect()) {
      connection.setAutoCommit(false);
      try (var statement = connection.createStatement()) {
        assertThat(statement.executeUpdate(sql)).as("rows").isPositive();
      }
      var with = new Evidence(Rows.of(connection), then.truth(), then.told(), then.delivered());
      assertThat(Audit.kinds(Audit.of(with, all))).containsAll(found);
      connection.rollback();
    }
  }

  /** Each wrong with what is done to what others have got. */
  static Stream<Arguments> losses() {
    UnaryOperator<Evidence> gap =
        is -> {
          var told = new ArrayList<>(is.told());
          var first = told.stream().filter(it -> it.sequence() == 1).findFirst().orElseThrow();
          told.removeIf(first::equals);
          return new Evidence(is.database(), is.truth(), told, is.delivered());
        };
    UnaryOperator<Evidence> late =
        is -> {
          var told = new ArrayList<>(is.told());
          var first = told.removeFirst();
          told.removeIf(first::equals);
          told.add(first);
          return new Evidence(is.database(), is.truth(), told, is.delivered());
        };
    UnaryOperator<Evidence> unheard =
        is -> {
          var delivered = new ArrayList<>(is.delivered());
          var one = delivered.removeLast();
          delivered.removeIf(one::equals);
          return new Evidence(is.database(), is.truth(), is.told(), delivered);
        };
    return Stream.of(
        Arguments.of("a gap in Kafka", gap, Wrong.KAFKA_ORDER),
        Arguments.of("a change that overtakes another in Kafka", late, Wrong.KAFKA_ORDER),
        Arguments.of("an event that never reached the merchant", unheard, Wrong.NOT_DELIVERED));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("losses")
  @Order(3)
  void findsWhatOthersHaveNotGot(String name, UnaryOperator<Evidence> loss, Wrong found) {
    assertThat(Audit.kinds(Audit.of(loss.apply(then), all))).containsExactly(found);
  }

  /** The simulator is really asked for another charge, which no request of ours stands behind. */
  @Test
  @Order(90)
  void findsASecondChargeAtThePsp() throws IOException, InterruptedException {
    town.awaitQuiet();
    assertThat(audit()).isEmpty();
    String ours =
        town.simulator().truth().account(Town.STRIPE_KEY).charges().stream()
            .filter(charge -> charge.capturedMinor() > 0)
            .findFirst()
            .orElseThrow()
            .metadata()
            .get("operation_id");

    town.simulator().sendNoEvents(Town.STRIPE_KEY);
    charge("amount=100&currency=usd&metadata[operation_id]=" + ours);
    assertThat(Audit.kinds(audit())).contains(Wrong.CHARGED_TWICE, Wrong.PSP, Wrong.BOOKS);

    charge("amount=100&currency=usd&metadata[operation_id]=nobody");
    assertThat(Audit.kinds(audit())).contains(Wrong.UNKNOWN_CHARGE);
  }

  private void charge(String form) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create(town.simulator().url() + "/v1/payment_intents"))
              .header("Authorization", "Bearer " + Town.STRIPE_KEY)
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      form + "&confirm=true&payment_method=pm_card_visa"))
              .build();
      var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(new JsonObject(answer.body()).getString("status"))
          .as(answer.body())
          .isEqualTo("succeeded");
    }
  }

  @Test
  @Order(10)
  void losesNothingAndChargesNothingTwiceInAStorm() throws InterruptedException {
    var shopping = new Shopping("storm", SEED, buyer);
    var storm = new Storm(town, SEED, LONGEST_SLEEP);
    shopping.begin(CUSTOMERS, Integer.MAX_VALUE);
    storm.pass(SHORT);
    shopping.end();
    conclude(shopping);
    LOG.info("seed {}: {}", SEED, Map.copyOf(storm.happened()));

    assertThat(audit()).as("seed %d", SEED).isEmpty();
  }

  /**
   * The primary is lost, and what is there instead is from before: merchants ask again with their
   * keys, PSPs are asked to send their webhooks again, and no money moves.
   */
  @Test
  @Order(20)
  void meetsThePspsMemoryWhenTheDatabaseIsPutBackToAMomentBefore()
      throws IOException, InterruptedException {
    var shopping = new Shopping("restored", SEED, buyer);
    List<String> moved = new Restoration(town, shopping, backup).pass(FORGOTTEN_PURCHASES);
    conclude(shopping);

    assertThat(audit()).isEmpty();
    assertThat(moved).as("money that moved again").isEmpty();
  }

  /** Twice what one node can take goes to two, of which one is killed and comes back. */
  @Test
  @Order(30)
  void losesNothingWhenOneOfTwoNodesIsKilledUnderTwiceTheLoadOfOne()
      throws IOException, InterruptedException {
    var overload = new Overload(town, buyer, SEED);
    overload.pass(Duration.ofSeconds(2));
    conclude(overload.shopping());

    assertThat(audit()).isEmpty();
  }
}
