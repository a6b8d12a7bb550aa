package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import simulator.Call;
import simulator.CallMatch;
import simulator.Fault;
import simulator.Operation;
import support.Await;
import support.Books;
import support.TestGateway;

/**
 * An authorization whose answer is lost (DESIGN 3, "Unknown"): never failed, never charged twice,
 * settled by the PSP's own word.
 */
final class UnknownOutcomesIT {
  private static final CallMatch AUTHORIZE = CallMatch.of(Operation.AUTHORIZE);
  private static final CallMatch SEARCH = CallMatch.of(Operation.SEARCH);

  private static TestGateway gateway;
  private static Till till;

  @BeforeAll
  static void start() {
    gateway =
        TestGateway.start(
            "--recovery.schedule=50ms,100ms",
            "--timeouts.psp-call=1s",
            "--timeouts.psp-connect=500ms",
            "--timeouts.breaker=3s",
            "--breaker.max-failures=10000");
    till = new Till(gateway);
  }

  @AfterAll
  static void close() {
    new Books(gateway).balance();
    till.close();
    gateway.close();
  }

  @AfterEach
  void noMoreFaults() {
    gateway.simulator().faults().clear();
    gateway.simulator().faults().release();
  }

  @Test
  void showsProcessingThenSuccessWhenTheChargesAnswerIsDropped() {
    gateway.simulator().faults().next(AUTHORIZE, Fault.answerLost());
    String id = till.pay(1_099).in("processing").id();
    till.settles(id, "succeeded");
    assertThat(till.charges(id)).hasSize(1);
    assertThat(till.payment(id).getLong("amount_received")).isEqualTo(1_099);
  }

  @Test
  void repeatsTheStoredRequestByteForByteUnderTheSameKey() {
    gateway.simulator().faults().next(3, AUTHORIZE, Fault.answerLost());
    String id =
        till.pay(2_000, "description=Caf%C3%A9+%26+co&metadata[b]=2&metadata[a]=1", Till.newKey())
            .in("processing")
            .id();
    till.settles(id, "succeeded");
    List<Call> calls = till.calls(id, "authorize");
    assertThat(calls).hasSizeGreaterThanOrEqualTo(4);
    assertThat(calls.stream().map(Call::body).distinct()).hasSize(1);
    assertThat(calls.stream().map(Call::account).distinct()).hasSize(1);
    assertThat(till.charges(id)).hasSize(1);
  }

  @Test
  void sendsTheStoredBytesAlsoAfterARestart() {
    gateway.simulator().faults().always(AUTHORIZE, Fault.answerLost());
    String id = till.pay(2_100).in("processing").id();
    gateway.restart();
    int before = till.calls(id, "authorize").size();
    gateway.simulator().faults().clear();
    till.settles(id, "succeeded");
    List<Call> calls = till.calls(id, "authorize");
    assertThat(calls).hasSizeGreaterThan(before);
    assertThat(calls.stream().map(Call::body).distinct()).hasSize(1);
    assertThat(till.charges(id)).hasSize(1);
  }

  @Test
  void replaysTheFirstAnswerForEverEvenProcessing() {
    gateway.simulator().faults().next(AUTHORIZE, Fault.answerLost());
    String key = Till.newKey();
    Till.Reply first = till.pay(1_200, "", key).in("processing");
    till.settles(first.id(), "succeeded");
    Till.Reply again = till.pay(1_200, "", key).expect(200);
    assertThat(again.replayed()).isTrue();
    assertThat(again.text()).isEqualTo(first.text());
    assertThat(till.charges(first.id())).hasSize(1);
  }

  static Stream<Arguments> firstAnswers() {
    return Stream.of(
        Arguments.of("timeout after the effect", Fault.hangAfterEffect()),
        Arguments.of("timeout before the effect", Fault.hang()),
        Arguments.of("reset before the effect", Fault.reset()),
        Arguments.of("reset after the effect", Fault.answerLost()),
        Arguments.of("500 after the effect", Fault.serverErrorAfterEffect(500)),
        Arguments.of("503 without effect", Fault.serverError(503)),
        Arguments.of("409 in use", Fault.keyInUse()),
        Arguments.of("429", Fault.rateLimited(Duration.ofSeconds(1))),
        Arguments.of("429 lock timeout", Fault.lockTimeout()),
        Arguments.of("not JSON", Fault.notJson()),
        Arguments.of("half an answer", Fault.truncated()),
        Arguments.of("an empty answer", Fault.emptyBody()),
        Arguments.of("a status nobody knows", Fault.misstateStatus("half_succeeded")),
        Arguments.of("a currency nobody knows", Fault.misstateCurrency("zzz")),
        Arguments.of("500 kept, after the effect", Fault.serverErrorAfterEffectKept(500)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("firstAnswers")
  void neverFailsAndChargesOnce(String name, Fault fault) {
    gateway.simulator().faults().next(AUTHORIZE, fault);
    String id = till.pay(1_300).in("processing").id();
    settlesWithoutEverFailing(id);
  }

  static Stream<Arguments> repeats() {
    return Stream.of(
        Arguments.of("429", Fault.rateLimited(null)),
        Arguments.of("429 lock timeout", Fault.lockTimeout()),
        Arguments.of("401", Fault.unauthorized()),
        Arguments.of("409 in use", Fault.keyInUse()),
        Arguments.of("500", Fault.serverError(500)),
        Arguments.of("timeout", Fault.hang()),
        Arguments.of("reset", Fault.reset()),
        Arguments.of("not JSON", Fault.notJson()),
        Arguments.of("half an answer", Fault.truncated()),
        Arguments.of("an empty answer", Fault.emptyBody()),
        Arguments.of("an unknown status", Fault.misstateStatus("half_succeeded")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("repeats")
  void closesNothingOnARepeatThatDoesNotTell(String name, Fault fault) {
    var faults = gateway.simulator().faults();
    faults.next(AUTHORIZE, Fault.answerLost());
    faults.next(3, AUTHORIZE, fault);
    // Else the look-up after a 5xx or rubbish would settle it before the script is through.
    var searches = faults.always(SEARCH, Fault.rateLimited(null));
    // An answer that is readable names the payment, which is then asked for by its name.
    faults.always(CallMatch.of(Operation.RETRIEVE), Fault.rateLimited(null));
    String id = till.pay(1_400).in("processing").id();
    Await.until(
        "the repeats came",
        () -> till.calls(id, "authorize").size() >= 4 || searches.struck() >= 3);
    assertThat(List.of("processing", "succeeded")).contains(till.status(id));
    settlesWithoutEverFailing(id);
  }

  @Test
  void settlesAReplayed5xxByLookingItUp() {
    gateway.simulator().faults().next(AUTHORIZE, Fault.serverErrorAfterEffectKept(500));
    String id = till.pay(1_500).in("processing").id();
    till.settles(id, "succeeded");
    assertThat(
            gateway.simulator().calls().stream()
                .filter(call -> call.operation() == Operation.SEARCH)
                .map(Call::query))
        .anyMatch(query -> query.contains(till.pspKey(id, "authorize")));
    assertThat(till.charges(id)).hasSize(1);
  }

  static Stream<Arguments> failedLookups() {
    return Stream.of(
        Arguments.of("429", Fault.rateLimited(null)),
        Arguments.of("401", Fault.unauthorized()),
        Arguments.of("500", Fault.serverError(500)),
        Arguments.of("timeout", Fault.hang()),
        Arguments.of("reset", Fault.reset()),
        Arguments.of("not JSON", Fault.notJson()),
        Arguments.of("an empty answer", Fault.emptyBody()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("failedLookups")
  void learnsNothingFromALookUpThatFails(String name, Fault fault) {
    var faults = gateway.simulator().faults();
    faults.next(AUTHORIZE, Fault.serverErrorAfterEffectKept(500));
    var script = faults.always(SEARCH, fault);
    String id = till.pay(1_600).in("processing").id();
    Await.until("two look-ups failed", () -> script.struck() >= 2);
    assertThat(till.operationStatus(id, "authorize")).isEqualTo("unknown");
    faults.clear();
    settlesWithoutEverFailing(id);
  }

  @Test
  void settlesADeclineOfARepeatAsADecline() {
    gateway.simulator().faults().next(AUTHORIZE, Fault.answerLost());
    String id =
        till.post(
                "/v1/payment_intents",
                Till.form(1_800, "pm_card_chargeDeclined", ""),
                Till.newKey())
            .in("processing")
            .id();
    till.settles(id, "requires_payment_method");
    assertThat(till.charges(id)).isEmpty();
    assertThat(till.payment(id).getJsonObject("last_payment_error").getString("decline_code"))
        .isEqualTo("generic_decline");
  }

  private static void settlesWithoutEverFailing(String id) {
    Await.until(
        id + " succeeds, and never fails meanwhile",
        () -> {
          String status = till.status(id);
          assertThat(status).isIn("processing", "succeeded");
          return status.equals("succeeded");
        });
    assertThat(till.charges(id)).hasSize(1);
    assertThat(
            till.text(
                    "SELECT string_agg(to_status, ',') FROM payment_event WHERE payment_id = '"
                        + Till.uuid(id)
                        + "'")
                .orElseThrow())
        .doesNotContain("requires_payment_method");
  }
}
