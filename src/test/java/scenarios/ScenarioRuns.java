package scenarios;

import io.gatling.app.Gatling$;
import java.util.prefs.BackingStoreException;
import java.util.prefs.Preferences;

/**
 * Runs every scenario in this JVM, one after the other, as it is run from {@code perf/gatling}, but
 * without reports. Ends with the code of the first that fails.
 */
final class ScenarioRuns {
  private ScenarioRuns() {}

  /** Called with the folder for results. */
  public static void main(String[] arguments) throws BackingStoreException {
    seemUpToDate();
    for (Catalogue scenario : Catalogue.values()) {
      int code =
          Gatling$.MODULE$.fromArgs(
              new String[] {
                "--simulation",
                scenario.className(),
                "--results-folder",
                arguments[0],
                "--no-reports"
              });
      System.out.println(scenario + " ended with " + code);
      if (code != 0) {
        System.exit(code);
      }
    }
    // Gatling leaves threads behind that are no daemons.
    System.exit(0);
  }

  /** Gatling asks Maven Central for a newer one unless it has done so lately: a build must not. */
  private static void seemUpToDate() throws BackingStoreException {
    Preferences version = Preferences.userRoot().node("/io/gatling/latestVersion");
    version.putLong("lastCheckTimestamp", System.currentTimeMillis());
    version.putBoolean("lastCheckSuccess", false);
    version.flush();
  }
}
