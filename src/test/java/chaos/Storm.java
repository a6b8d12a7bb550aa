package chaos;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import support.Await;

/**
 * Mishaps one after the other, those of the machines beside those of their surroundings, drawn from
 * a seed; and all the while PSPs' webhooks that are late, doubled, shuffled and lost for a time.
 */
final class Storm {
  private static final Logger LOG = LoggerFactory.getLogger(Storm.class);

  /** Each with the share of calls that it strikes; at most one strikes a call. */
  private static final List<String> CALL_FAULTS =
      List.of(
          "{'fault':'hang','rate':0.02}",
          "{'fault':'hang','after_effect':true,'rate':0.02}",
          "{'fault':'drop','rate':0.03}",
          "{'fault':'drop','after_effect':true,'rate':0.03}",
          "{'fault':'server_error','status':503,'rate':0.03}",
          "{'fault':'server_error','after_effect':true,'rate':0.02}",
          "{'fault':'server_error','after_effect':true,'kept':true,'rate':0.02}",
          "{'fault':'garbage','form':'not_json','rate':0.02}",
          "{'fault':'garbage','form':'truncated','rate':0.02}",
          "{'fault':'garbage','form':'empty','rate':0.02}",
          "{'fault':'page','status':502,'rate':0.02}",
          "{'fault':'rate_limited','retry_after_ms':300,'rate':0.03}",
          "{'fault':'key_in_use','rate':0.01}",
          "{'fault':'lock_timeout','rate':0.01}",
          "{'fault':'delay','latency':{'kind':'lognormal','median_ms':60,'p99_ms':1500},'rate':0.5}");

  private static final List<String> EVENT_FAULTS =
      List.of(
          "{'fault':'webhook_duplicate','copies':2,'latency':{'kind':'uniform','min_ms':0,'max_ms':800},'rate':0.15}",
          "{'fault':'webhook_shuffle','window':12,'longest_ms':700,'rate':0.3}",
          "{'fault':'webhook_drop','resend_after_ms':1500,'rate':0.08}",
          "{'fault':'webhook_drop','rate':0.04}",
          "{'fault':'webhook_wrong_signature','rate':0.02}",
          "{'fault':'webhook_delay','latency':{'kind':'uniform','min_ms':0,'max_ms':2000},'rate':0.2}");

  private static final List<String> WRITTEN =
      List.of(
          "payment",
          "operation",
          "outbox",
          "inbox_event",
          "event_log",
          "payment_change",
          "delivery",
          "idempotency_key");

  private final Town town;
  private final Random random;
  private final Duration longestSleep;
  private final Duration longestJump = Duration.ofMinutes(4);
  private final Map<Mishap, Integer> happened =
      Collections.synchronizedMap(new EnumMap<>(Mishap.class));

  /**
   * A storm over a town.
   *
   * @param longestSleep how long a node sleeps at most
   */
  Storm(Town town, long seed, Duration longestSleep) {
    this.town = town;
    this.random = new Random(seed);
    this.longestSleep = longestSleep;
  }

  /** How often what has happened. */
  Map<Mishap, Integer> happened() {
    return Map.copyOf(happened);
  }

  /** Has each of these happen, in an order of the seed; returns when all is over and well again. */
  void pass(List<Mishap> mishaps) {
    var shuffled = new ArrayList<>(mishaps);
    Collections.shuffle(shuffled, random);
    eventFaults();
    CompletableFuture.allOf(
            Arrays.stream(Mishap.Where.values())
                .map(
                    where -> {
                      var mine = shuffled.stream().filter(it -> it.where() == where).toList();
                      var luck = new Random(random.nextLong());
                      return CompletableFuture.runAsync(
                          () -> mine.forEach(it -> happen(it, luck)), Thread::startVirtualThread);
                    })
                .toArray(CompletableFuture<?>[]::new))
        .join();
    town.simulator().noFaults();
    town.simulator().sendDroppedEvents();
  }

  private void happen(Mishap mishap, Random luck) {
    pause(luck, 100, 600);
    LOG.info("storm: {}", mishap);
    try {
      switch (mishap) {
        case NODE_KILLED -> kill(luck);
        case ALL_NODES_KILLED -> killAll();
        case NODE_ASLEEP -> sleep(luck);
        case NODE_DRAINED -> drain(luck);
        case DATABASE_RESTARTED -> restartDatabase(luck);
        case DATABASE_CRASHED -> crashDatabase(luck);
        case BACKENDS_KILLED -> endSessions();
        case CONNECTIONS_CUT -> cutConnections(luck);
        case COMMITS_UNHEARD -> loseReplies(luck);
        case DISK_FULL -> fillDisk(luck);
        case CLOCK_JUMPS -> jumpClock(luck);
        case KAFKA_KILLED -> killKafka(luck);
        case PSPS_FAIL -> failPsps(luck);
        case PSPS_REFUSE -> refuseAtPsps(luck);
        case ENDPOINT_FAILS -> failEndpoint(luck);
      }
    } catch (IOException e) {
      throw new AssertionError(mishap + " failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    happened.merge(mishap, 1, Integer::sum);
  }

  private void kill(Random luck) throws InterruptedException {
    Node node = any(luck);
    node.kill();
    pause(luck, 0, 1_000);
    node.startInTheEnd();
  }

  private void killAll() throws InterruptedException {
    town.killAll();
    town.startAll();
  }

  private void sleep(Random luck) throws IOException, InterruptedException {
    Node node = any(luck);
    node.pause();
    pause(luck, 1_000, (int) longestSleep.toMillis());
    node.goOn();
  }

  private void drain(Random luck) throws InterruptedException {
    Node node = any(luck);
    node.stop();
    node.startInTheEnd();
  }

  private void restartDatabase(Random luck) throws IOException, InterruptedException {
    town.database().stop();
    pause(luck, 0, 1_000);
    town.database().start();
  }

  private void crashDatabase(Random luck) throws IOException, InterruptedException {
    town.database().crash();
    pause(luck, 0, 500);
    town.database().start();
  }

  private void endSessions() {
    town.database()
        .execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '"
                + PostgresServer.APPLICATION
                + "'");
  }

  private void cutConnections(Random luck) {
    for (int times = 0; times < 6; times++) {
      for (Node node : town.nodes()) {
        node.databaseWay().cutSome(3, 3_000, luck);
      }
      pause(luck, 50, 250);
    }
  }

  private void loseReplies(Random luck) {
    for (int times = 0; times < 6; times++) {
      for (Node node : town.nodes()) {
        node.databaseWay().loseReplies(1 + luck.nextInt(4));
      }
      pause(luck, 50, 250);
    }
  }

  private void fillDisk(Random luck) {
    diskFull(true);
    pause(luck, 500, 1_500);
    diskFull(false);
  }

  private void jumpClock(Random luck) throws IOException {
    Node node = any(luck);
    node.clockOff(luck.nextLong(-longestJump.toMillis(), longestJump.toMillis()));
    pause(luck, 500, 1_500);
    node.clockOff(0);
  }

  private void killKafka(Random luck) throws IOException, InterruptedException {
    town.broker().kill();
    pause(luck, 0, 1_500);
    town.broker().launch();
    town.broker().awaitUp();
  }

  private void failPsps(Random luck) {
    CALL_FAULTS.forEach(fault -> town.simulator().fault(json(fault)));
    pause(luck, 2_000, 4_000);
    town.simulator().noFaults();
    eventFaults();
  }

  private void refuseAtPsps(Random luck) {
    town.simulator().refuse(700);
    pause(luck, 900, 1_200);
    awaitSimulator();
  }

  private void failEndpoint(Random luck) {
    town.endpoint().failing(true);
    pause(luck, 1_000, 2_000);
    town.endpoint().failing(false);
  }

  private void awaitSimulator() {
    Await.until("the simulator takes connections", () -> town.simulator().reachable());
  }

  private Node any(Random luck) {
    return town.nodes().get(luck.nextInt(town.nodes().size()));
  }

  private void eventFaults() {
    EVENT_FAULTS.forEach(fault -> town.simulator().fault(json(fault)));
  }

  private static JsonObject json(String text) {
    return new JsonObject(text.replace('\'', '"'));
  }

  /**
   * The disk is not full, which needs a file system of its own: the statements fail as they do
   * then, by a trigger, each with an even chance. One table after the other: who waits for several
   * at once may hold what the gateway waits for.
   */
  private void diskFull(boolean full) {
    if (full) {
      town.database()
          .execute(
              """
              CREATE OR REPLACE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$
              BEGIN
                IF random() < 0.5 THEN
                  RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
                END IF;
                RETURN NULL;
              END
              $$;
              """);
    }
    for (String table : WRITTEN) {
      town.database()
          .execute(
              full
                  ? "CREATE TRIGGER disk_full BEFORE INSERT OR UPDATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION disk_full()"
                      .formatted(table)
                  : "DROP TRIGGER IF EXISTS disk_full ON %s".formatted(table));
    }
  }

  private static void pause(Random luck, int fromMs, int toMs) {
    LockSupport.parkNanos((fromMs + luck.nextInt(toMs - fromMs + 1)) * 1_000_000L);
  }
}
