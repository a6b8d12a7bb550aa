package simulator.adyen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import simulator.Await;
import simulator.CallMatch;
import simulator.Caller.Reply;
import simulator.Fault;
import simulator.Operation;
import simulator.SimulatorExtension;

/** What a caller sees of each fault, and what is true meanwhile. */
class FaultyAnswersTest {
  @RegisterExtension static final SimulatorExtension SIMULATOR = new SimulatorExtension();

  private final Shop shop = new Shop(SIMULATOR);

  private Reply pay() {
    return shop.post(Shop.PAYMENTS, "k", Shop.payment());
  }

  private static void nextPayment(Fault fault) {
    SIMULATOR
        .simulator()
        .faults()
        .next(
            CallMatch.of(Operation.AUTHORIZE).account(Shop.KEY).metadata("operation_id", "op-1"),
            fault);
  }

  private static void assertCharges(int count) {
    assertThat(SIMULATOR.simulator().truth().charges()).hasSize(count);
  }

  private void assertRepeatTellsTheTruth() {
    Reply repeat = pay();
    assertThat(repeat.status()).isEqualTo(200);
    assertThat(repeat.json().getString("resultCode")).isEqualTo("Authorised");
    assertThat(repeat.json().getJsonObject("amount")).isEqualTo(Shop.amount(1000));
    assertCharges(1);
  }

  @Test
  void aResetHasNoEffect() {
    nextPayment(Fault.reset());
    assertThatThrownBy(this::pay).isInstanceOf(UncheckedIOException.class);
    assertCharges(0);
    assertRepeatTellsTheTruth();
  }

  @Test
  void aLostAnswerHasItsEffect() {
    nextPayment(Fault.answerLost());
    assertThatThrownBy(this::pay).isInstanceOf(UncheckedIOException.class);
    assertCharges(1);
    assertRepeatTellsTheTruth();
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503})
  void aServerErrorWithoutEffectIsCarriedOutOnRepeat(int status) {
    nextPayment(Fault.serverError(status));

    Reply failed = pay();

    assertThat(failed.status()).isEqualTo(status);
    assertThat(failed.json().getInteger("status")).isEqualTo(status);
    assertThat(failed.header("transient-error")).isEqualTo("true");
    assertCharges(0);
    assertRepeatTellsTheTruth();
  }

  @Test
  void aServerErrorAfterTheEffectHidesTheTruth() {
    nextPayment(Fault.serverErrorAfterEffect(500));
    assertThat(pay().status()).isEqualTo(500);
    assertCharges(1);
    assertRepeatTellsTheTruth();
  }

  @Test
  void aKeptServerErrorIsReplayedForEver() {
    nextPayment(Fault.serverErrorAfterEffectKept(500));
    assertThat(pay().status()).isEqualTo(500);
    assertThat(pay().status()).isEqualTo(500);
    assertCharges(1);
  }

  @Test
  void aRateLimitSaysWhenToComeBack() {
    nextPayment(Fault.rateLimited(Duration.ofSeconds(2)));

    Reply limited = pay();

    assertThat(limited.status()).isEqualTo(429);
    assertThat(limited.header("Retry-After")).isEqualTo("2");
    assertRepeatTellsTheTruth();
  }

  @Test
  void aKeyCanBeWrongAndAnotherCallUnderWay() {
    nextPayment(Fault.unauthorized());
    assertThat(pay().status()).isEqualTo(401);
    nextPayment(Fault.keyInUse());
    assertThat(pay().json().getString("errorCode")).isEqualTo("704");
    assertRepeatTellsTheTruth();
  }

  @Test
  void aPageIsSomebodyElsesAndHidesNothing() {
    nextPayment(Fault.page(403));
    Reply page = pay();
    assertThat(page.status()).isEqualTo(403);
    assertThatThrownBy(page::json).isInstanceOf(DecodeException.class);
    assertCharges(0);
    assertRepeatTellsTheTruth();
  }

  static Stream<Fault> rubbish() {
    return Stream.of(Fault.notJson(), Fault.truncated(), Fault.emptyBody());
  }

  @ParameterizedTest
  @MethodSource("rubbish")
  void rubbishHidesTheTruth(Fault fault) {
    nextPayment(fault);
    Reply rubbish = pay();
    assertThat(rubbish.status()).isEqualTo(200);
    assertThatThrownBy(rubbish::json).isInstanceOf(DecodeException.class);
    assertRepeatTellsTheTruth();
  }

  @Test
  void misstatements() {
    nextPayment(Fault.misstateAmount(1));
    assertThat(pay().json().getJsonObject("amount")).isEqualTo(Shop.amount(1001));
    nextPayment(Fault.misstateCurrency("USD"));
    assertThat(pay().json().getJsonObject("amount").getString("currency")).isEqualTo("USD");
    nextPayment(Fault.misstateStatus("Splendid"));
    assertThat(pay().json().getString("resultCode")).isEqualTo("Splendid");
    assertRepeatTellsTheTruth();
  }

  @Test
  void misstatementsOfModifications() {
    String payment = shop.authorised(Shop.payment());
    SIMULATOR
        .simulator()
        .faults()
        .next(
            CallMatch.of(Operation.CAPTURE).metadata("operation_id", "op-1"),
            Fault.misstateStatus("lost"));

    JsonObject answer = shop.modify(payment, "captures", Shop.modification(1000)).json();

    assertThat(answer.getString("status")).isEqualTo("lost");
    assertThat(SIMULATOR.simulator().truth().capturedMinor()).containsEntry("eur", 1000L);
  }

  @Test
  void anotherAmountThanAskedFor() {
    nextPayment(Fault.wrongAmount(-100));

    assertThat(pay().json().getJsonObject("amount")).isEqualTo(Shop.amount(900));

    assertThat(SIMULATOR.simulator().truth().heldMinor()).containsEntry("eur", 900L);
  }

  @Test
  void aHangingCallGoesOnWhenReleased() throws Exception {
    nextPayment(Fault.hangAfterEffect());
    CompletableFuture<HttpResponse<String>> answer =
        shop.postLater(Shop.PAYMENTS, "k", Shop.payment());
    Await.until(() -> SIMULATOR.simulator().faults().hanging() == 1);
    assertCharges(1);

    SIMULATOR.simulator().faults().release();

    assertThat(answer.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  @Test
  void connectionsAreRefused() throws Exception {
    SIMULATOR.simulator().refuseConnections(true).await(30, TimeUnit.SECONDS);
    assertThatThrownBy(this::pay).isInstanceOf(UncheckedIOException.class);

    SIMULATOR.simulator().refuseConnections(false).await(30, TimeUnit.SECONDS);

    assertRepeatTellsTheTruth();
  }
}
