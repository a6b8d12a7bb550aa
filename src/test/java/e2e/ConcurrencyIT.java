package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import simulator.Authorization;
import support.Await;
import support.Books;
import support.TestGateway;

/** Many requests for the same money at once: what moves is never more than there is. */
final class ConcurrencyIT {
  private static TestGateway gateway;
  private static HttpClient client;

  @BeforeAll
  static void open() {
    gateway = TestGateway.start();
    // A connection per request, as many servers of a merchant would open.
    client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  @AfterAll
  static void close() {
    client.close();
    gateway.close();
  }

  @Test
  void refundsNoMoreThanWasCapturedOfTwoHundredAtOnce() {
    String payment = created("amount=10000&confirm=true&payment_method=pm_card_visa");
    var refunds = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (int at = 0; at < 200; at++) {
      // Every tenth is a retry of the one before, while that may still be under way.
      String key = "refund-" + payment + (at % 10 == 9 ? at - 1 : at);
      refunds.add(post("/v1/refunds", "payment_intent=" + payment + "&amount=70", key));
    }
    var answers = answers(refunds);
    assertThat(answers).extracting(HttpResponse::statusCode).isSubsetOf(200, 400, 409);
    settled();

    int fitting = 10_000 / 70;
    Set<String> ids =
        answers.stream()
            .filter(it -> it.statusCode() == 200)
            .map(it -> new JsonObject(it.body()).getString("id"))
            .collect(Collectors.toSet());
    assertThat(ids).hasSize(fitting);
    assertThat(
            gateway.simulator().truth().account(TestGateway.PSP_KEY).refunds().stream()
                .filter(it -> it.amountMinor() == 70))
        .hasSize(fitting);
    assertThat(shown(payment).getString("status")).isEqualTo("succeeded");
    new Books(gateway).balance();
  }

  @Test
  void letsOneOfManyCapturesAndCancelsWin() {
    String payment =
        created("amount=20001&confirm=true&payment_method=pm_card_visa&capture_method=manual");
    var requests = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (int at = 0; at < 50; at++) {
      requests.add(
          post(
              "/v1/payment_intents/" + payment + (at % 2 == 0 ? "/capture" : "/cancel"),
              "",
              key()));
    }
    var answers = answers(requests);
    settled();
    assertThat(answers).extracting(HttpResponse::statusCode).isSubsetOf(200, 400, 409);
    var won = answers.stream().filter(it -> it.statusCode() == 200).toList();
    assertThat(won).hasSize(1);
    String status = new JsonObject(won.getFirst().body()).getString("status");
    assertThat(status).isIn("succeeded", "canceled");
    assertThat(shown(payment).getString("status")).isEqualTo(status);
    assertThat(charges(20_001))
        .singleElement()
        .satisfies(
            it ->
                assertThat(it.capturedMinor()).isEqualTo(status.equals("succeeded") ? 20_001 : 0));
    new Books(gateway).balance();
  }

  @Test
  void chargesOnceForFiftyConfirmsWithDifferentKeys() {
    String payment = created("amount=30001&payment_method=pm_card_visa");
    var answers = answers(confirms(payment, 50, ignored -> key()));
    settled();
    assertThat(answers).extracting(HttpResponse::statusCode).isSubsetOf(200, 400, 409);
    assertThat(answers.stream().filter(it -> it.statusCode() == 200)).hasSize(1);
    assertThat(charges(30_001)).hasSize(1);
    new Books(gateway).balance();
  }

  @Test
  void chargesOnceForFiftyConfirmsWithTheSameKeyAndAnswersThemAlike() {
    String payment = created("amount=40001&payment_method=pm_card_visa");
    String key = key();
    var answers = new ArrayList<>(answers(confirms(payment, 50, ignored -> key)));
    settled();
    answers.addAll(answers(confirms(payment, 1, ignored -> key)));
    assertThat(answers.getLast().statusCode()).isEqualTo(200);
    assertThat(answers.getLast().headers().firstValue("Idempotent-Replayed")).contains("true");
    assertThat(answers).extracting(HttpResponse::statusCode).isSubsetOf(200, 409);
    assertThat(
            answers.stream()
                .filter(it -> it.statusCode() == 200)
                .map(HttpResponse::body)
                .distinct())
        .hasSize(1);
    assertThat(charges(40_001)).hasSize(1);
    new Books(gateway).balance();
  }

  @Test
  void chargesOnceForFiftyCreatesWithTheSameKey() {
    String key = key();
    var requests = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (int at = 0; at < 50; at++) {
      requests.add(
          post(
              "/v1/payment_intents",
              "amount=45001&currency=usd&confirm=true&payment_method=pm_card_visa",
              key));
    }
    var answers = answers(requests);
    settled();
    assertThat(answers).extracting(HttpResponse::statusCode).isSubsetOf(200, 409).contains(200);
    assertThat(
            answers.stream()
                .filter(it -> it.statusCode() == 200)
                .map(HttpResponse::body)
                .distinct())
        .hasSize(1);
    assertThat(charges(45_001)).hasSize(1);
    new Books(gateway).balance();
  }

  @Test
  void takesWhatThePaymentSaysWhenConfirmCancelAndUpdateMeet() {
    for (int round = 0; round < 6; round++) {
      String payment = created("amount=50001&payment_method=pm_card_visa");
      int captured = gateway.simulator().truth().account(TestGateway.PSP_KEY).approved().size();
      var requests = new ArrayList<CompletableFuture<HttpResponse<String>>>();
      for (int at = 0; at < 12; at++) {
        requests.add(post("/v1/payment_intents/" + payment, "amount=" + (60_000 + at), key()));
        requests.add(post("/v1/payment_intents/" + payment + "/confirm", "", key()));
        if (at > 2) {
          requests.add(post("/v1/payment_intents/" + payment + "/cancel", "", key()));
        }
      }
      assertThat(answers(requests)).extracting(HttpResponse::statusCode).isSubsetOf(200, 400, 409);
      settled();
      JsonObject shown = shown(payment);
      var approved = gateway.simulator().truth().account(TestGateway.PSP_KEY).approved();
      var mine = approved.subList(captured, approved.size());
      if (shown.getString("status").equals("canceled")) {
        assertThat(mine).isEmpty();
      } else {
        assertThat(shown.getString("status")).isEqualTo("succeeded");
        assertThat(mine)
            .singleElement()
            .satisfies(it -> assertThat(it.capturedMinor()).isEqualTo(shown.getLong("amount")));
        assertThat(shown.getLong("amount_received")).isEqualTo(shown.getLong("amount"));
      }
    }
    new Books(gateway).balance();
  }

  private static List<CompletableFuture<HttpResponse<String>>> confirms(
      String payment, int number, java.util.function.IntFunction<String> key) {
    var requests = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (int at = 0; at < number; at++) {
      requests.add(post("/v1/payment_intents/" + payment + "/confirm", "", key.apply(at)));
    }
    return requests;
  }

  private static List<Authorization> charges(long minor) {
    return gateway.simulator().truth().account(TestGateway.PSP_KEY).charges().stream()
        .filter(it -> it.amountMinor() == minor)
        .toList();
  }

  private static void settled() {
    Await.until(
        "no operation is open",
        () ->
            gateway.number(
                    "SELECT count(*) FROM operation WHERE status IN ('pending', 'unknown',"
                        + " 'accepted')")
                == 0);
  }

  private static String created(String form) {
    var answer = post("/v1/payment_intents", "currency=usd&" + form, key()).join();
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body()).getString("id");
  }

  private static JsonObject shown(String payment) {
    return new JsonObject(gateway.get("/v1/payment_intents/" + payment).body());
  }

  private static List<HttpResponse<String>> answers(
      List<CompletableFuture<HttpResponse<String>>> requests) {
    return requests.stream().map(CompletableFuture::join).toList();
  }

  private static String key() {
    return UUID.randomUUID().toString();
  }

  private static CompletableFuture<HttpResponse<String>> post(
      String path, String form, String key) {
    return client.sendAsync(
        HttpRequest.newBuilder(gateway.api().resolve(path))
            .header("Authorization", "Bearer " + TestGateway.SECRET_KEY)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Idempotency-Key", key)
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
