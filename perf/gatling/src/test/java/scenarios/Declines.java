package scenarios;

import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.listFeeder;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.status;

import java.util.List;
import java.util.Map;

/** Cards that are refused, each for its reason. A decline that is answered rightly is no error. */
public final class Declines extends Load {
  private static final List<Map<String, Object>> CARDS =
      List.of(
          card("chargeDeclined", "card_declined", "generic_decline"),
          card("chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
          card("chargeDeclinedLostCard", "card_declined", "lost_card"),
          card("chargeDeclinedStolenCard", "card_declined", "stolen_card"),
          card("chargeDeclinedFraudulent", "card_declined", "fraudulent"),
          card("chargeDeclinedExpiredCard", "expired_card", "expired_card"),
          card("chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc"));

  public Declines() {
    run(
        scenario("declines")
            .feed(listFeeder(CARDS).circular())
            .exec(
                Api.pay("decline", "#{card}")
                    .check(status().is(402))
                    .check(jsonPath("$.error.type").is("card_error"))
                    .check(jsonPath("$.error.code").isEL("#{code}"))
                    .check(jsonPath("$.error.decline_code").isEL("#{declineCode}"))
                    .check(
                        jsonPath("$.error.payment_intent.status").is("requires_payment_method"))),
        "1s");
  }

  private static Map<String, Object> card(String name, String code, String declineCode) {
    return Map.of("card", "pm_card_" + name, "code", code, "declineCode", declineCode);
  }
}
