package support;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * A transaction of a test that holds rows or keys, so that the code under test has to wait for it.
 * What waits queues in the order it came, so that a test says who is first instead of hoping for
 * it. What is still held in the end is rolled back.
 */
public final class HeldTransaction implements AutoCloseable {
  /** Who waits for a lock that somebody else has, and not only for their turn to run. */
  private static final String WAITING =
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type"
          + " = 'Lock' AND cardinality(pg_blocking_pids(pid)) > 0";

  private final Connection connection;

  /** Looks from outside of the transaction: within one the activity of others stands still. */
  private final Connection watching;

  private final long pid;

  /** Begins it with statements that lock or write something. */
  public HeldTransaction(TestDatabase database, String... statements) {
    try {
      watching = database.connect();
      connection = database.connect();
      connection.setAutoCommit(false);
    } catch (SQLException e) {
      throw new AssertionError("cannot begin", e);
    }
    pid = Rows.of(connection).number("SELECT pg_backend_pid()");
    for (String sql : statements) {
      run(sql);
    }
  }

  /** One that has locked the rows of a query. */
  public static HeldTransaction locking(TestDatabase database, String table, String where) {
    return new HeldTransaction(
        database, "SELECT FROM " + table + " WHERE " + where + " FOR UPDATE");
  }

  public void run(String sql) {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  /** Waits until just so many statements wait for locks in this database. */
  public void awaitWaiting(int number) {
    Await.until(
        number + " statements wait for a lock", () -> Rows.of(watching).number(WAITING) == number);
  }

  /** Waits until so many or more do. */
  public void awaitAtLeastWaiting(int number) {
    Await.until(
        number + " statements or more wait for a lock",
        () -> Rows.of(watching).number(WAITING) >= number);
  }

  /** Waits until who waited for another held transaction, which is over now, has gone on. */
  public void awaitNobodyWaitingFor(HeldTransaction other) {
    Await.until(
        "nobody waits for what is over",
        () -> Rows.of(watching).number(WAITING + " AND " + other.isWaitedFor()) == 0);
  }

  private String isWaitedFor() {
    return pid + " = ANY (pg_blocking_pids(pid))";
  }

  /**
   * Ends the connections of those that wait for this transaction itself, as when a node dies. Who
   * waits is asked first: whoever comes next in the line is not to be ended, too.
   */
  public void killWhoWaits() {
    Rows.read(
        watching,
        "SELECT pg_terminate_backend(w) FROM (SELECT unnest(array_agg(pid)) AS w FROM"
            + " pg_stat_activity WHERE datname = current_database() AND "
            + isWaitedFor()
            + ") AS waiting");
  }

  public void commit() {
    try {
      connection.commit();
    } catch (SQLException e) {
      throw new AssertionError("cannot commit", e);
    }
  }

  public void rollback() {
    try {
      connection.rollback();
    } catch (SQLException e) {
      throw new AssertionError("cannot roll back", e);
    }
  }

  /** Commits, or rolls back. */
  public void end(boolean commits) {
    if (commits) {
      commit();
    } else {
      rollback();
    }
  }

  @Override
  public void close() {
    rollback();
    try {
      connection.close();
      watching.close();
    } catch (SQLException e) {
      throw new AssertionError("cannot close", e);
    }
  }
}
