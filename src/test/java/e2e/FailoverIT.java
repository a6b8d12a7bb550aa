package e2e;

import static e2e.TwoAccounts.AT_FIRST;
import static e2e.TwoAccounts.FIRST;
import static e2e.TwoAccounts.FIRST_KEY;
import static e2e.TwoAccounts.SECOND;
import static e2e.TwoAccounts.SECOND_KEY;
import static e2e.TwoAccounts.authorizations;
import static e2e.TwoAccounts.charges;
import static e2e.TwoAccounts.history;
import static e2e.TwoAccounts.list;
import static e2e.TwoAccounts.story;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulator.CallMatch;
import simulator.Fault;
import simulator.Operation;
import support.Await;
import support.Door;
import support.TestGateway;

/**
 * Another account takes a payment only on proof that the first charged nothing (DESIGN 3): a
 * definite decline of the right sort, or a request that never left.
 */
final class FailoverIT {
  private static final int FAILURES = 3;

  private static Door door;
  private static TestGateway gateway;
  private static Till till;
  private static Till shut;

  @BeforeAll
  static void start() {
    door = new Door();
    gateway =
        TestGateway.startWith(
            merchants -> TwoAccounts.merchants(merchants, door.url()),
            "--recovery.schedule=50ms,100ms",
            "--timeouts.psp-call=1s",
            "--timeouts.psp-connect=500ms",
            "--timeouts.breaker=3s",
            "--breaker.max-failures=" + FAILURES,
            "--breaker.window=60s",
            "--breaker.reset-after=300ms",
            "--inbox.schedule=50ms,100ms,200ms,1s,1s,1s,1s");
    gateway.takeWebhooks();
    till = new Till(gateway);
    shut = new Till(gateway, TwoAccounts.SHUT_KEY);
  }

  @AfterAll
  static void close() {
    gateway.simulator().webhooks().idle().await();
    gateway.awaitWorkedInbox();
    TwoAccounts.books(gateway).balance();
    TwoAccounts.books(gateway).chargedOnce();
    till.close();
    shut.close();
    gateway.close();
    door.close();
  }

  @AfterEach
  void noMoreFaults() {
    gateway.simulator().faults().clear();
    gateway.simulator().faults().release();
  }

  private static Till.Reply pay(String method, String key) {
    return till.post("/v1/payment_intents", Till.form(1_000, method, ""), key);
  }

  @Test
  void approvesAtTheSecondAccountWhatTheFirstCouldNotProcess() {
    String method =
        TwoAccounts.method(gateway, "pm_a", "pm_card_chargeDeclinedProcessingError", Till.VISA);
    String key = Till.newKey();

    Till.Reply reply = pay(method, key).in("succeeded");

    String id = reply.id();
    assertThat(authorizations(gateway, id))
        .containsExactly(FIRST + " failed", SECOND + " succeeded");
    assertThat(charges(gateway, id, FIRST_KEY)).isEmpty();
    assertThat(charges(gateway, id, SECOND_KEY)).hasSize(1);
    assertThat(history(gateway, id))
        .isEqualTo("created_and_confirmed failed_over authorize_begun captured");
    assertThat(pay(method, key).expect(200).replayed()).isTrue();
    assertThat(pay(method, key).text()).isEqualTo(reply.text());
    assertThat(till.get("/v1/charges?payment_intent=" + id).text()).contains("\"failed\"");

    // What follows goes where the money is.
    till.refund(id, 400).in("succeeded");
    assertThat(charges(gateway, id, SECOND_KEY).getFirst().refundedMinor()).isEqualTo(400);
  }

  @Test
  void tellsWhyItWentWhere() {
    String method =
        TwoAccounts.method(gateway, "pm_why", "pm_card_chargeDeclinedProcessingError", Till.VISA);
    String id = pay(method, Till.newKey()).in("succeeded").id();

    var operations = list(story(gateway, id).getJsonArray("operations"));
    JsonObject first = operations.get(0).getJsonObject("routing");
    assertThat(first.getString("account")).isEqualTo(FIRST);
    assertThat(list(first.getJsonArray("candidates")))
        .extracting(it -> it.getString("account") + " " + it.getString("verdict"))
        .containsExactly(FIRST + " taken", SECOND + " in_reserve");
    assertThat(operations.get(0).getJsonObject("decline").getString("decline_code"))
        .isEqualTo("processing_error");
    assertThat(operations.get(0).getString("elsewhere"))
        .isEqualTo("processing_error may be tried at another account");
    JsonObject second = operations.get(1).getJsonObject("routing");
    assertThat(second.getInteger("place")).isEqualTo(1);
    assertThat(second.getString("draw")).isEqualTo(first.getString("draw"));
    assertThat(second.getJsonObject("after").getString("operation"))
        .isEqualTo(operations.get(0).getString("operation"));
    assertThat(list(second.getJsonArray("candidates")).getFirst().getString("why"))
        .isEqualTo("tried already");
    assertThat(story(gateway, id).getJsonArray("next"))
        .containsExactly("nothing; it can be refunded");
  }

  @Test
  void twoMerchantRequestsUnderOneKeyStillMakeOneCharge() {
    String method =
        TwoAccounts.method(gateway, "pm_two", "pm_card_chargeDeclinedProcessingError", Till.VISA);
    gateway.simulator().faults().next(AT_FIRST, Fault.delay(Duration.ofMillis(300)));
    String key = Till.newKey();
    String form = Till.form(1_000, method, "");
    var first = till.posting("/v1/payment_intents", form, key);
    var second = till.posting("/v1/payment_intents", form, key);
    assertThat(first.join().status() + second.join().status()).isIn(200 + 409, 200 + 200);
    assertThat(gateway.simulator().truth().account(SECOND_KEY).approved())
        .filteredOn(charge -> charge.amountMinor() == 1_000)
        .extracting(charge -> charge.metadata().get("operation_id"))
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({
    "pm_card_chargeDeclinedInsufficientFunds,insufficient_funds",
    "pm_card_chargeDeclinedLostCard,lost_card",
    "pm_card_chargeDeclinedStolenCard,stolen_card",
    "pm_card_chargeDeclinedFraudulent,fraudulent",
    "pm_card_chargeDeclinedExpiredCard,expired_card",
    "pm_card_chargeDeclinedIncorrectCvc,incorrect_cvc"
  })
  void leavesADeclineThatIsAboutTheCardWhereItIs(String token, String code) {
    String method = TwoAccounts.method(gateway, "pm_no_" + code, token, Till.VISA);
    Till.Reply reply = pay(method, Till.newKey()).expect(402);
    String id = reply.payment().getString("id");
    assertThat(authorizations(gateway, id)).containsExactly(FIRST + " failed");
    assertThat(charges(gateway, id, SECOND_KEY)).isEmpty();
    assertThat(reply.payment().getString("status")).isEqualTo("requires_payment_method");
  }

  @Test
  void doesNotGoWhereTheMethodIsNotKnown() {
    String method =
        TwoAccounts.method(gateway, "pm_one", "pm_card_chargeDeclinedProcessingError", null);
    String id = pay(method, Till.newKey()).expect(402).payment().getString("id");
    assertThat(authorizations(gateway, id)).containsExactly(FIRST + " failed");
    var routing =
        list(story(gateway, id).getJsonArray("operations")).getFirst().getJsonObject("routing");
    assertThat(list(routing.getJsonArray("candidates")).getLast().getString("why"))
        .isEqualTo("the payment method has no token there");
  }

  @Test
  void endsWithTheLastAccountsDecline() {
    String method =
        TwoAccounts.method(
            gateway,
            "pm_both",
            "pm_card_chargeDeclinedProcessingError",
            "pm_card_chargeDeclinedInsufficientFunds");
    String key = Till.newKey();
    Till.Reply reply = pay(method, key).expect(402);
    assertThat(reply.error().getString("decline_code")).isEqualTo("insufficient_funds");
    String id = reply.payment().getString("id");
    assertThat(authorizations(gateway, id)).containsExactly(FIRST + " failed", SECOND + " failed");
    assertThat(pay(method, key).text()).isEqualTo(reply.text());
    // The payment may be paid with another card, and is charged once.
    till.post("/v1/payment_intents/" + id + "/confirm", "payment_method=" + Till.VISA)
        .in("succeeded");
    assertThat(charges(gateway, id, FIRST_KEY)).hasSize(1);
  }

  @Test
  void settlesTheSecondOnItsOwnAccountWhenItsAnswerIsLost() {
    String method =
        TwoAccounts.method(gateway, "pm_lost", "pm_card_chargeDeclinedProcessingError", Till.VISA);
    gateway
        .simulator()
        .faults()
        .next(CallMatch.of(Operation.AUTHORIZE).account(SECOND_KEY), Fault.answerLost());
    String id = pay(method, Till.newKey()).in("processing").id();
    till.settles(id, "succeeded");
    assertThat(authorizations(gateway, id))
        .containsExactly(FIRST + " failed", SECOND + " succeeded");
    assertThat(charges(gateway, id, SECOND_KEY)).hasSize(1);
  }

  @Test
  void failsOverWhenAPaymentIsConfirmedLaterToo() {
    String method =
        TwoAccounts.method(gateway, "pm_later", "pm_card_chargeDeclinedProcessingError", Till.VISA);
    String id =
        till.post("/v1/payment_intents", "amount=1300&currency=usd&capture_method=manual")
            .expect(200)
            .id();
    till.post("/v1/payment_intents/" + id + "/confirm", "payment_method=" + method)
        .in("requires_capture");
    assertThat(authorizations(gateway, id))
        .containsExactly(FIRST + " failed", SECOND + " succeeded");
    till.post("/v1/payment_intents/" + id + "/capture", "").in("succeeded");
    assertThat(charges(gateway, id, SECOND_KEY).getFirst().capturedMinor()).isEqualTo(1_300);
  }

  @Test
  void goesToTheSecondWhenTheFirstCannotBeReachedAndGivesALateSuccessOfTheFirstBack()
      throws Exception {
    Till.Reply reply = shut.pay(1_400).in("succeeded");
    String id = reply.id();
    assertThat(authorizations(gateway, id))
        .containsExactly(TwoAccounts.BEHIND_DOOR + " failed", TwoAccounts.BESIDE + " succeeded");
    assertThat(
            list(story(gateway, id).getJsonArray("operations"))
                .getLast()
                .getJsonObject("routing")
                .getJsonObject("after")
                .getString("why"))
        .isEqualTo("psp_unavailable may be tried at another account");
    assertThat(charges(gateway, id, TwoAccounts.BESIDE_KEY)).hasSize(1);

    // Against all that was proven the first charges after all. That is not the payment's money.
    String first =
        list(story(gateway, id).getJsonArray("operations"))
            .getFirst()
            .getString("psp_idempotency_key");
    door.open(gateway.simulator().port());
    chargeAtPsp(TwoAccounts.BEHIND_DOOR_KEY, 1_400, first);
    Await.until("the late success is raised", () -> shut.anomaly(id, true).isPresent());
    Await.until("it is given back", () -> shut.anomaly(id, false).isEmpty());
    assertThat(shut.anomaly(id, true).orElseThrow().getString("kind")).isEqualTo("late_success");
    assertThat(charges(gateway, id, TwoAccounts.BEHIND_DOOR_KEY).getFirst().refundedMinor())
        .isEqualTo(1_400);
    assertThat(shut.balance(id, "suspense")).isZero();
    assertThat(shut.payment(id).getLong("amount_received")).isEqualTo(1_400);
    assertThat(shut.payment(id).getString("status")).isEqualTo("succeeded");
  }

  private static void chargeAtPsp(String pspKey, long amount, String operation) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(gateway.simulator().baseUrl() + "/v1/payment_intents"))
            .header("Authorization", "Bearer " + pspKey)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    Till.form(amount, Till.VISA, "metadata[operation_id]=" + operation)))
            .build();
    try (var client = HttpClient.newHttpClient()) {
      var response = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }
  }

  @Test
  void goesToTheSecondWhenTheFirstCannotBeToldWhoseCardIsToBeSaved() {
    gateway
        .simulator()
        .faults()
        .always(CallMatch.of(Operation.OTHER).account(FIRST_KEY), Fault.hang());
    String customer = till.post("/v1/customers", "name=Ada").expect(200).id();
    String form =
        Till.form(1_100, Till.VISA, "customer=" + customer + "&setup_future_usage=off_session");
    String id = till.post("/v1/payment_intents", form).in("succeeded").id();
    assertThat(authorizations(gateway, id)).containsExactly(SECOND + " succeeded");
    assertThat(charges(gateway, id, FIRST_KEY)).isEmpty();
  }

  /** The case that must never charge twice. */
  @Test
  void neverGoesElsewhereAfterATimeoutThoughTheBreakerOpensAndSettlesOnTheSameAccount() {
    var faults = gateway.simulator().faults();
    faults.next(AT_FIRST, Fault.hangAfterEffect());
    String id = pay(Till.VISA, Till.newKey()).in("processing").id();
    // Nothing is heard of the first account any more.
    faults.always(CallMatch.any().account(FIRST_KEY), Fault.rateLimited(Duration.ofSeconds(1)));
    Await.until(
        "the breaker is open", () -> !breaker(FIRST).getString("authorize").equals("closed"));
    assertThat(authorizations(gateway, id)).containsExactly(FIRST + " unknown");

    // New payments pass it over meanwhile.
    Await.until(
        "new payments go to the second at once",
        () -> {
          String other = pay(Till.VISA, Till.newKey()).expect(200).id();
          return authorizations(gateway, other).equals(List.of(SECOND + " succeeded"));
        });
    assertThat(authorizations(gateway, id)).containsExactly(FIRST + " unknown");
    assertThat(till.status(id)).isEqualTo("processing");

    faults.clear();
    till.settles(id, "succeeded");
    assertThat(authorizations(gateway, id)).containsExactly(FIRST + " succeeded");
    assertThat(charges(gateway, id, FIRST_KEY)).hasSize(1);
    assertThat(charges(gateway, id, SECOND_KEY)).isEmpty();
    Await.until(
        "the first takes payments again",
        () ->
            authorizations(gateway, pay(Till.VISA, Till.newKey()).expect(200).id())
                .equals(List.of(FIRST + " succeeded")));
  }

  private static JsonObject breaker(String account) {
    return account(account).getJsonObject("breakers");
  }

  private static JsonObject account(String account) {
    return list(new JsonObject(gateway.operator("/ops/psp-accounts").body()).getJsonArray("data"))
        .stream()
        .filter(row -> row.getString("psp_account").equals(account))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void anOperatorKeepsABreakerOpenOnEveryNodeAndOverRestartsUntilItIsReleased() {
    var forced = operate(FIRST, "authorize", "force-open", "the PSP charges twice");
    assertThat(forced.statusCode()).as(forced.body()).isEqualTo(200);
    assertThat(new JsonObject(forced.body()).getJsonObject("result").getJsonArray("kinds"))
        .containsExactly("authorize");
    assertThat(operate(FIRST, "authorize", "force-open", "again").statusCode()).isEqualTo(409);
    goesTo(SECOND);
    JsonObject shown = list(account(FIRST).getJsonArray("forced_open")).getFirst();
    assertThat(shown.getString("operator")).isEqualTo("alice");
    assertThat(shown.getString("reason")).isEqualTo("the PSP charges twice");
    assertThat(gateway.operator("/metrics").body())
        .containsPattern(
            "sluice_psp_breaker_forced\\{account=\"stripe_demo\",kind=\"authorize\"[^}]*} 1");

    gateway.restart();
    // Read before the first payment is taken.
    String id = pay(Till.VISA, Till.newKey()).in("succeeded").id();
    assertThat(authorizations(gateway, id)).containsExactly(SECOND + " succeeded");
    var routing =
        list(story(gateway, id).getJsonArray("operations")).getFirst().getJsonObject("routing");
    assertThat(list(routing.getJsonArray("candidates")).getFirst().getString("why"))
        .isEqualTo("an operator keeps its breaker open");

    assertThat(operate(FIRST, "all", "release", "the PSP has mended it").statusCode())
        .isEqualTo(200);
    assertThat(operate(FIRST, "all", "release", "again").statusCode()).isEqualTo(409);
    goesTo(FIRST);
    assertThat(gateway.operator("/ops/actions?action=psp_accounts.force_open").body())
        .contains("the PSP charges twice");
    assertThat(operate("stripe_none", "all", "force-open", "x").statusCode()).isEqualTo(404);
    assertThat(operate(FIRST, "payout", "force-open", "x").statusCode()).isEqualTo(400);
  }

  @Test
  void releasesWhatWasForcedWhileAnotherMerchantHadTheAccount() {
    gateway
        .database()
        .execute(
            "INSERT INTO forced_breaker (merchant_id, psp_account_id, kind, operator, reason)"
                + " VALUES ('former', '"
                + FIRST
                + "', 'authorize', 'alice', 'long ago')");
    goesTo(SECOND);
    assertThat(operate(FIRST, "authorize", "release", "it is well").statusCode()).isEqualTo(200);
    goesTo(FIRST);
  }

  private static void goesTo(String account) {
    Await.until(
        "payments go to " + account,
        () ->
            authorizations(gateway, pay(Till.VISA, Till.newKey()).expect(200).id())
                .getLast()
                .equals(account + " succeeded"));
  }

  private static HttpResponse<String> operate(
      String account, String kind, String what, String reason) {
    return gateway.operate(
        "/ops/psp-accounts/" + account + "/breakers/" + kind + "/" + what,
        new JsonObject().put("reason", reason).encode());
  }

  @Test
  void tellsOperatorsHowAccountsAre() {
    till.pay(1_000).in("succeeded");
    JsonObject first = account(FIRST);
    assertThat(first.getString("mode")).isEqualTo("test");
    assertThat(first.getInteger("priority")).isEqualTo(100);
    assertThat(first.getInteger("weight")).isEqualTo(100);
    assertThat(first.getJsonObject("sends").getInteger("most")).isEqualTo(256);
    assertThat(account(SECOND).getInteger("priority")).isEqualTo(200);
    assertThat(gateway.operator("/ops/payments/pi_0000000000000000000001").statusCode())
        .isEqualTo(404);
  }
}
