package scenarios;

import static io.gatling.javaapi.core.CoreDsl.feed;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.util.List;

/** Checkouts at the rate, beside them what PSPs tell and what operators look at. */
public final class MixedDay extends Load {
  private final TakenPayments payments = new TakenPayments();

  public MixedDay() {
    run(
        "1s",
        List.of(
            arriving(scenario("checkout").exec(Api.checkout("checkout, mixed day")), 1),
            // A user sends two.
            arriving(Webhooks.about(payments), Parameters.number("webhooksPerCheckout", 4) / 2),
            arriving(operator(), Parameters.number("operatorsPerCheckout", 0.1))));
  }

  @Override
  public void before() {
    payments.take(true);
  }

  /** Someone who looks up a payment and the queues. */
  private ScenarioBuilder operator() {
    return scenario("operator")
        .exec(feed(payments.feeder()))
        .exec(
            look("console: payment", "/ops/payments/#{payment}")
                .check(jsonPath("$.payment").isEL("#{payment}"))
                .check(jsonPath("$.status").is("succeeded")))
        .exec(
            look("console: held operations", "/ops/operations/held")
                .check(jsonPath("$.data").exists()))
        .exec(look("console: anomalies", "/ops/anomalies").check(jsonPath("$.data").exists()))
        .exec(look("console: inbox", "/ops/inbox").check(jsonPath("$.data[0].event").exists()))
        .exec(
            look("console: PSP accounts", "/ops/psp-accounts")
                .check(jsonPath("$.data[0].psp_account").exists()));
  }

  private static HttpRequestActionBuilder look(String name, String path) {
    return http(name)
        .get(Parameters.opsUrl() + path)
        .header("Authorization", "Bearer " + Parameters.opsToken())
        .check(status().is(200));
  }
}
