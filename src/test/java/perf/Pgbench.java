package perf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** PostgreSQL's own load generator, which is the peer that others are measured against. */
final class Pgbench {
  private Pgbench() {}

  /**
   * One run over prepared statements.
   *
   * @param database where
   * @param settings the sessions' settings, as in PGOPTIONS; empty for none
   * @param variables what the script calls by name
   * @return transactions in a second
   */
  static double run(
      Bench bench,
      String database,
      Path script,
      int clients,
      Duration time,
      String settings,
      Map<String, String> variables)
      throws IOException, InterruptedException {
    var command =
        new ArrayList<>(
            List.of("pgbench", "-n", "-M", "prepared", "-h", "127.0.0.1", "-U", "postgres"));
    command.addAll(List.of("-p", String.valueOf(bench.databasePort())));
    command.addAll(List.of("-c", String.valueOf(clients), "-j", "2"));
    command.addAll(List.of("-T", String.valueOf(time.toSeconds())));
    variables.forEach((name, value) -> command.addAll(List.of("-D", name + "=" + value)));
    command.addAll(List.of("-f", script.toString(), database));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PGOPTIONS", settings);
    var process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(said);
    }
    return said.lines()
        .filter(line -> line.startsWith("tps = "))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("tps = ([0-9.]+).*", "$1")))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(said));
  }
}
