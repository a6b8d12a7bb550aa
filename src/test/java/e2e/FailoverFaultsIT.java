package e2e;

import static e2e.TwoAccounts.AT_FIRST;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import simulator.Fault;
import support.Await;
import support.TestGateway;

/**
 * The first of two accounts fails some of its calls in every way there is, under load: no payment
 * is charged at both, and all that can be known is settled once it is well. {@link
 * FailoverBetweenPspsIT} is about a PSP that fails all of them.
 */
final class FailoverFaultsIT {
  private static final int PAYMENTS = 24;

  private static TestGateway gateway;
  private static Till till;

  @BeforeAll
  static void start() {
    gateway =
        TestGateway.startWith(
            merchants -> TwoAccounts.merchants(merchants, URI.create("http://localhost:1")),
            "--recovery.schedule=50ms,100ms,200ms",
            "--timeouts.psp-call=800ms",
            "--timeouts.psp-connect=400ms",
            "--timeouts.breaker=2s",
            "--breaker.max-failures=3",
            "--breaker.window=60s",
            "--breaker.reset-after=200ms");
    till = new Till(gateway);
  }

  @AfterAll
  static void close() {
    TwoAccounts.books(gateway).balance();
    TwoAccounts.books(gateway).chargedOnce();
    assertThat(gateway.simulator().truth().account(TwoAccounts.SECOND_KEY).approved())
        .as("what the second account took over")
        .isNotEmpty();
    till.close();
    gateway.close();
  }

  @AfterEach
  void noMoreFaults() {
    gateway.simulator().faults().clear();
    gateway.simulator().faults().release();
  }

  /** Each with whether recovery can settle what it leaves. */
  static Stream<Arguments> faults() {
    return Stream.of(
        Arguments.of("hang", Fault.hang(), true),
        Arguments.of("hang after effect", Fault.hangAfterEffect(), true),
        Arguments.of("reset", Fault.reset(), true),
        Arguments.of("lost answer", Fault.answerLost(), true),
        Arguments.of("500", Fault.serverError(500), true),
        Arguments.of("503 after effect", Fault.serverErrorAfterEffect(503), true),
        Arguments.of("500 after effect kept", Fault.serverErrorAfterEffectKept(500), true),
        // Replayed for ever, and a look-up that finds nothing proves nothing: an operator's.
        Arguments.of("500 kept", Fault.serverErrorKept(500), false),
        Arguments.of("429", Fault.rateLimited(Duration.ofSeconds(1)), true),
        Arguments.of("401", Fault.unauthorized(), true),
        Arguments.of("409 in use", Fault.keyInUse(), true),
        Arguments.of("lock timeout", Fault.lockTimeout(), true),
        Arguments.of("not JSON", Fault.notJson(), true),
        Arguments.of("truncated", Fault.truncated(), true),
        Arguments.of("empty", Fault.emptyBody(), true));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void chargesOnceAndSettlesWhatSomeCallsLeft(String name, Fault fault, boolean settles) {
    gateway.simulator().faults().atRate(0.6, AT_FIRST, fault);

    List<CompletableFuture<Till.Reply>> replies =
        IntStream.range(0, PAYMENTS).mapToObj(i -> till.paying(2_000 + i)).toList();
    replies.forEach(
        reply -> assertThat(reply.join().status()).as(reply.join().text()).isIn(200, 402));

    gateway.simulator().faults().clear();
    gateway.simulator().faults().release();
    if (settles) {
      Await.until("all is settled", () -> unsettled() == unsettleable);
    } else {
      unsettleable = unsettled();
    }
    TwoAccounts.books(gateway).chargedOnce();
  }

  static Stream<Arguments> wrongWords() {
    return Stream.of(
        Arguments.of("amount", Fault.misstateAmount(100)),
        Arguments.of("currency", Fault.misstateCurrency("eur")),
        Arguments.of("status", Fault.misstateStatus("succeeded_in_part")));
  }

  /** It charged, whatever it says: that is no proof of anything, and nothing is tried elsewhere. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongWords")
  void takesAWrongWordForNoProof(String name, Fault fault) {
    gateway.simulator().faults().atRate(0.6, AT_FIRST, fault);
    List<CompletableFuture<Till.Reply>> replies =
        IntStream.range(0, PAYMENTS / 2).mapToObj(i -> till.paying(4_000 + i)).toList();
    replies.forEach(reply -> reply.join().expect(200));
    gateway.simulator().faults().clear();
    replies.forEach(
        reply -> assertThat(TwoAccounts.authorizations(gateway, reply.join().id())).hasSize(1));
    // The true answer is replayed when an operator has it looked at again.
    var held = new JsonObject(gateway.operator("/ops/operations/held?limit=500").body());
    TwoAccounts.list(held.getJsonArray("data"))
        .forEach(
            row ->
                gateway.operate(
                    "/ops/operations/demo/" + row.getString("operation") + "/look-again",
                    "{\"reason\": \"the answer was wrong\"}"));
    Await.until("all is settled", () -> unsettled() == unsettleable);
    replies.forEach(reply -> assertThat(till.status(reply.join().id())).isEqualTo("succeeded"));
    TwoAccounts.books(gateway).chargedOnce();
  }

  /** What earlier cases left for an operator. */
  private static long unsettleable;

  private static long unsettled() {
    return gateway.number("SELECT count(*) FROM payment WHERE status = 'processing'");
  }
}
