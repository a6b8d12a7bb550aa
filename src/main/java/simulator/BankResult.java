package simulator;

/**
 * What the bank answers to a capture, a void or a refund: the thing done, or the reason why not.
 */
public sealed interface BankResult<T> {
  /** Done, and this is the object now. */
  record Done<T>(T value) implements BankResult<T> {}

  /** Not done; nothing changed. */
  record Refused<T>(Reason reason) implements BankResult<T> {}

  /** Why the bank does not do it. */
  enum Reason {
    NOT_FOUND,
    /** The authorization is captured, voided or failed. */
    NOT_OPEN,
    /** Nothing was captured that could be given back. */
    NOT_CAPTURED,
    /** More than is left. */
    AMOUNT_TOO_LARGE,
    /** Everything was given back before. */
    NOTHING_LEFT,
    /** A chargeback took what is asked for. */
    CHARGED_BACK
  }
}
