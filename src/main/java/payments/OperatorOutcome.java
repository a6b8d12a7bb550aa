package payments;

/** What became of an operator's request. */
public sealed interface OperatorOutcome {

  /**
   * It is done, and in the audit log.
   *
   * @param replayed whether an earlier request with the same key did it
   */
  record Done(OperatorAction action, boolean replayed) implements OperatorOutcome {}

  /** Nothing was done. */
  record Refused(Why why, String message) implements OperatorOutcome {}

  /** Why nothing was done. */
  enum Why {
    /** There is no such thing. */
    NOT_FOUND,
    /** It is not in a state in which this may be done. */
    STATE,
    /** The idempotency key belongs to another request. */
    KEY_REUSED
  }

  static OperatorOutcome refused(Why why, String message) {
    return new Refused(why, message);
  }
}
