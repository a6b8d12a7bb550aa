package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import simulator.webhooks.SentEvent;
import simulator.webhooks.WebhookCounts;
import support.TestGateway;

/** The gateway takes what the simulator sends, at the address it has at the time. */
class SimulatorWebhooksIT {
  private static final String PAYMENT =
      "amount=1000&currency=eur&confirm=true&payment_method=pm_card_visa"
          + "&return_url=https://example.com/return";

  @Test
  void takesEveryEventAlsoAfterARestart() throws Exception {
    try (TestGateway gateway = TestGateway.start().takeWebhooks()) {
      pay(gateway);
      awaitIdle(gateway);
      long before = gateway.simulator().webhooks().counts().delivered();

      gateway.restart();
      pay(gateway);
      awaitIdle(gateway);

      WebhookCounts counts = gateway.simulator().webhooks().counts();
      assertThat(before).isPositive();
      assertThat(counts.delivered()).isGreaterThan(before);
      assertThat(counts.givenUp()).isZero();
      assertThat(gateway.simulator().webhooks().sent()).allMatch(SentEvent::delivered);
    }
  }

  private static void pay(TestGateway gateway) {
    assertThat(gateway.post("/v1/payment_intents", PAYMENT).statusCode()).isEqualTo(200);
  }

  private static void awaitIdle(TestGateway gateway) throws Exception {
    gateway.simulator().webhooks().idle().await(60, TimeUnit.SECONDS);
  }
}
