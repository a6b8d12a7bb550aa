package scenarios;

import static io.gatling.javaapi.core.CoreDsl.exitHereIfFailed;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.status;

/** A hold that is captured and given back: three operations at the PSP. */
public final class AuthorizeCaptureRefund extends Load {
  public AuthorizeCaptureRefund() {
    run(
        scenario("authorize-capture-refund")
            .exec(
                Api.pay("authorize", "pm_card_visa")
                    .formParam("capture_method", "manual")
                    .check(status().is(200))
                    .check(jsonPath("$.status").is("requires_capture"))
                    .check(jsonPath("$.amount_capturable").ofLong().is(Api.AMOUNT))
                    .check(jsonPath("$.id").saveAs("payment")))
            .exec(exitHereIfFailed())
            .exec(
                Api.change("capture", "capture")
                    .check(status().is(200))
                    .check(jsonPath("$.status").is("succeeded"))
                    .check(jsonPath("$.amount_received").ofLong().is(Api.AMOUNT)))
            .exec(exitHereIfFailed())
            .exec(
                Api.post("refund", "/v1/refunds")
                    .formParam("payment_intent", "#{payment}")
                    .check(status().is(200))
                    .check(jsonPath("$.status").is("succeeded"))
                    .check(jsonPath("$.amount").ofLong().is(Api.AMOUNT))),
        "1s");
  }
}
