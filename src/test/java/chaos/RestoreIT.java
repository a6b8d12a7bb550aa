package chaos;

import static org.assertj.core.api.Assertions.assertThat;

import chaos.Work.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that was restored from a backup has forgotten what the PSP and the merchant know. */
final class RestoreIT {
  @Test
  void meetsThePspsMemoryWhenAMerchantRetriesWhatWasForgotten(@TempDir Path directory)
      throws IOException, InterruptedException {
    try (var site = new CrashSite(directory)) {
      var requests = new EnumMap<Work, Request>(Work.class);
      for (Work work : Work.values()) {
        requests.put(work, work.prepare(site.gateway()));
      }
      site.kill();
      var backup = site.backUp();
      site.start();
      requests.forEach(
          (work, request) ->
              assertThat(site.retry(request, work.name()).statusCode())
                  .isEqualTo(work.end().httpStatus()));
      var before = site.truth();
      site.audit();
      site.kill();

      site.restore(backup);
      site.start();
      requests.forEach(
          (work, request) -> {
            assertThat(site.logged(work.name())).as("forgotten").isEmpty();
            var answer = site.retry(request, work.name());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(work.end().httpStatus());
          });

      assertThat(site.truth()).isEqualTo(before);
      for (Work work : Work.values()) {
        site.assertMovedOnce(work, site.logged(work.name()).getFirst());
      }
      site.audit();
    }
  }
}
