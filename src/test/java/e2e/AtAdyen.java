package e2e;

import support.TestGateway;

/** A gateway with Adyen behind it. */
final class AtAdyen {
  private AtAdyen() {}

  static TestGateway start() {
    return Behind.ADYEN.start();
  }

  /** Ends all faults, and fails unless payments, ledger and simulator agree then. */
  static void balance(TestGateway gateway) {
    Behind.ADYEN.balance(gateway);
  }
}
