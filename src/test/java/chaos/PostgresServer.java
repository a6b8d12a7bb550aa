package chaos;

import static java.util.Objects.requireNonNull;

import app.development.FreePort;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import support.Await;
import support.Rows;

/**
 * A PostgreSQL of its own, always on the same port, which can be stopped, crashed, copied and put
 * back to an earlier copy. It writes to the operating system before it acknowledges and does not
 * wait for the disk: here processes die, machines do not.
 */
final class PostgresServer implements Rows, AutoCloseable {
  static final String DATABASE = "sluice";
  static final String MIGRATOR = "sluice_migrator";
  static final String APPLICATION = "sluice_app";
  static final String PASSWORD = "chaos";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path files;
  private final Path log;
  private final int port;
  private final List<String> command;
  private final Thread endWithUs = new Thread(this::kill);
  private @Nullable Process running;

  PostgresServer(Path directory) throws IOException, InterruptedException {
    files = directory.resolve("postgres");
    log = directory.resolve("postgres.log");
    port = FreePort.any();
    command = prepare();
    Runtime.getRuntime().addShutdownHook(endWithUs);
    start();
    execute("postgres", "CREATE ROLE " + MIGRATOR + " LOGIN PASSWORD '" + PASSWORD + "'");
    execute("postgres", "CREATE ROLE " + APPLICATION + " LOGIN PASSWORD '" + PASSWORD + "'");
    execute("postgres", "CREATE DATABASE " + DATABASE + " OWNER " + MIGRATOR);
    execute(DATABASE, "ALTER SCHEMA public OWNER TO " + MIGRATOR);
  }

  /** Makes its files, and finds out how the embedded PostgreSQL starts its server. */
  private List<String> prepare() throws IOException {
    var embedded =
        EmbeddedPostgres.builder()
            .setDataDirectory(files)
            .setCleanDataDirectory(false)
            .setPort(port)
            .setPGStartupWait(PATIENCE)
            .setServerConfig("max_connections", "200")
            .setServerConfig("fsync", "off")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("unix_socket_directories", "")
            .start();
    String started = Files.readString(files.resolve("postmaster.opts")).strip();
    embedded.close();
    var parts = new ArrayList<String>();
    if (Files.getOwner(files).getName().equals("root")) {
      // It refuses to run as root; in a user namespace of its own it does not know that it does.
      parts.addAll(List.of("unshare", "-U"));
    }
    for (String part : started.split(" (?=\")", -1)) {
      parts.add(part.replace("\"", ""));
    }
    return parts;
  }

  int port() {
    return port;
  }

  /** Starts it where it does not run, with whatever recovery its files need. */
  synchronized void start() throws IOException {
    if (running == null) {
      running =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      Await.until("PostgreSQL takes connections", this::takesConnections);
    }
  }

  private boolean takesConnections() {
    try (var connection = connect("postgres")) {
      return connection.isValid(1);
    } catch (SQLException notYet) {
      return false;
    }
  }

  /** A fast shutdown: what is under way is rolled back, connections are ended. */
  void stop() throws IOException, InterruptedException {
    end("INT");
  }

  /** An immediate shutdown: every process of it ends where it is, and the next start recovers. */
  void crash() throws IOException, InterruptedException {
    end("QUIT");
  }

  /** SIGSTOP for all of it: connections are taken by the system, and nobody answers. */
  synchronized void pause() throws IOException, InterruptedException {
    ProcessHandle postmaster = requireNonNull(running).toHandle();
    // It makes no more of them while it sleeps.
    signal("STOP", postmaster.pid());
    for (ProcessHandle child : postmaster.descendants().toList()) {
      signal("STOP", child.pid());
    }
  }

  /** SIGCONT. */
  synchronized void goOn() throws IOException, InterruptedException {
    ProcessHandle postmaster = requireNonNull(running).toHandle();
    for (ProcessHandle child : postmaster.descendants().toList()) {
      signal("CONT", child.pid());
    }
    signal("CONT", postmaster.pid());
  }

  private synchronized void end(String signal) throws IOException, InterruptedException {
    Process server = running;
    if (server != null) {
      signal(signal, server.pid());
      if (!server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("PostgreSQL does not end; see " + log);
      }
      running = null;
    }
  }

  private void kill() {
    Process server = running;
    if (server != null) {
      server.destroyForcibly();
    }
  }

  /** Sends a signal to a process that this test started. */
  static void signal(String name, long pid) throws IOException, InterruptedException {
    int status = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
    if (status != 0) {
      throw new IOException("no " + name + " for " + pid);
    }
  }

  /** Its files as they are. It must not run. */
  void copyTo(Path copy) throws IOException {
    copy(files, copy);
  }

  /** Its files as they were when they were copied. It must not run. */
  void restore(Path copy) throws IOException {
    delete(files);
    copy(copy, files);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Files.copy(path, to.resolve(from.relativize(path)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  static void delete(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** A connection as the superuser, past every proxy. */
  Connection connect() throws SQLException {
    return connect(DATABASE);
  }

  private Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://localhost:" + port + "/" + database, "postgres", "postgres");
  }

  /** Runs a statement as the superuser. */
  void execute(String sql) {
    execute(DATABASE, sql);
  }

  private void execute(String database, String sql) {
    try (var connection = connect(database);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot run: " + sql, e);
    }
  }

  @Override
  public List<List<String>> rows(String sql) {
    return Rows.read(this::connect, sql);
  }

  @Override
  public void close() throws IOException, InterruptedException {
    crash();
    Runtime.getRuntime().removeShutdownHook(endWithUs);
  }
}
