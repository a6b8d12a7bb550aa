package scenarios;

import static io.gatling.javaapi.core.CoreDsl.exitHereIfFailed;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.status;

/** A payment that is created when the customer comes to the till, and confirmed afterwards. */
public final class TwoStep extends Load {
  public TwoStep() {
    run(
        scenario("two-step")
            .exec(
                Api.create("create")
                    .check(status().is(200))
                    .check(jsonPath("$.status").is("requires_payment_method"))
                    .check(jsonPath("$.id").saveAs("payment")))
            .exec(exitHereIfFailed())
            .exec(
                Api.change("confirm", "confirm")
                    .formParam("payment_method", "pm_card_visa")
                    .formParam("return_url", "https://shop.example/return")
                    .check(status().is(200))
                    .check(jsonPath("$.id").isEL("#{payment}"))
                    .check(jsonPath("$.status").is("succeeded"))),
        "1s");
  }
}
