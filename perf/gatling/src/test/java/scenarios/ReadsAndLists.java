package scenarios;

import static io.gatling.javaapi.core.CoreDsl.feed;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.scenario;

/** What a merchant's back office asks: one payment, its charge and refunds, and pages of lists. */
public final class ReadsAndLists extends Load {
  private final TakenPayments payments = new TakenPayments();

  public ReadsAndLists() {
    run(
        scenario("reads and lists")
            .exec(feed(payments.feeder()))
            .exec(Api.retrieve("payment").check(jsonPath("$.status").is("succeeded")))
            .exec(
                Api.get(
                        "payment with charge",
                        "/v1/payment_intents/#{payment}?expand[]=latest_charge")
                    .check(jsonPath("$.latest_charge.id").isEL("#{charge}"))
                    .check(jsonPath("$.latest_charge.paid").ofBoolean().is(true)))
            .exec(
                Api.get("charge", "/v1/charges/#{charge}")
                    .check(jsonPath("$.payment_intent").isEL("#{payment}")))
            .exec(
                Api.get("payments", "/v1/payment_intents?limit=20")
                    .check(jsonPath("$.object").is("list"))
                    .check(jsonPath("$.data[0].object").is("payment_intent"))
                    .check(jsonPath("$.data[-1:].id").saveAs("last")))
            .exec(
                Api.get(
                        "payments, next page",
                        "/v1/payment_intents?limit=20&starting_after=#{last}")
                    .check(jsonPath("$.object").is("list")))
            .exec(
                Api.get("charges of a payment", "/v1/charges?payment_intent=#{payment}")
                    .check(jsonPath("$.data[0].id").isEL("#{charge}")))
            .exec(
                Api.get("refunds of a payment", "/v1/refunds?payment_intent=#{payment}")
                    .check(jsonPath("$.data[*]").count().is(0))),
        "1s");
  }

  @Override
  public void before() {
    payments.take(false);
  }
}
