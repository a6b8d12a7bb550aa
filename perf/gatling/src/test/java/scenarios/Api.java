package scenarios;

import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.http.HttpProtocolBuilder;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.util.UUID;

/**
 * The merchant's calls. Every POST has an idempotency key of its own, and an answer counts only if
 * its body says what it should.
 */
final class Api {
  /** What a checkout takes, in minor units. */
  static final long AMOUNT = 1099;

  /** A merchant's server keeps its connections: users share them. */
  static final HttpProtocolBuilder HTTP =
      http.baseUrl(Parameters.baseUrl().toString())
          .acceptHeader("application/json")
          .userAgentHeader("sluice-gatling")
          .shareConnections()
          .disableCaching()
          .disableFollowRedirect()
          .disableWarmUp();

  private static final String PAYMENTS = "/v1/payment_intents";

  private Api() {}

  /** A POST with a key of its own, whose answer is not looked at yet. */
  static HttpRequestActionBuilder post(String name, String path) {
    return http(name)
        .post(path)
        .header("Authorization", "Bearer " + Parameters.apiKey())
        .header("Idempotency-Key", session -> UUID.randomUUID().toString());
  }

  /** A GET that must be answered with 200. */
  static HttpRequestActionBuilder get(String name, String path) {
    return http(name)
        .get(path)
        .header("Authorization", "Bearer " + Parameters.apiKey())
        .check(status().is(200));
  }

  /** A new payment, which carries the request's name so that it is found again. */
  static HttpRequestActionBuilder create(String name) {
    return post(name, PAYMENTS)
        .formParam("amount", AMOUNT)
        .formParam("currency", Parameters.currency())
        .formParam("description", "load, " + name);
  }

  /** A new payment that is paid at once with a card; what becomes of it is not looked at yet. */
  static HttpRequestActionBuilder pay(String name, String card) {
    return create(name)
        .formParam("confirm", "true")
        .formParam("payment_method", card)
        .formParam("return_url", "https://shop.example/return");
  }

  /** A checkout with a card that is taken: the payment's id is kept as {@code payment}. */
  static HttpRequestActionBuilder checkout(String name) {
    return pay(name, "pm_card_visa")
        .check(status().is(200))
        .check(jsonPath("$.status").is("succeeded"))
        .check(jsonPath("$.amount_received").ofLong().is(AMOUNT))
        .check(jsonPath("$.id").saveAs("payment"));
  }

  /** Asks for the payment of the session, whose status is kept. */
  static HttpRequestActionBuilder retrieve(String name) {
    return get(name, PAYMENTS + "/#{payment}")
        .check(jsonPath("$.id").isEL("#{payment}"))
        .check(jsonPath("$.status").saveAs("status"));
  }

  /** Something done to the payment of the session: {@code confirm}, {@code capture}. */
  static HttpRequestActionBuilder change(String name, String what) {
    return post(name, PAYMENTS + "/#{payment}/" + what);
  }
}
