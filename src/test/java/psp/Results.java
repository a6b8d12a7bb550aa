package psp;

import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import money.Money;
import payments.Decline;
import payments.DeclineCode;
import psp.PspResult.Details;
import psp.PspResult.UnknownReason;

/** Results for tests, and waiting for them. */
public final class Results {
  public static final PspResult APPROVED =
      new PspResult.Approved("pi_1", "ch_1", Money.of(1099, "usd"), true, "pm_1", Details.NONE);
  public static final PspResult DECLINED =
      new PspResult.Declined(
          new Decline(DeclineCode.GENERIC_DECLINE, null, null, null, null),
          null,
          null,
          Details.NONE);

  private Results() {}

  public static PspResult unknown(UnknownReason reason) {
    return new PspResult.Unknown(reason, "scripted");
  }

  /** The reason of an unknown result; an assertion error for any other result. */
  public static UnknownReason reason(PspResult result) {
    if (result instanceof PspResult.Unknown unknown) {
      return unknown.reason();
    }
    throw new AssertionError("not unknown: " + result);
  }

  /** Waits generously. */
  public static <T> T await(Future<T> future) {
    try {
      return future.await(60, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("no result within a minute", e);
    }
  }
}
