package app.development;

import app.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A database server that outlived the process that started it, as after {@code kill -9}. */
final class OrphanedPostgres {
  private static final Logger LOG = LoggerFactory.getLogger(OrphanedPostgres.class);
  private static final long STOP_SECONDS = 20;

  private OrphanedPostgres() {}

  /**
   * Stops the server of a data directory where one runs. The number in {@code postmaster.pid} may
   * have gone to another program since; only a PostgreSQL of this very directory is touched.
   */
  static void stop(Path files) throws IOException {
    Path pidFile = files.resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return;
    }
    List<String> lines = Files.readAllLines(pidFile);
    if (lines.isEmpty() || !lines.getFirst().strip().matches("\\d{1,18}")) {
      return;
    }
    Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(lines.getFirst().strip()));
    if (process.isPresent() && serves(process.get(), files)) {
      LOG.info(
          "stopping the database that a killed process left behind pid={}", process.get().pid());
      stop(process.get());
    }
  }

  private static boolean serves(ProcessHandle process, Path files) {
    ProcessHandle.Info info = process.info();
    String command = info.command().orElse("");
    String[] arguments = info.arguments().orElse(new String[0]);
    return command.matches(".*postgres(\\.exe)?")
        && Arrays.stream(arguments).anyMatch(argument -> isSame(argument, files));
  }

  private static boolean isSame(String argument, Path files) {
    return argument.equals(files.toString());
  }

  /** Asks first: its clients are gone, so it has nothing to wait for. */
  private static void stop(ProcessHandle process) {
    process.destroy();
    if (!ended(process)) {
      process.destroyForcibly();
      if (!ended(process)) {
        throw new StartFailure(
            "the database server %d of a former run cannot be stopped".formatted(process.pid()));
      }
    }
  }

  private static boolean ended(ProcessHandle process) {
    try {
      process.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException running) {
      return false;
    } catch (ExecutionException failure) {
      return !process.isAlive();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
