package app;

import static org.assertj.core.api.Assertions.assertThat;

import app.development.EmbeddedDatabase;
import config.DatabaseSettings;
import config.Secret;
import config.SslMode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import support.JavaProcess;

/** The jar as operators get it: what is in it, how it starts, refuses to start, and stops. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PackagedJarIT {
  private final EmbeddedDatabase database;
  private final PackagedJar jar;

  PackagedJarIT(@TempDir Path directory) {
    DatabaseSettings settings =
        new DatabaseSettings(
            URI.create("postgresql://127.0.0.1:0/sluice"),
            "sluice_app",
            new Secret(PackagedJar.APP_PASSWORD),
            "sluice_migrator",
            new Secret(PackagedJar.MIGRATOR_PASSWORD),
            true,
            SslMode.DISABLE,
            null,
            8,
            100);
    database = EmbeddedDatabase.start(directory, settings);
    jar = new PackagedJar(directory, database);
  }

  @AfterAll
  void stopDatabase() throws IOException {
    database.close();
  }

  @Test
  void holdsWhatItNeedsAndNothingOfDevelopmentMode() throws IOException {
    try (JarFile file = new JarFile(System.getProperty("sluice.jar"))) {
      List<String> names =
          Collections.list(file.entries()).stream().map(entry -> entry.getName()).toList();
      assertThat(names)
          .noneMatch(name -> name.startsWith("simulator/"))
          .noneMatch(name -> name.startsWith("app/development/"))
          .noneMatch(name -> name.startsWith("io/zonky/"))
          .noneMatch(name -> name.startsWith("kafka/server/"))
          .noneMatch(name -> name.startsWith("org/apache/kafka/server/Kafka"))
          .noneMatch(name -> name.startsWith("org/apache/kafka/metadata/"))
          .noneMatch(name -> name.startsWith("org/apache/kafka/raft/"))
          .noneMatch(name -> name.startsWith("scala/"))
          .noneMatch(name -> name.startsWith("org/apache/logging/"))
          .noneMatch(name -> name.startsWith("org/junit/"))
          .noneMatch(name -> name.endsWith(".txz"))
          .doesNotContain("conf/development.yaml")
          .doesNotHaveDuplicates()
          .contains("app/Main.class", "logback.xml")
          .contains("org/apache/kafka/clients/producer/KafkaProducer.class")
          .contains("schemas/events/definitions.json", "schemas/events/captured.json");
      assertThat(text(file, "META-INF/services/org.flywaydb.core.extensibility.Plugin"))
          .contains("PostgreSQLDatabaseType", "CoreResourceTypeProvider");
      assertThat(text(file, "META-INF/services/io.vertx.core.spi.VertxServiceProvider"))
          .contains("micrometer");
    }
  }

  @Test
  void startsServesHealthAndMetricsAndStopsWhenTold() throws Exception {
    try (JavaProcess process = jar.run()) {
      int port = managementPort(process);
      assertThat(get(port, "/health/live").statusCode()).isEqualTo(200);
      assertThat(get(port, "/health/ready").body()).contains("\"status\":\"up\"");
      assertThat(get(port, "/metrics").body()).contains("jvm_memory_used_bytes");

      process.terminate();

      assertThat(process.awaitExit()).isIn(0, 143);
      assertThat(process.standardOutput()).noneMatch(line -> line.startsWith("\tat "));
      assertThat(process.standardOutput())
          .noneMatch(line -> line.contains(PackagedJar.APP_PASSWORD) || line.contains("sk_test_"));
      assertThat(process.standardOutput()).last().asString().contains("gateway closed");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--api.port=many|api.port is \"many\", must be a whole number",
        "--api.prot=1|api.prot is not a property; did you mean api.port?",
        "--database.password=sluice_development|database.password is a development secret, which"
            + " only mode development may start with",
        "--database.url=db|database.url must look like postgresql://host:5432/database",
      })
  void refusesAWrongConfigurationInOneLine(String property, String problem) throws Exception {
    try (JavaProcess process = jar.run(property)) {
      assertThat(process.awaitExit()).isEqualTo(2);
      assertThat(process.standardError()).containsExactly("sluice: " + problem);
      assertThat(process.standardOutput()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ops.port", "webhooks.port"})
  void namesThePortThatIsInUse(String port) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        JavaProcess process = jar.run("--" + port + "=" + taken.getLocalPort())) {
      assertThat(process.awaitExit()).isEqualTo(1);
      assertThat(process.standardError())
          .containsExactly("sluice: " + port + " " + taken.getLocalPort() + " is in use");
      assertThat(process.standardOutput()).noneMatch(line -> line.startsWith("\tat "));
    }
  }

  @Test
  void namesTheHostThatIsNotOurs() throws Exception {
    try (JavaProcess process = jar.run("--ops.host=192.0.2.1")) {
      assertThat(process.awaitExit()).isEqualTo(1);
      assertThat(process.standardError())
          .singleElement()
          .asString()
          .startsWith("sluice: ops.host cannot be listened on: ");
    }
  }

  @Test
  void namesTheDatabaseThatCannotBeReached() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    String url = "postgresql://127.0.0.1:" + free + "/sluice";
    try (JavaProcess process = jar.run("--database.url=" + url)) {
      assertThat(process.awaitExit()).isEqualTo(1);
      assertThat(process.standardError())
          .singleElement()
          .asString()
          .startsWith("sluice: database.url " + url + " cannot be reached: ");
      assertThat(process.standardOutput()).noneMatch(line -> line.startsWith("\tat "));
    }
  }

  @Test
  void namesTheRoleThatIsNotLetIn() throws Exception {
    try (JavaProcess process = jar.run("--database.user=nobody")) {
      assertThat(process.awaitExit()).isEqualTo(1);
      assertThat(process.standardError())
          .singleElement()
          .asString()
          .startsWith("sluice: database.user nobody is not let in: ");
    }
  }

  @Test
  void checksAConfigurationWithoutStarting() throws Exception {
    try (JavaProcess process = jar.run("--check-config", "--database.url=postgresql://nowhere/x")) {
      assertThat(process.awaitExit()).isZero();
      assertThat(process.standardOutput()).containsExactly("The configuration is valid.");
    }
  }

  @Test
  void saysHowToGiveAConfiguration(@TempDir Path directory) throws Exception {
    try (JavaProcess process =
        JavaProcess.start(
            directory, java.util.Map.of(), List.of("-jar", System.getProperty("sluice.jar")))) {
      assertThat(process.awaitExit()).isEqualTo(2);
      assertThat(process.standardError()).singleElement().asString().contains("--config=FILE");
    }
  }

  private static int managementPort(JavaProcess process) {
    String ready = process.awaitLine(line -> line.startsWith("Sluice is ready."));
    return Integer.parseInt(ready.replaceAll(".*management port (\\d+)\\.", "$1"));
  }

  private static HttpResponse<String> get(int port, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private static String text(JarFile file, String name) throws IOException {
    try (var stream = file.getInputStream(file.getJarEntry(name))) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
