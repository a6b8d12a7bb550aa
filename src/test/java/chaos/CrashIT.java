package chaos;

import static org.assertj.core.api.Assertions.assertThat;

import chaos.CrashSite.Logged;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * SIGKILL between any two steps of begin, call, finish and answer: a retry with the same key finds
 * the truth, and the money moved once. Each case goes on with the gateway that the case before it
 * started.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CrashIT {
  private static final List<Work> FURTHER =
      List.of(Work.HOLD, Work.CONFIRM, Work.CAPTURE, Work.CANCEL, Work.REFUND);
  private static final List<Work> DECLINED = List.of(Work.TAKE_DECLINED, Work.CONFIRM_DECLINED);

  private final CrashSite site;

  CrashIT(@TempDir Path directory) throws IOException, InterruptedException {
    site = new CrashSite(directory);
    // One life that ends by itself, so that the others start quicker.
    site.stop();
    site.start();
  }

  @AfterAll
  void close() throws InterruptedException {
    site.close();
  }

  /** Every step of the main work, and of the rest those in which the doubt is greatest. */
  static Stream<Arguments> cases() {
    var main = Stream.of(Step.values()).map(step -> Arguments.of(Work.TAKE, step));
    var further =
        FURTHER.stream()
            .flatMap(
                work ->
                    Stream.of(Step.CALL_LOST, Step.CHARGED, Step.FINISHED)
                        .map(step -> Arguments.of(work, step)));
    var declined =
        DECLINED.stream()
            .flatMap(
                work ->
                    Stream.of(Step.CHARGED, Step.FINISHED).map(step -> Arguments.of(work, step)));
    return Stream.of(main, further, declined).flatMap(it -> it);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void findsTheTruthWithTheSameKeyAndMovesMoneyOnce(Work work, Step step) throws Exception {
    var request = work.prepare(site.gateway());
    String key = work + "-" + step;

    var first =
        site.dieAt(step, work, request, "idempotency_key = '" + key + "'", CrashSite.KEY, key);
    site.start();
    var answer = site.retry(request, key);
    if (step == Step.CALL_LATE) {
      int before = site.calls(site.logged(key).getFirst().pspKey()).size();
      site.letTheLateCallArrive();
      assertThat(site.calls(site.logged(key).getFirst().pspKey())).hasSize(before + 1);
    }

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(work.end().httpStatus());
    if (step == Step.REPLIED) {
      assertThat(answer.body()).isEqualTo(first.join().body());
    }
    var again = site.retry(request, key);
    assertThat(again.body()).isEqualTo(answer.body());
    assertThat(again.statusCode()).isEqualTo(answer.statusCode());
    assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
    assertThat(site.logged(key))
        .extracting(Logged::status)
        .containsExactly(answer.statusCode() == 200 ? "succeeded" : "failed");
    site.assertMovedOnce(work, site.logged(key).getFirst());
    assertShown(work, answer);
    site.audit();
  }

  @ParameterizedTest
  @EnumSource(names = {"CALL_LOST", "CHARGED"})
  void settlesWithoutAKeyByItself(Step step) throws Exception {
    var request = Work.TAKE.prepare(site.gateway());
    String newest =
        "idempotency_key IS NULL AND operation_id = (SELECT operation_id FROM operation ORDER BY"
            + " operation_id DESC LIMIT 1)";

    site.dieAt(step, Work.TAKE, request, newest);
    site.start();
    site.awaitSettled();

    site.assertMovedOnce(Work.TAKE, site.loggedWhere(newest).getFirst());
    var payments = new JsonObject(site.gateway().get("/v1/payment_intents?limit=1").body());
    assertThat(payments.getJsonArray("data").getJsonObject(0).getString("status"))
        .isEqualTo("succeeded");
    site.audit();
  }

  @Test
  void doesNothingWithABeginThatArrivesAfterItsRetry() throws Exception {
    var request = Work.TAKE.prepare(site.gateway());
    String key = "late-begin";
    var hold = site.holdBegin(Work.TAKE);
    var lost = site.gateway().send(request.path(), request.form(), CrashSite.KEY, key);
    hold.await();
    hold.holdNoMore();
    assertThat(lost).isNotDone();
    site.kill();
    site.start();
    var answer = site.retry(request, key);
    assertThat(answer.statusCode()).isEqualTo(200);

    hold.release();
    hold.awaitGone();

    site.assertMovedOnce(Work.TAKE, site.logged(key).getFirst());
    assertThat(site.retry(request, key).body()).isEqualTo(answer.body());
    site.audit();
  }

  private void assertShown(Work work, HttpResponse<String> answer) {
    var body = new JsonObject(answer.body());
    if (work == Work.REFUND) {
      assertThat(site.gateway().get("/v1/refunds/" + body.getString("id")).body())
          .isEqualTo(answer.body());
      assertThat(body.getString("status")).isEqualTo("succeeded");
      return;
    }
    var error = body.getJsonObject("error");
    var payment = error == null ? body : error.getJsonObject("payment_intent");
    var shown =
        new JsonObject(site.gateway().get("/v1/payment_intents/" + payment.getString("id")).body());
    assertThat(shown).isEqualTo(payment);
    assertThat(shown.getString("status")).isEqualTo(work.end().paymentStatus());
  }
}
