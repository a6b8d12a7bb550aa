package store;

import static org.assertj.core.api.Assertions.assertThat;
import static store.StoreFixture.result;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who works which lane. */
final class LaneLeasesIT {
  private static final List<Integer> ALL_LANES = IntStream.range(0, Lanes.COUNT).boxed().toList();
  private static final long LONG = 60_000;
  private static StoreFixture store;
  private static LaneLeases leases;

  @BeforeAll
  static void open() {
    store = new StoreFixture();
    leases = new LaneLeases(store.database);
  }

  @BeforeEach
  void nobody() {
    store.server.execute("DELETE FROM lane_lease");
    store.server.execute("DELETE FROM node");
  }

  @AfterAll
  static void close() {
    store.close();
  }

  @Test
  void givesASingleNodeAllLanes() {
    assertThat(renew("one")).containsExactlyInAnyOrderElementsOf(ALL_LANES);
    assertThat(renew("one")).as("renewed").containsExactlyInAnyOrderElementsOf(ALL_LANES);
  }

  @Test
  void evensLanesOutWithANodeThatComes() {
    renew("one");
    assertThat(renew("two")).as("all are still leased").isEmpty();
    assertThat(renew("one")).as("what is over its share is let go").hasSize(Lanes.COUNT / 2);
    assertThat(renew("two")).hasSize(Lanes.COUNT / 2).doesNotContainAnyElementsOf(renew("one"));
    renew("three");
    List<Integer> one = renew("one");
    List<Integer> two = renew("two");
    List<Integer> three = renew("three");
    assertThat(List.of(one.size(), two.size())).containsOnly(22);
    assertThat(three).hasSize(20);
    assertThat(one).doesNotContainAnyElementsOf(two).doesNotContainAnyElementsOf(three);
    assertThat(two).doesNotContainAnyElementsOf(three);
  }

  @Test
  void givesTheLanesOfADeadNodeToTheOthersWhenItsLeaseRunsOut() {
    renew("one");
    renew("two");
    renew("one");
    renew("two");
    store.server.execute(
        "UPDATE lane_lease SET leased_until = now() - interval '1 second' WHERE node = 'one'");
    store.server.execute(
        "UPDATE node SET seen_at = now() - interval '2 minutes' WHERE node = 'one'");
    assertThat(renew("two")).containsExactlyInAnyOrderElementsOf(ALL_LANES);
    assertThat(renew("one")).as("it comes back").isEmpty();
    assertThat(renew("two")).hasSize(Lanes.COUNT / 2);
    assertThat(renew("one")).hasSize(Lanes.COUNT / 2);
  }

  @Test
  void givesLanesOnAtShutdown() {
    renew("one");
    renew("two");
    result(leases.release("one"));
    assertThat(renew("two")).containsExactlyInAnyOrderElementsOf(ALL_LANES);
  }

  @Test
  void neverLeasesALaneToTwoNodesAtOnce() {
    var renewals = new ArrayList<Future<List<Integer>>>();
    for (int at = 0; at < 8; at++) {
      renewals.add(leases.renew("node-" + at, LONG));
    }
    assertThat(renewals.stream().flatMap(each -> result(each).stream()))
        .isNotEmpty()
        .doesNotHaveDuplicates();
  }

  private static List<Integer> renew(String node) {
    return result(leases.renew(node, LONG));
  }
}
