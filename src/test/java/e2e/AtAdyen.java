package e2e;

import config.DevelopmentSecrets;
import support.Books;
import support.TestGateway;

/** A gateway with Adyen behind it that hears of its webhooks and waits for nothing long. */
final class AtAdyen {
  private AtAdyen() {}

  static TestGateway start() {
    return TestGateway.startAtAdyen(
            "--recovery.schedule=50ms,100ms",
            "--inbox.schedule=100ms,200ms,500ms",
            "--timeouts.psp-call=1s",
            "--timeouts.psp-connect=500ms",
            "--timeouts.breaker=3s",
            "--breaker.max-failures=10000")
        .takeWebhooks();
  }

  /** Ends all faults, and fails unless payments, ledger and simulator agree then. */
  static void balance(TestGateway gateway) {
    gateway.simulator().faults().clear();
    gateway.simulator().faults().release();
    gateway.awaitWorkedInbox();
    new Books(gateway.database(), gateway.simulator(), DevelopmentSecrets.ADYEN_SIMULATOR_KEY)
        .balance();
  }
}
