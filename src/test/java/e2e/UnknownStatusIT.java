package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import simulator.CallMatch;
import simulator.Fault;
import support.Await;
import support.TestGateway;

/**
 * A status that nobody knows, said for as long as the PSP is asked (DESIGN 4): no success and no
 * failure, seen by operators at once, and settled by the first word that is known.
 */
final class UnknownStatusIT {
  private static final String CHARMED =
      "{\"as\": \"failed\", \"evidence\": \"seems so\", \"reason\": \"charmed\"}";

  @ParameterizedTest
  @EnumSource
  void isHeldAndRaisedOnceAndNeverUndone(Behind psp) {
    try (TestGateway gateway = psp.startWithoutWebhooks();
        Till till = new Till(gateway)) {
      gateway.simulator().faults().always(CallMatch.any(), Fault.misstateStatus("charmed"));
      String id = till.pay(1_000).in("processing").id();

      var held = till.held(id).orElseThrow();
      assertThat(held.getString("held_reason")).isEqualTo("unknown_status");
      assertThat(held.getString("psp_reference")).isNotBlank();
      var anomaly = till.anomaly(id, false).orElseThrow();
      assertThat(anomaly.getString("kind")).isEqualTo("unknown_status");
      assertThat(anomaly.getString("detail"))
          .contains("status charmed")
          .contains(held.getString("psp_reference"));

      till.looks(id, "authorize", 3);
      assertThat(till.held(id).orElseThrow().getString("held_reason")).isEqualTo("unknown_status");
      assertThat(till.anomalies(true)).hasSize(1);
      var closing =
          gateway.operate(
              "/ops/operations/demo/" + held.getString("operation") + "/close", CHARMED);
      assertThat(closing.statusCode()).as(closing.body()).isEqualTo(409);
      for (String path : new String[] {"/capture", "/cancel", "/confirm"}) {
        till.post("/v1/payment_intents/" + id + path, "").expect(400);
      }
      assertThat(till.balance(id, "merchant_payable")).isZero();

      gateway.simulator().faults().clear();
      till.settles(id, "succeeded");
      Await.until("it is held no more", () -> till.held(id).isEmpty());
      assertThat(TwoAccounts.charges(gateway, id, psp.account())).hasSize(1);
      psp.balance(gateway);
    }
  }
}
