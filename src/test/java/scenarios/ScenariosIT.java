package scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import support.Books;
import support.JavaProcess;
import support.TestGateway;

/**
 * A smoke of every load scenario of {@code perf/gatling}: ten users each, in a JVM of their own. No
 * request fails, and what was done is in the database.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScenariosIT {
  private static final int USERS = 10;
  private static final int TAKEN_BEFORE = 2;

  private TestGateway gateway;
  private List<String> printed = List.of();

  @BeforeAll
  void runEveryScenario(@TempDir Path directory) throws IOException, InterruptedException {
    gateway = TestGateway.start();
    try (var runs = JavaProcess.start(directory, Map.of(), arguments(directory))) {
      runs.awaitExit();
      printed = new ArrayList<>(runs.standardOutput());
      printed.addAll(runs.standardError());
    }
  }

  @AfterAll
  void close() {
    gateway.close();
  }

  @Test
  void everyScenarioRunsWithoutAFailedRequest() {
    assertThat(printed)
        .as(String.join("\n", printed))
        .containsAll(
            Arrays.stream(Catalogue.values()).map(name -> name + " ended with 0").toList());
  }

  @Test
  void everyPaymentIsThereAndEndsAsItsScenarioSays() throws SQLException {
    assertThat(payments())
        .isEqualTo(
            Map.of(
                "checkout succeeded", USERS,
                "create succeeded", USERS,
                "authorize succeeded refunded", USERS,
                "checkout, mixed day succeeded", USERS,
                "decline requires_payment_method", USERS,
                "checkout, slow PSP succeeded", USERS,
                "checkout, failing PSP succeeded", USERS,
                "taken before succeeded", 3 * TAKEN_BEFORE));
    var books = new Books(gateway);
    books.balance();
    books.chargedOnce();
  }

  /** A user sends two in the storm; the mixed day has four for each checkout. */
  @Test
  void everyWebhookIsStoredAndWorked() {
    gateway.awaitWorkedInbox();
    String told = "SELECT count(*) FROM inbox_standing WHERE name LIKE 'evt_load_%' AND ";
    assertThat(gateway.number(told + "status = 'processed' AND payment_id IS NOT NULL"))
        .isEqualTo(USERS + 2 * USERS);
    assertThat(gateway.number(told + "status = 'ignored'")).isEqualTo(USERS + 2 * USERS);
    assertThat(gateway.number(told + "status NOT IN ('processed', 'ignored')")).isZero();
  }

  @Test
  void thePspFailsDuringItsScenarioAndNotAfterwards() {
    assertThat(printed).anyMatch(line -> line.matches("The PSP failed [1-9]\\d* calls\\."));
    assertThat(gateway.simulator().faults().rules()).isEmpty();
  }

  private Map<String, Integer> payments() throws SQLException {
    var payments = new TreeMap<String, Integer>();
    try (var connection = gateway.database().connect();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                """
                SELECT replace(parameters->>'description', 'load, ', '') || ' ' || status
                  || CASE WHEN refunded = amount THEN ' refunded' ELSE '' END, count(*)
                FROM payment GROUP BY 1
                """)) {
      while (rows.next()) {
        payments.put(rows.getString(1), rows.getInt(2));
      }
    }
    return payments;
  }

  private List<String> arguments(Path directory) {
    Path settings = Path.of("perf/gatling/src/test/resources").toAbsolutePath();
    return List.of(
        "-Xmx256m",
        "-XX:TieredStopAtLevel=1",
        "--add-opens=java.base/java.lang=ALL-UNNAMED",
        // The main build leaves the natives out.
        "-Dgatling.ssl.useOpenSsl=false",
        "-Djava.util.prefs.userRoot=" + directory,
        "-cp",
        settings + java.io.File.pathSeparator + System.getProperty("java.class.path"),
        "-DbaseUrl=" + gateway.api(),
        "-DopsUrl=" + gateway.ops(),
        "-DwebhookUrl=" + gateway.webhooks() + "/webhooks/stripe/stripe_demo",
        "-DsimulatorUrl=" + gateway.simulator().baseUrl(),
        "-Drate=" + USERS,
        "-Dduration=1s",
        "-Dramp=0s",
        "-Dpayments=" + TAKEN_BEFORE,
        "-Dfailing=0.5",
        // The machine may be slow: this is no measurement.
        "-Dp99=60s",
        "scenarios.ScenarioRuns",
        directory.toString());
  }
}
