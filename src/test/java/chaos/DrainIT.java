package chaos;

import static org.assertj.core.api.Assertions.assertThat;

import chaos.CrashSite.Logged;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM while a PSP is slow: what is under way ends as if nothing had happened. */
final class DrainIT {
  private static final List<String> KEYS = List.of("first", "second", "third");

  @Test
  void finishesWhatIsUnderWayBeforeItEnds(@TempDir Path directory)
      throws IOException, InterruptedException {
    try (var site = new CrashSite(directory)) {
      var request = Work.TAKE.prepare(site.gateway());
      var slow = site.holdAnswers(Work.TAKE);
      List<CompletableFuture<HttpResponse<String>>> answers =
          KEYS.stream()
              .map(key -> site.gateway().send(request.path(), request.form(), CrashSite.KEY, key))
              .toList();
      slow.await(KEYS.size());

      var process = site.gateway().process();
      process.terminate();
      process.awaitLine(line -> line.contains("gateway draining"));
      site.awaitNewConnectionsAreRefused();
      slow.release();

      assertThat(answers)
          .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
      assertThat(process.awaitExit()).isIn(0, 143);
      assertThat(process.standardOutput()).last().asString().contains("gateway closed");
      for (String key : KEYS) {
        assertThat(site.logged(key)).extracting(Logged::status).containsExactly("succeeded");
        site.assertMovedOnce(Work.TAKE, site.logged(key).getFirst());
      }
      site.audit();
    }
  }
}
