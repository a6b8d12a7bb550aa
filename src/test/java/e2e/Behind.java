package e2e;

import config.DevelopmentSecrets;
import config.PspKind;
import support.Books;
import support.TestGateway;

/** Which PSP takes the merchant's payments. */
enum Behind {
  STRIPE("Stripe", PspKind.STRIPE, TestGateway.PSP_KEY),
  ADYEN("Adyen", PspKind.ADYEN, DevelopmentSecrets.ADYEN_SIMULATOR_KEY);

  private final String title;
  private final PspKind kind;
  private final String account;

  Behind(String title, PspKind kind, String account) {
    this.title = title;
    this.kind = kind;
    this.account = account;
  }

  String title() {
    return title;
  }

  /** What the account at the simulator is known by. */
  String account() {
    return account;
  }

  /** A gateway with this PSP alone behind it, that hears of its webhooks and waits for little. */
  TestGateway start() {
    return startWithoutWebhooks().takeWebhooks();
  }

  /** The same, but what the PSP tells by webhook does not arrive. */
  TestGateway startWithoutWebhooks() {
    String[] soon = {
      "--recovery.schedule=50ms,100ms",
      "--inbox.schedule=100ms,200ms,500ms",
      "--timeouts.psp-call=1s",
      "--timeouts.psp-connect=500ms",
      "--timeouts.breaker=3s",
      "--breaker.max-failures=10000"
    };
    return TestGateway.startAt(kind, soon);
  }

  /** Ends all faults, and fails unless payments, ledger and simulator agree then. */
  void balance(TestGateway gateway) {
    gateway.simulator().faults().clear();
    gateway.simulator().faults().release();
    gateway.awaitWorkedInbox();
    new Books(gateway.database(), gateway.simulator(), account).balance();
  }
}
