package simulator.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import simulator.Authorization;
import simulator.Await;
import simulator.Call;
import simulator.CallMatch;
import simulator.Caller.Reply;
import simulator.Fault;
import simulator.Operation;
import simulator.SimulatorExtension;

/** What a caller sees of each fault, and what is true meanwhile. */
class FaultyAnswersTest {
  private static final String[] PAYMENT = {
    "amount",
    "1000",
    "currency",
    "usd",
    "confirm",
    "true",
    "payment_method",
    "pm_card_visa",
    "metadata[operation_id]",
    "op-1"
  };

  @RegisterExtension static final SimulatorExtension SIMULATOR = new SimulatorExtension();

  private static Reply pay() {
    return SIMULATOR.caller().postWithKey("/v1/payment_intents", "k", PAYMENT);
  }

  private static void nextPayment(Fault fault) {
    SIMULATOR
        .simulator()
        .faults()
        .next(CallMatch.of(Operation.AUTHORIZE).metadata("operation_id", "op-1"), fault);
  }

  private static void assertCharges(int count) {
    assertThat(SIMULATOR.simulator().truth().charges()).hasSize(count);
  }

  /** The caller's next try finds the truth and does not charge again. */
  private static void assertRepeatTellsTheTruth() {
    Reply repeat = pay();
    assertThat(repeat.status()).isEqualTo(200);
    assertThat(repeat.json().getString("status")).isEqualTo("succeeded");
    assertThat(repeat.json().getLong("amount")).isEqualTo(1000);
    assertThat(repeat.json().getString("currency")).isEqualTo("usd");
    assertCharges(1);
  }

  @Test
  void aResetHasNoEffect() {
    nextPayment(Fault.reset());

    assertThatThrownBy(FaultyAnswersTest::pay).isInstanceOf(UncheckedIOException.class);

    assertCharges(0);
    assertRepeatTellsTheTruth();
  }

  @Test
  void aLostAnswerHasItsEffect() {
    nextPayment(Fault.answerLost());

    assertThatThrownBy(FaultyAnswersTest::pay).isInstanceOf(UncheckedIOException.class);

    assertCharges(1);
    assertThat(SIMULATOR.simulator().truth().metadata("operation_id", "op-1").charges())
        .extracting(Authorization::idempotencyKey)
        .containsExactly("k");
    assertRepeatTellsTheTruth();
    assertThat(pay().header("Idempotent-Replayed")).isEqualTo("true");
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503})
  void aServerErrorWithoutEffectIsCarriedOutOnRepeat(int status) {
    nextPayment(Fault.serverError(status));

    assertThat(pay().status()).isEqualTo(status);

    assertCharges(0);
    assertRepeatTellsTheTruth();
  }

  @Test
  void aKeptServerErrorIsReplayedForEver() {
    nextPayment(Fault.serverErrorKept(500));

    Reply first = pay();
    Reply second = pay();

    assertThat(first.status()).isEqualTo(500);
    assertThat(first.error().getString("type")).isEqualTo("api_error");
    assertThat(second.status()).isEqualTo(500);
    assertThat(second.header("Idempotent-Replayed")).isEqualTo("true");
    assertCharges(0);
  }

  @Test
  void aServerErrorAfterEffectMayTellTheTruthLater() {
    nextPayment(Fault.serverErrorAfterEffect(500));

    assertThat(pay().status()).isEqualTo(500);

    assertCharges(1);
    assertRepeatTellsTheTruth();
  }

  @Test
  void aServerErrorAfterEffectMayStayForEver() {
    nextPayment(Fault.serverErrorAfterEffectKept(500));

    assertThat(pay().status()).isEqualTo(500);
    assertThat(pay().status()).isEqualTo(500);

    assertCharges(1);
    JsonObject found =
        SIMULATOR
            .caller()
            .get("/v1/payment_intents/search?query=metadata%5B%27operation_id%27%5D%3A%27op-1%27")
            .json();
    assertThat(found.getJsonArray("data").getJsonObject(0).getString("status"))
        .isEqualTo("succeeded");
  }

  @Test
  void refusalsHaveTheirCodes() {
    nextPayment(Fault.rateLimited(Duration.ofSeconds(3)));
    nextPayment(Fault.unauthorized());
    nextPayment(Fault.keyInUse());
    nextPayment(Fault.lockTimeout());

    Reply limited = pay();
    assertThat(limited.status()).isEqualTo(429);
    assertThat(limited.error().getString("code")).isEqualTo("rate_limit");
    assertThat(limited.header("Retry-After")).isEqualTo("3");
    assertThat(pay().status()).isEqualTo(401);
    Reply inUse = pay();
    assertThat(inUse.status()).isEqualTo(409);
    assertThat(inUse.error().getString("code")).isEqualTo("idempotency_key_in_use");
    Reply locked = pay();
    assertThat(locked.status()).isEqualTo(429);
    assertThat(locked.error().getString("code")).isEqualTo("lock_timeout");
    assertCharges(0);
    assertRepeatTellsTheTruth();
  }

  @Test
  void aRefusedRepeatSaysNothingAboutTheFirstTry() {
    nextPayment(Fault.answerLost());
    nextPayment(Fault.rateLimited(null));
    assertThatThrownBy(FaultyAnswersTest::pay).isInstanceOf(UncheckedIOException.class);

    assertThat(pay().status()).isEqualTo(429);

    assertRepeatTellsTheTruth();
  }

  @Test
  void garbageCannotBeRead() {
    nextPayment(Fault.notJson());
    Reply garbage = pay();
    assertThat(garbage.status()).isEqualTo(200);
    assertThatThrownBy(garbage::json).isInstanceOf(DecodeException.class);

    nextPayment(Fault.truncated());
    Reply truncated = pay();
    assertThat(truncated.body()).startsWith("{");
    assertThatThrownBy(truncated::json).isInstanceOf(DecodeException.class);

    nextPayment(Fault.emptyBody());
    assertThat(pay().body()).isEmpty();
    assertRepeatTellsTheTruth();
  }

  @Test
  void misstatementsAreOnlyInTheAnswer() {
    nextPayment(Fault.misstateAmount(5));
    assertThat(pay().json().getLong("amount")).isEqualTo(1005);
    nextPayment(Fault.misstateCurrency("eur"));
    assertThat(pay().json().getString("currency")).isEqualTo("eur");
    nextPayment(Fault.misstateStatus("confused"));
    assertThat(pay().json().getString("status")).isEqualTo("confused");

    assertThat(SIMULATOR.simulator().truth().capturedMinor())
        .containsExactly(Map.entry("usd", 1000L));
    assertRepeatTellsTheTruth();
  }

  @Test
  void aWrongAmountIsTrue() {
    nextPayment(Fault.wrongAmount(5));

    assertThat(pay().json().getLong("amount_received")).isEqualTo(1005);

    assertThat(SIMULATOR.simulator().truth().capturedMinor()).containsEntry("usd", 1005L);
  }

  @Test
  void aHangingCallIsNotCarriedOutWhenItsCallerLeaves() {
    nextPayment(Fault.hang());
    leaveAHangingPayment();

    Await.until(() -> SIMULATOR.simulator().faults().hanging() == 0);

    assertCharges(0);
    assertRepeatTellsTheTruth();
  }

  @Test
  void aCallMayHangAfterItsEffect() {
    nextPayment(Fault.hangAfterEffect());
    leaveAHangingPayment();

    assertCharges(1);
    assertRepeatTellsTheTruth();
  }

  /** Starts a payment, waits until it hangs, and closes its connection. */
  private static void leaveAHangingPayment() {
    try (HttpClient client = HttpClient.newHttpClient()) {
      CompletableFuture<HttpResponse<String>> hanging =
          client.sendAsync(
              SIMULATOR.caller().postRequest("/v1/payment_intents", "k", PAYMENT),
              HttpResponse.BodyHandlers.ofString());
      Await.until(() -> SIMULATOR.simulator().faults().hanging() == 1);
      assertThat(hanging).isNotDone();
      client.shutdownNow();
    }
  }

  @Test
  void aSlowCallTakesEffectAlthoughItsCallerLeft() {
    nextPayment(Fault.delay(Duration.ofMillis(300)));
    try (HttpClient client = HttpClient.newHttpClient()) {
      client.sendAsync(
          SIMULATOR.caller().postRequest("/v1/payment_intents", "k", PAYMENT),
          HttpResponse.BodyHandlers.ofString());
      Await.until(() -> SIMULATOR.simulator().calls().size() == 1);
      client.shutdownNow();
    }

    Await.until(() -> SIMULATOR.simulator().truth().charges().size() == 1);
    assertRepeatTellsTheTruth();
  }

  @Test
  void anAnswerMayComeLate() throws Exception {
    nextPayment(Fault.answerLate(Duration.ofMillis(200)));

    CompletableFuture<Reply> late =
        SIMULATOR.caller().postLater("/v1/payment_intents", "k", PAYMENT);

    assertThat(late.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
    assertRepeatTellsTheTruth();
  }

  @Test
  void refusedConnectionsReachNobody() throws Exception {
    SIMULATOR.simulator().refuseConnections(true).await(30, TimeUnit.SECONDS);

    assertThatThrownBy(FaultyAnswersTest::pay)
        .isInstanceOf(UncheckedIOException.class)
        .hasRootCauseInstanceOf(ClosedChannelException.class);

    SIMULATOR.simulator().refuseConnections(false).await(30, TimeUnit.SECONDS);
    assertCharges(0);
    assertRepeatTellsTheTruth();
  }

  @Test
  void remembersWhatWasSentByteForByte() {
    pay();
    pay();

    assertThat(SIMULATOR.simulator().calls()).hasSize(2);
    Call first = SIMULATOR.simulator().calls().getFirst();
    Call second = SIMULATOR.simulator().calls().getLast();
    assertThat(first.body()).isEqualTo(second.body());
    assertThat(first.idempotencyKey()).isEqualTo("k");
    assertThat(first.operation()).isEqualTo(Operation.AUTHORIZE);
    assertThat(first.metadata()).containsEntry("operation_id", "op-1");
    assertThat(first.body().toString()).contains("amount=1000");
  }

  @Test
  void callsOnAnObjectAreMatchedByItsMetadata() {
    String intent =
        SIMULATOR
            .caller()
            .post(
                "/v1/payment_intents",
                "amount",
                "1000",
                "currency",
                "usd",
                "confirm",
                "true",
                "capture_method",
                "manual",
                "payment_method",
                "pm_card_visa",
                "metadata[operation_id]",
                "op-1")
            .json()
            .getString("id");
    SIMULATOR
        .simulator()
        .faults()
        .next(
            CallMatch.of(Operation.CAPTURE).metadata("operation_id", "op-1"),
            Fault.serverErrorAfterEffect(500));

    assertThat(SIMULATOR.caller().post("/v1/payment_intents/" + intent + "/capture").status())
        .isEqualTo(500);

    assertThat(SIMULATOR.simulator().truth().capturedMinor()).containsEntry("usd", 1000L);
  }
}
