package scenarios;

import static io.gatling.javaapi.core.CoreDsl.asLongAsDuring;
import static io.gatling.javaapi.core.CoreDsl.doIfEqualsOrElse;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.exitHereIfFailed;
import static io.gatling.javaapi.core.CoreDsl.jmesPath;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Checkouts before a PSP that fails a share of its charges. An outcome that is not known is shown
 * as {@code processing} and settles by itself; where the breaker keeps a charge from being sent,
 * the merchant confirms again. What counts is that every payment ends paid.
 */
public final class FailingPsp extends Load {
  /** Rules of the simulator, by the name under which they are asked for. */
  private static final Map<String, String> FAULTS =
      Map.of(
          "server_error", "\"fault\":\"server_error\"",
          "rate_limited", "\"fault\":\"rate_limited\"",
          "connection_lost", "\"fault\":\"drop\"",
          "answer_lost", "\"fault\":\"drop\",\"after_effect\":true",
          "garbage", "\"fault\":\"garbage\"",
          "hang", "\"fault\":\"hang\"");

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

  private final List<String> rules = rules();

  public FailingPsp() {
    Duration settled = Parameters.time("settled", "3m");
    run(
        scenario("failing PSP")
            .exec(paying(Api.pay("checkout, failing PSP", "pm_card_visa")))
            .exec(exitHereIfFailed())
            .exec(asLongAsDuring(FailingPsp::open, settled).on(lookAgain()))
            .exec(Api.retrieve("end").check(jsonPath("$.status").is("succeeded"))),
        "3s");
  }

  private static boolean open(Session session) {
    return !"succeeded".equals(session.getString("status"));
  }

  private static ChainBuilder lookAgain() {
    return exec(
        pause(BETWEEN_LOOKS),
        doIfEqualsOrElse("#{status}", "requires_payment_method")
            .then(
                paying(
                    Api.change("confirm again", "confirm")
                        .formParam("payment_method", "pm_card_visa")
                        .formParam("return_url", "https://shop.example/return")))
            .orElse(exec(Api.retrieve("look"))));
  }

  /** Paid, not known yet, or refused because nothing could be sent: all else is an error. */
  private static ChainBuilder paying(HttpRequestActionBuilder request) {
    return exec(
        request
            .check(status().in(200, 402))
            .check(jmesPath("id || error.payment_intent.id").saveAs("payment"))
            .check(
                jmesPath("status || error.payment_intent.status")
                    .in("succeeded", "processing", "requires_payment_method")
                    .saveAs("status"))
            .check(jmesPath("error.decline_code || 'none'").in("none", "try_again_later")));
  }

  @Override
  public void before() {
    Simulator.goWrong(rules);
  }

  @Override
  public void after() {
    System.out.println("The PSP failed " + Simulator.struck() + " calls.");
    Simulator.allWell();
  }

  /** The share of charges that fail is shared evenly by the ways in which they do. */
  private static List<String> rules() {
    double share = Parameters.number("failing", 0.1);
    List<String> faults =
        Stream.of(Parameters.text("faults", "server_error,answer_lost").split(",")).toList();
    return faults.stream()
        .map(
            name -> {
              String fault = FAULTS.get(name.strip());
              if (fault == null) {
                throw new IllegalArgumentException(
                    "-Dfaults names '" + name + "'; there are " + FAULTS.keySet());
              }
              return "{%s,\"rate\":%s,\"match\":{\"operation\":\"authorize\"}}"
                  .formatted(fault, share / faults.size());
            })
        .toList();
  }
}
