package scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import support.JavaProcess;

/** What a load tester is told before any load. */
class PreflightTest {
  @Test
  void saysInOneLineThatTheGatewayCannotBeReached(@TempDir Path directory) throws Exception {
    int port = closedPort();
    assertThat(preflight(directory, "checkout", "-DbaseUrl=http://127.0.0.1:" + port))
        .isEqualTo(
            "3: the gateway (-DbaseUrl, -DapiKey) is not reachable at http://127.0.0.1:"
                + port
                + " (ConnectException)");
  }

  @Test
  void saysInOneLineWhatTheGatewayHasAgainstUs(@TempDir Path directory) throws Exception {
    var gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    gateway.createContext(
        "/v1/payment_intents",
        exchange -> {
          byte[] answer = "{\"error\":\n  \"whoever you are\"}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(401, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    gateway.start();
    try {
      String at = "http://127.0.0.1:" + gateway.getAddress().getPort();
      assertThat(preflight(directory, "checkout", "-DbaseUrl=" + at))
          .isEqualTo(
              "3: the gateway (-DbaseUrl, -DapiKey) at "
                  + at
                  + " answered 401: {\"error\": \"whoever you are\"}");
    } finally {
      gateway.stop(0);
    }
  }

  @Test
  void namesTheScenariosWhereThereIsNoneOfTheName(@TempDir Path directory) throws Exception {
    assertThat(preflight(directory, "chekout"))
        .startsWith("2: there is no scenario 'chekout'; there are checkout, two-step, ");
  }

  @Test
  void namesTheParameterThatCannotBeRead(@TempDir Path directory) throws Exception {
    assertThat(preflight(directory, "checkout", "-Dduration=60"))
        .isEqualTo("2: -Dduration=60 is no time such as 500ms, 60s or 5m");
  }

  /** Else the load would go to the default. */
  @Test
  void refusesParametersThatThereAreNot(@TempDir Path directory) throws Exception {
    assertThat(preflight(directory, "checkout", "-DbaseURL=https://gateway.example"))
        .startsWith("2: there is no parameter -DbaseURL; there are [apiKey, baseUrl, ");
  }

  /** The exit code and all that was printed. */
  private String preflight(Path directory, String scenario, String... parameters) throws Exception {
    var arguments =
        new ArrayList<>(List.of("-cp", Path.of("target/test-classes").toAbsolutePath().toString()));
    arguments.addAll(List.of(parameters));
    arguments.add("scenarios.Preflight");
    arguments.add(scenario);
    try (var process = JavaProcess.start(directory, Map.of(), arguments)) {
      int code = process.awaitExit();
      assertThat(process.standardOutput()).isEmpty();
      return code + ": " + String.join("\n", process.standardError());
    }
  }

  private static int closedPort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
