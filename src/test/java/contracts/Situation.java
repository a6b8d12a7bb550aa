package contracts;

import java.util.Locale;
import java.util.Set;
import payments.OperationKind;

/**
 * A way in which a call to a PSP may go, and what any adapter must make of it. Where two words
 * stand, PSPs differ: one does at once what another only takes in.
 */
enum Situation {
  TAKEN_AT_ONCE(OperationKind.AUTHORIZE, "approved, taken, 1099 usd"),
  HELD(OperationKind.AUTHORIZE, "approved, held, 1099 usd"),
  REPLAYED_SUCCESS(OperationKind.AUTHORIZE, 2, "approved, taken, 1099 usd"),
  ANOTHER_AMOUNT(OperationKind.AUTHORIZE, "approved, taken, 7 usd"),
  ANOTHER_CURRENCY(OperationKind.AUTHORIZE, "approved, taken, 1099 eur"),

  DECLINED(OperationKind.AUTHORIZE, "declined as GENERIC_DECLINE"),
  INSUFFICIENT_FUNDS(OperationKind.AUTHORIZE, "declined as INSUFFICIENT_FUNDS"),
  EXPIRED_CARD(OperationKind.AUTHORIZE, "declined as EXPIRED_CARD"),
  WRONG_SECURITY_CODE(OperationKind.AUTHORIZE, "declined as INCORRECT_CVC"),
  FRAUD(OperationKind.AUTHORIZE, "declined as FRAUDULENT"),
  PROCESSING_ERROR(OperationKind.AUTHORIZE, "declined as PROCESSING_ERROR"),
  AUTHENTICATION_REQUIRED(OperationKind.AUTHORIZE, "declined as AUTHENTICATION_REQUIRED"),
  NEW_REASON(OperationKind.AUTHORIZE, "declined as UNLISTED_DECLINE"),
  DECLINED_ON_A_REPEAT(OperationKind.AUTHORIZE, 2, "declined as GENERIC_DECLINE"),

  CHALLENGED(OperationKind.AUTHORIZE, "action required at https://issuer.test/3ds"),
  PENDING(OperationKind.AUTHORIZE, "accepted"),
  UNKNOWN_STATUS(OperationKind.AUTHORIZE, "unknown: UNREADABLE"),
  ACTION_THAT_IS_NO_REDIRECT(OperationKind.AUTHORIZE, "unknown: UNREADABLE"),

  CAPTURED(OperationKind.CAPTURE, "approved, taken, 1099 usd", "accepted"),
  CAPTURED_IN_PART(OperationKind.CAPTURE, "approved, taken, 700 usd", "accepted"),
  CAPTURE_REFUSED(OperationKind.CAPTURE, "declined as REFUSED_BY_PSP"),
  LET_GO(OperationKind.VOID, "approved, held, 1099 usd", "accepted"),
  RELEASE_REFUSED(OperationKind.VOID, "declined as REFUSED_BY_PSP"),
  REFUNDED(OperationKind.REFUND, "approved, taken, 1099 usd", "accepted"),
  REFUND_PENDING(OperationKind.REFUND, "accepted"),
  REFUND_REFUSED(OperationKind.REFUND, "declined as REFUSED_BY_PSP"),

  BAD_PARAMETER(OperationKind.AUTHORIZE, "declined as REFUSED_BY_PSP"),
  BAD_PARAMETER_ON_A_REPEAT(OperationKind.AUTHORIZE, 2, "unknown: UNREADABLE"),
  BAD_KEY(OperationKind.AUTHORIZE, "declined as KEY_REFUSED"),
  BAD_KEY_ON_A_REPEAT(OperationKind.AUTHORIZE, 2, "unknown: UNAUTHORIZED"),
  TOO_MANY_REQUESTS(OperationKind.AUTHORIZE, "unknown: RATE_LIMITED"),
  KEY_IN_USE(OperationKind.AUTHORIZE, "unknown: IN_PROGRESS"),
  SERVER_ERROR(OperationKind.AUTHORIZE, "unknown: PSP_ERROR"),
  REPLAYED_SERVER_ERROR(OperationKind.AUTHORIZE, 2, "unknown: PSP_ERROR"),
  PAGE_OF_A_PROXY(OperationKind.AUTHORIZE, "unknown: UNREADABLE"),
  GARBAGE(OperationKind.AUTHORIZE, "unknown: UNREADABLE"),
  NOTHING_IN_THE_ANSWER(OperationKind.AUTHORIZE, "unknown: UNREADABLE"),

  NO_ANSWER_IN_TIME(OperationKind.AUTHORIZE, "unknown: TIMEOUT"),
  BROKEN_BEFORE_THE_ANSWER(OperationKind.AUTHORIZE, "unknown: CONNECTION_LOST"),
  BROKEN_WITHIN_THE_ANSWER(OperationKind.AUTHORIZE, "unknown: CONNECTION_LOST"),
  CONNECTION_REFUSED(OperationKind.AUTHORIZE, "not sent"),
  CONNECTION_REFUSED_ON_A_REPEAT(OperationKind.AUTHORIZE, 2, "unknown: NOT_ASKED");

  private static final String OR = " or ";

  final OperationKind kind;
  final int attempt;
  private final String outcomes;

  Situation(OperationKind kind, String... outcomes) {
    this(kind, 1, outcomes);
  }

  Situation(OperationKind kind, int attempt, String... outcomes) {
    this.kind = kind;
    this.attempt = attempt;
    this.outcomes = String.join(OR, outcomes);
  }

  /** What may come of it. */
  Set<String> outcomes() {
    return Set.of(outcomes.split(OR));
  }

  /** As people read it. */
  String title() {
    String words = name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return kind == OperationKind.AUTHORIZE ? words : words + " (" + kind.wire() + ")";
  }
}
