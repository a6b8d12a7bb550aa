package chaos;

import static org.assertj.core.api.Assertions.assertThat;

import chaos.LoneGateway.Reply;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import support.Await;

/**
 * What a merchant is told while the database is gone or hangs, or too much is asked: the truth, and
 * soon. Nothing piles up, and all is well again by itself.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class DegradationIT {
  /** Well before the edge gives up, and far beyond what it takes. */
  private static final Duration SOON = LoneGateway.EDGE.multipliedBy(2).dividedBy(3);

  /** What holds the batches of one gateway of two cores. */
  private static final int BATCH_CONNECTIONS = 2;

  private final LoneGateway gateway;

  DegradationIT(@TempDir Path directory) throws IOException, InterruptedException {
    gateway = new LoneGateway(directory);
  }

  @AfterAll
  void close() throws IOException, InterruptedException {
    gateway.close();
  }

  private static List<String> keys(String name, int number) {
    return IntStream.range(0, number).mapToObj(i -> name + "-" + i).toList();
  }

  @Test
  @Order(1)
  void refusesSoonWhileTheDatabaseIsGoneAndServesOnceItIsBack()
      throws IOException, InterruptedException {
    gateway.payInTheEnd(List.of("before"));
    int calls = gateway.psp().calls();
    List<String> keys = keys("gone", LoneGateway.PLACES);

    gateway.database().stop();
    gateway.awaitNotReady();
    assertRefused(List.of(gateway.pay("gone-alone").join()));
    assertRefused(gateway.payAllAndWait(keys));
    gateway.awaitNothingInFlight();
    assertThat(gateway.psp().calls()).isEqualTo(calls);

    gateway.database().start();
    gateway.awaitReady();
    gateway.payInTheEnd(keys);
    gateway.assertPaidOnce(keys);
    assertThat(gateway.operations()).doesNotContain("gone-alone");
  }

  @Test
  @Order(2)
  void boundsEveryWaitWhileTheDatabaseHangsAndSettlesWhatWasBegun()
      throws IOException, InterruptedException {
    var known = new ArrayList<>(List.of("begun"));
    hangAtThePsp();
    CompletableFuture<Reply> begun = gateway.pay("begun");
    Await.until("the PSP is asked", () -> gateway.psp().hanging() == 1);
    List<String> keys = keys("hangs", LoneGateway.PLACES - 1);

    gateway.database().pause();
    try {
      gateway.psp().noFaults();
      gateway.awaitNotReady();
      known.addAll(untilRefused());
      int calls = gateway.psp().calls();
      assertRefused(gateway.payAllAndWait(keys));
      assertThat(begun.join().status()).isEqualTo(504);
      gateway.awaitNothingInFlight();
      assertThat(gateway.psp().calls()).isEqualTo(calls);
    } finally {
      gateway.database().goOn();
    }

    gateway.awaitReady();
    known.addAll(keys);
    gateway.payInTheEnd(known);
    gateway.assertPaidOnce(known);
  }

  /**
   * What is sent on a connection that was good until now may have been done, and its answer says
   * so. Then there is none any more, and nothing is sent.
   *
   * @return the keys that were asked under
   */
  private List<String> untilRefused() {
    var asked = new ArrayList<String>();
    while (true) {
      asked.add("in-doubt-" + asked.size());
      Reply reply = gateway.pay(asked.getLast()).join();
      if (reply.status() == 503) {
        return asked;
      }
      assertThat(reply.status()).isEqualTo(504);
      assertThat(reply.header("Stripe-Should-Retry")).isEqualTo("true");
      assertThat(reply.took()).isLessThan(SOON);
      assertThat(asked).hasSizeLessThanOrEqualTo(BATCH_CONNECTIONS);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 150})
  @Order(3)
  void refusesWhatIsTooMuchAtOnceAndFinishesWhatItAdmitted(int tooMany) {
    List<String> admitted = keys("admitted-" + tooMany, LoneGateway.PLACES);
    hangAtThePsp();
    List<CompletableFuture<Reply>> atWork = gateway.payAll(admitted);
    Await.until("all places are taken", () -> gateway.psp().hanging() == admitted.size());

    List<Reply> refused = gateway.payAllAndWait(keys("refused-" + tooMany, tooMany));
    assertThat(atWork)
        .as("all refused before the first was done")
        .noneMatch(CompletableFuture::isDone);
    assertThat(refused)
        .allSatisfy(
            reply -> {
              assertThat(reply.status()).isEqualTo(429);
              assertThat(reply.header("Retry-After")).isEqualTo("1");
              assertThat(reply.error().getString("code")).isEqualTo("rate_limit");
            });

    gateway.psp().noFaults();
    assertThat(atWork).allSatisfy(it -> assertThat(it.join().status()).isEqualTo(200));
    gateway.awaitNothingInFlight();
    gateway.assertPaidOnce(admitted);
    assertThat(gateway.operations()).noneMatch(key -> key.startsWith("refused"));
  }

  private void hangAtThePsp() {
    gateway.psp().fault(new JsonObject().put("fault", "hang"));
  }

  private static void assertRefused(List<Reply> replies) {
    assertThat(replies)
        .allSatisfy(
            reply -> {
              assertThat(reply.status()).as(reply.answer().body()).isEqualTo(503);
              assertThat(reply.header("Retry-After")).isEqualTo("1");
              assertThat(reply.header("Stripe-Should-Retry")).isEqualTo("true");
              assertThat(reply.error().getString("type")).isEqualTo("api_error");
              assertThat(reply.error().getString("message")).contains("This request did nothing");
              assertThat(reply.took()).isLessThan(SOON);
            });
  }
}
