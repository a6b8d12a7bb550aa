package app;

import config.InvalidSettings;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process around something that runs until it is told to stop. */
public final class Program {
  private static final Logger LOG = LoggerFactory.getLogger(Program.class);
  private static final int EXIT_FAILED = 1;
  private static final int EXIT_CONFIGURATION = 2;

  private Program() {}

  /**
   * Runs the start of a program. Where it fails the process ends with one line for each cause on
   * standard error and exit code 1, or 2 where the configuration is wrong.
   */
  public static void run(Runnable start) {
    try {
      start.run();
    } catch (InvalidSettings invalid) {
      invalid.problems().forEach(problem -> System.err.println("sluice: " + problem));
      exit(EXIT_CONFIGURATION);
    } catch (StartFailure failure) {
      LOG.debug("start failed", failure);
      System.err.println("sluice: " + failure.getMessage());
      exit(EXIT_FAILED);
    } catch (RuntimeException | Error unexpected) {
      LOG.error("start failed", unexpected);
      System.err.println("sluice: cannot start: " + unexpected);
      exit(EXIT_FAILED);
    }
  }

  /** Closes it when the process is told to end (SIGTERM, Ctrl-C), and lets it end only then. */
  public static <P extends AutoCloseable> P closedAtExit(Supplier<P> program) {
    P made = program.get();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    made.close();
                  } catch (Exception failure) {
                    LOG.error("not closed cleanly", failure);
                  }
                },
                "shutdown"));
    return made;
  }

  private static void exit(int code) {
    System.exit(code);
  }
}
