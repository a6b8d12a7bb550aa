package psp;

import java.time.Instant;
import money.Money;
import payments.OperationKind;

/** Sendings for tests. */
public final class Sendings {
  /** When the operation of every sending began. */
  public static final Instant BEGUN = Instant.ofEpochSecond(1_800_000_000);

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
        attempt,
        BEGUN);
  }

  public static Sending authorize(int attempt) {
    return sending("stripe_test", OperationKind.AUTHORIZE, attempt);
  }

  public static Sending of(OperationKind kind, PspCall call, int attempt) {
    return new Sending(
        "stripe_test",
        kind,
        "ch_operation",
        Money.of(1099, "usd"),
        call,
        "key-1",
        null,
        attempt,
        BEGUN);
  }
}
