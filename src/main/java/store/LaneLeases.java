package store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/**
 * Which node does the background work of which lane, by leases on the database's time. Each node
 * takes an equal share of the lanes; what is over goes to whoever has not enough.
 */
public final class LaneLeases {
  /**
   * A node first keeps what it holds, then takes what is free, up to its share of all lanes; beyond
   * that it lets go.
   */
  private static final String RENEW =
      """
      WITH seen AS (
        INSERT INTO node (node, seen_at) VALUES ($1, now()) ON CONFLICT (node) DO UPDATE SET seen_at = now()),
      share AS (
        SELECT ceil($3::numeric / (1 + count(*)))::int AS lanes FROM node
        WHERE node <> $1 AND seen_at > now() - $2 * interval '1 millisecond'),
      wanted AS (
        SELECT n.lane FROM generate_series(0, $3::int - 1) AS n(lane) LEFT JOIN lane_lease l ON l.lane = n.lane
        WHERE l.node IS NULL OR l.node = $1 OR l.leased_until < now()
        ORDER BY l.node IS DISTINCT FROM $1, n.lane
        LIMIT (SELECT lanes FROM share)),
      given_up AS (
        UPDATE lane_lease SET leased_until = now()
        WHERE node = $1 AND leased_until > now() AND lane NOT IN (SELECT lane FROM wanted))
      INSERT INTO lane_lease AS l (lane, node, leased_until)
      SELECT lane, $1, now() + $2 * interval '1 millisecond' FROM wanted ORDER BY lane
      ON CONFLICT (lane) DO UPDATE SET node = excluded.node, leased_until = excluded.leased_until
        WHERE l.node = excluded.node OR l.leased_until < now()
      RETURNING lane
      """;

  private static final String RELEASE =
      """
      WITH gone AS (DELETE FROM node WHERE node = $1)
      UPDATE lane_lease SET leased_until = now() WHERE node = $1
      """;

  private static final String FORGET =
      "DELETE FROM node WHERE seen_at < now() - interval '1 day' AND node <> $1";

  private final Database database;

  public LaneLeases(Database database) {
    this.database = database;
  }

  /**
   * Renews this node's lanes and evens them out with the other nodes that are alive.
   *
   * @param leaseMs how long the lanes are this node's from now on; also how long a node that says
   *     nothing counts as alive
   * @return the lanes that are now this node's
   */
  public Future<List<Integer>> renew(String node, long leaseMs) {
    return database
        .query(RENEW, Tuple.of(node, leaseMs, Lanes.COUNT))
        .map(
            rows -> {
              var lanes = new ArrayList<Integer>();
              rows.forEach(row -> lanes.add(row.getInteger("lane")));
              return List.copyOf(lanes);
            });
  }

  /** Gives the node's lanes to whoever comes next, at shutdown. */
  public Future<Void> release(String node) {
    return database.query(RELEASE, Tuple.of(node)).mapEmpty();
  }

  /** Forgets nodes that have not been seen for a day. */
  public Future<Void> forgetTheDead(String node) {
    return database.query(FORGET, Tuple.of(node)).mapEmpty();
  }
}
