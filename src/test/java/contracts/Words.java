package contracts;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import payments.Decline;
import payments.OperationKind;
import psp.PspResult;
import psp.PspResult.Accepted;
import psp.PspResult.ActionRequired;
import psp.PspResult.Approved;
import psp.PspResult.Declined;
import psp.PspResult.NotSent;
import psp.PspResult.Unknown;

/** Results as the contract and its document word them. */
final class Words {
  private Words() {}

  static String of(OperationKind kind, PspResult result) {
    return switch (result) {
      case Approved approved -> approved(kind, approved) + another(kind, approved);
      case Declined declined -> declined(kind, declined);
      case ActionRequired action -> "action required at " + action.redirectUrl();
      case Accepted ignored -> "accepted";
      case Unknown unknown -> "unknown: " + unknown.reason() + retryAfter(unknown);
      case NotSent ignored -> "not sent";
    };
  }

  private static String approved(OperationKind kind, Approved approved) {
    return switch (kind) {
      case AUTHORIZE, CAPTURE ->
          "approved, " + (approved.captured() ? "taken, " : "held, ") + approved.amount();
      // Whether the money was taken is not theirs to tell.
      case COMPLETE_AUTHENTICATION, VOID, REFUND -> "approved, " + approved.amount();
    };
  }

  /** Who finds a payment by what a customer brought has to say which it found. */
  private static String another(OperationKind kind, Approved approved) {
    boolean asked =
        kind != OperationKind.COMPLETE_AUTHENTICATION
            || Dialect.key(OperationKind.AUTHORIZE).equals(approved.details().operationKey());
    return asked ? "" : ", of another payment";
  }

  private static String declined(OperationKind kind, Declined declined) {
    Decline decline = declined.decline();
    if (kind == OperationKind.COMPLETE_AUTHENTICATION && declined.reference() == null) {
      return "refused as " + decline.code() + ": the authentication stands";
    }
    String retry = decline.code().retry().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    String advice = decline.adviceCode() == null ? "" : ", advice " + decline.adviceCode();
    return "declined as " + decline.code() + ", " + retry + advice;
  }

  private static String retryAfter(Unknown unknown) {
    Duration wait = unknown.retryAfter();
    return wait == null ? "" : ", retry after " + wait.toSeconds();
  }

  /** What a result of a fact tells: webhooks give no reasons that all PSPs know. */
  static String ofFact(PspResult result) {
    return switch (result) {
      case Approved approved -> "approved, " + approved.amount();
      case Declined ignored -> "declined";
      case Accepted ignored -> "accepted";
      case ActionRequired ignored -> "action required";
      case Unknown unknown -> "unknown: " + unknown.reason();
      case NotSent ignored -> "not sent";
    };
  }

  static @Nullable String reference(PspResult result) {
    return switch (result) {
      case Approved approved -> approved.reference();
      case Declined declined -> declined.reference();
      case ActionRequired action -> action.reference();
      case Accepted accepted -> accepted.reference();
      case Unknown unknown -> unknown.reference();
      case NotSent ignored -> null;
    };
  }

  static @Nullable String charge(PspResult result) {
    return switch (result) {
      case Approved approved -> approved.chargeReference();
      case Declined declined -> declined.chargeReference();
      case Accepted accepted -> accepted.chargeReference();
      case ActionRequired ignored -> null;
      case Unknown ignored -> null;
      case NotSent ignored -> null;
    };
  }
}
