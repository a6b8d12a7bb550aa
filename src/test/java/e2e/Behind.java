package e2e;

import config.DevelopmentSecrets;
import support.Books;
import support.TestGateway;

/** Which PSP takes the merchant's payments. */
enum Behind {
  STRIPE("Stripe", TestGateway.PSP_KEY),
  ADYEN("Adyen", DevelopmentSecrets.ADYEN_SIMULATOR_KEY);

  private final String title;
  private final String account;

  Behind(String title, String account) {
    this.title = title;
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
    String[] soon = {
      "--recovery.schedule=50ms,100ms",
      "--inbox.schedule=100ms,200ms,500ms",
      "--timeouts.psp-call=1s",
      "--timeouts.psp-connect=500ms",
      "--timeouts.breaker=3s",
      "--breaker.max-failures=10000"
    };
    TestGateway gateway =
        switch (this) {
          case STRIPE -> TestGateway.start(soon);
          case ADYEN -> TestGateway.startAtAdyen(soon);
        };
    return gateway.takeWebhooks();
  }

  /** Ends all faults, and fails unless payments, ledger and simulator agree then. */
  void balance(TestGateway gateway) {
    gateway.simulator().faults().clear();
    gateway.simulator().faults().release();
    gateway.awaitWorkedInbox();
    new Books(gateway.database(), gateway.simulator(), account).balance();
  }
}
