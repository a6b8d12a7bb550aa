package psp;

import money.Money;
import payments.OperationKind;

/** Sendings for tests. */
public final class Sendings {
  private Sendings() {}

  /** A sending that names an account and an attempt; the rest is plain. */
  public static Sending sending(String accountId, OperationKind kind, int attempt) {
    return new Sending(
        accountId,
        kind,
        "ch_operation",
        Money.of(1099, "usd"),
        new PspCall("POST", "/v1/payment_intents", "amount=1099"),
        "key-1",
        null,
        attempt);
  }

  public static Sending authorize(int attempt) {
    return sending("stripe_test", OperationKind.AUTHORIZE, attempt);
  }

  public static Sending of(OperationKind kind, PspCall call, int attempt) {
    return new Sending(
        "stripe_test", kind, "ch_operation", Money.of(1099, "usd"), call, "key-1", null, attempt);
  }
}
