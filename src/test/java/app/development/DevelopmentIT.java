package app.development;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import support.JavaProcess;

/** Development mode as a process: it starts from nothing, stops cleanly, and survives a kill. */
class DevelopmentIT {
  private final Path directory;

  DevelopmentIT(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void startsPrintsWhereEverythingIsAndLeavesNothingRunning() throws Exception {
    long database;
    try (JavaProcess process = start()) {
      int management = port(process.awaitLine(line -> line.contains("Management ")));
      process.awaitLine(line -> line.contains("curl http://127.0.0.1:"));
      assertThat(get(management, "/health/ready")).contains("\"status\":\"up\"");
      database = databasePid();

      process.terminate();

      assertThat(process.awaitExit()).isIn(0, 143);
    }
    awaitEnd(database);
    assertThat(directory.resolve("data/postgres/postmaster.pid")).doesNotExist();
  }

  @Test
  void keepsItsDataOverAKillAndStopsTheDatabaseThatWasLeftBehind() throws Exception {
    long orphan;
    try (JavaProcess process = start()) {
      execute(databaseUrl(process), "CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)");
      orphan = databasePid();
      process.kill();
      process.awaitExit();
    }
    assertThat(isAlive(orphan)).as("a killed process cannot stop its database").isTrue();

    try (JavaProcess process = start()) {
      String url = databaseUrl(process);
      assertThat(isAlive(orphan)).isFalse();
      assertThat(query(url, "SELECT n FROM kept")).isEqualTo("42");
      assertThat(query(url, "SHOW fsync")).isEqualTo("on");
      assertThat(query(url, "SHOW synchronous_commit")).isEqualTo("on");
      process.terminate();
      process.awaitExit();
    }
  }

  @Test
  void refusesADirectoryThatAnotherProcessUses() throws Exception {
    try (JavaProcess first = start()) {
      first.awaitLine(line -> line.contains("Management "));
      try (JavaProcess second = start()) {
        assertThat(second.awaitExit()).isEqualTo(1);
        assertThat(second.standardError())
            .singleElement()
            .asString()
            .contains("development.data-directory", "is in use by another running Sluice");
      }
      first.terminate();
      first.awaitExit();
    }
  }

  @Test
  void namesASimulatorPortThatIsInUse() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        JavaProcess process = start("--development.simulator-port=" + taken.getLocalPort())) {
      assertThat(process.awaitExit()).isEqualTo(1);
      assertThat(process.standardError())
          .containsExactly(
              "sluice: development.simulator-port " + taken.getLocalPort() + " is in use");
    }
  }

  private JavaProcess start(String... more) throws IOException {
    List<String> arguments =
        new java.util.ArrayList<>(
            List.of(
                "-classpath",
                System.getProperty("java.class.path"),
                DevelopmentMain.class.getName(),
                "--api.port=0",
                "--ops.port=0",
                "--webhooks.port=0",
                "--development.simulator-port=0",
                "--development.kafka-port=0",
                "--development.data-directory=" + directory.resolve("data")));
    arguments.addAll(List.of(more));
    return JavaProcess.start(directory, Map.of(), arguments);
  }

  private static int port(String line) {
    return Integer.parseInt(line.replaceAll(".*:(\\d+).*", "$1"));
  }

  private static String databaseUrl(JavaProcess process) {
    String line = process.awaitLine(printed -> printed.contains("postgresql://"));
    return "jdbc:" + line.replaceAll(".*(postgresql://\\S+).*", "$1");
  }

  private long databasePid() throws IOException {
    List<String> lines = Files.readAllLines(directory.resolve("data/postgres/postmaster.pid"));
    return Long.parseLong(lines.getFirst());
  }

  private static boolean isAlive(long pid) {
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    return process.isPresent() && process.get().isAlive();
  }

  /** The server removes its pid file a moment before it has ended. */
  private static void awaitEnd(long pid) throws Exception {
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    if (process.isPresent()) {
      process.get().onExit().get(1, TimeUnit.MINUTES);
    }
  }

  private static void execute(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, "sluice_migrator", "unused");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String query(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, "sluice_migrator", "unused");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static String get(int port, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
