package chaos;

import static org.assertj.core.api.Assertions.assertThat;

import chaos.CrashSite.Logged;
import chaos.Work.Request;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * SIGKILL between any two steps of begin, call, finish and answer: a retry with the same key finds
 * the truth, and the money moved once. One death is enough for all: each request is brought to its
 * step and stays there until all have come to theirs.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class CrashIT {
  private static final List<Work> FURTHER =
      List.of(Work.HOLD, Work.CONFIRM, Work.CAPTURE, Work.CANCEL, Work.REFUND);
  private static final List<Work> DECLINED = List.of(Work.TAKE_DECLINED, Work.CONFIRM_DECLINED);

  private final CrashSite site;
  private final Map<Case, Request> requests = new LinkedHashMap<>();

  /** What was answered before the death, where it was. */
  private final Map<Case, CompletableFuture<HttpResponse<String>>> first = new LinkedHashMap<>();

  /** What was answered after it. */
  private final Map<Case, HttpResponse<String>> answers = new LinkedHashMap<>();

  /** The operations of requests without a key. */
  private final Map<Step, UUID> keyless = new LinkedHashMap<>();

  /** Where a request is when the gateway dies. */
  private record Case(Work work, Step step) {
    String key() {
      return work + "-" + step;
    }

    @Override
    public String toString() {
      return key();
    }
  }

  CrashIT(@TempDir Path directory) throws IOException {
    site = new CrashSite(directory);
  }

  @AfterAll
  void close() throws InterruptedException {
    site.close();
  }

  /** Every step of the main work, and of the rest those in which the doubt is greatest. */
  static Stream<Case> cases() {
    var main =
        Stream.of(Step.values())
            .filter(step -> step != Step.CALL_LATE)
            .map(step -> new Case(Work.TAKE, step));
    var further =
        FURTHER.stream()
            .flatMap(
                work ->
                    Stream.of(Step.CALL_LOST, Step.CHARGED, Step.FINISHED)
                        .map(step -> new Case(work, step)));
    var declined =
        DECLINED.stream()
            .flatMap(
                work -> Stream.of(Step.CHARGED, Step.FINISHED).map(step -> new Case(work, step)));
    // Those in which the database is held come last, so that they hold up few others.
    return Stream.of(main, further, declined)
        .flatMap(it -> it)
        .sorted(Comparator.comparing(it -> it.step().atTheDatabase()));
  }

  /** All come to their steps, the gateway dies, and merchants ask again at once. */
  @BeforeAll
  void dieWithAllOnTheirWay() throws IOException, InterruptedException {
    cases().forEach(it -> requests.put(it, it.work().prepare(site.gateway())));
    for (Step step : List.of(Step.CALL_LOST, Step.CHARGED)) {
      String newest =
          "idempotency_key IS NULL AND operation_id = (SELECT operation_id FROM operation ORDER BY"
              + " operation_id DESC LIMIT 1)";
      site.bringTo(step, Work.TAKE, Work.TAKE.prepare(site.gateway()), newest);
      keyless.put(step, site.loggedWhere(newest).getFirst().id());
    }
    requests.forEach(
        (it, request) ->
            first.put(
                it,
                site.bringTo(
                    it.step(),
                    it.work(),
                    request,
                    "idempotency_key = '" + it.key() + "'",
                    CrashSite.KEY,
                    it.key())));
    site.die();
    site.start();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var retries = new LinkedHashMap<Case, CompletableFuture<HttpResponse<String>>>();
      requests.forEach(
          (it, request) ->
              retries.put(
                  it, CompletableFuture.supplyAsync(() -> site.retry(request, it.key()), threads)));
      retries.forEach((it, retry) -> answers.put(it, retry.join()));
    }
    site.awaitSettled();
  }

  @ParameterizedTest
  @MethodSource("cases")
  @Order(1)
  void findsTheTruthWithTheSameKeyAndMovesMoneyOnce(Case it) {
    Work work = it.work();
    var answer = Objects.requireNonNull(answers.get(it));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(work.end().httpStatus());
    if (it.step() == Step.REPLIED) {
      assertThat(answer.body()).isEqualTo(Objects.requireNonNull(first.get(it)).join().body());
    }
    assertAnsweredAgain(Objects.requireNonNull(requests.get(it)), it.key(), answer);
    assertThat(site.logged(it.key()))
        .extracting(Logged::status)
        .containsExactly(answer.statusCode() == 200 ? "succeeded" : "failed");
    site.assertMovedOnce(work, site.logged(it.key()).getFirst());
    assertShown(work, answer);
    site.audit();
  }

  private void assertAnsweredAgain(Request request, String key, HttpResponse<String> answer) {
    var again = site.retry(request, key);
    assertThat(again.body()).isEqualTo(answer.body());
    assertThat(again.statusCode()).isEqualTo(answer.statusCode());
    assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
  }

  @ParameterizedTest
  @EnumSource(names = {"CALL_LOST", "CHARGED"})
  @Order(2)
  void settlesWithoutAKeyByItself(Step step) {
    String id = "operation_id = '" + keyless.get(step) + "'";

    site.assertMovedOnce(Work.TAKE, site.loggedWhere(id).getFirst());
    assertThat(site.loggedWhere(id)).extracting(Logged::status).containsExactly("succeeded");
  }

  @Test
  @Order(3)
  void chargesOnceThoughTheCallOfTheFirstLifeArrivesAfterTheRetry() throws Exception {
    var request = Work.TAKE.prepare(site.gateway());
    String key = "late-call";

    site.bringTo(
        Step.CALL_LATE, Work.TAKE, request, "idempotency_key = '" + key + "'", CrashSite.KEY, key);
    site.die();
    site.start();
    var answer = site.retry(request, key);
    int before = site.calls(site.logged(key).getFirst().pspKey()).size();
    site.letTheLateCallArrive();

    assertThat(site.calls(site.logged(key).getFirst().pspKey())).hasSize(before + 1);
    assertAnsweredAgain(request, key, answer);
    site.assertMovedOnce(Work.TAKE, site.logged(key).getFirst());
    assertShown(Work.TAKE, answer);
    site.audit();
  }

  @Test
  @Order(4)
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
