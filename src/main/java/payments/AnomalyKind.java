package payments;

import java.util.Locale;

/**
 * Everything that is raised for a person to look at: a PSP's word that does not fit what we asked
 * or know, and money that came or went against it. docs/runbooks/held-operation.md says what is to
 * be done about each, and a test holds it to this list.
 */
public enum AnomalyKind {
  /** The PSP did another amount than was asked; the operation is held. */
  AMOUNT_MISMATCH,
  /** The PSP took what was to be held, or holds what was to be taken; the operation is held. */
  CAPTURE_MISMATCH,
  /** The PSP calls the state by a word that we do not know; the operation is held. */
  UNKNOWN_STATUS,
  /** The payment cannot make the move that the PSP's word means; the operation is held. */
  ILLEGAL_TRANSITION,
  /** The PSP wants the customer where there is none; the operation is held. */
  UNEXPECTED_CHALLENGE,
  /** The PSP does not give a late success back; the operation that was to is held. */
  GIVE_BACK_REFUSED,
  /** The PSP has what nobody here knew to be authorized, and does not let go of it. */
  LET_GO_REFUSED,
  /** An operation's end contradicts what is on record; it is held. */
  END_REFUSED,
  /** A success came for what no payment may keep: it is given back. */
  LATE_SUCCESS,
  /** What came late as a hold was taken before it was let go of: it is refunded. */
  LATE_CAPTURE,
  /** Beside a late success the PSP tells another one of the same key; that is not booked. */
  SECOND_SUCCESS,
  /** What gave a late success back has failed. */
  GIVE_BACK_REVERSED,
  /** The PSP did after all what is closed here as failed. */
  SUCCESS_AFTER_CLOSE,
  /** A customer came back with what is another payment's. */
  ANOTHER_PAYMENT,
  /** The PSP authorized another amount than is on record. */
  AUTHORIZED_DIFFERS,
  /** The PSP captured another amount than is on record. */
  CAPTURED_DIFFERS,
  /** The PSP captured more than was held; it is booked. */
  CAPTURED_OVER_HELD,
  /** The PSP captured a hold a second time; that is not booked. */
  CAPTURED_AGAIN,
  /** The PSP said of one capture that it was made and that it failed; it is booked as failed. */
  CAPTURE_CONTRADICTED,
  /** A capture failed or was refused that is not known as ours; nothing is booked. */
  UNKNOWN_CAPTURE_FAILED,
  /** What the charge took has failed, and the PSP tells of a capture; that is not booked. */
  CAPTURED_AFTER_REVERSAL,
  /** The PSP let go of what is captured here. */
  ENDED_AFTER_CAPTURE,
  /** A hold was let go of, and the PSP says that it was not. */
  VOID_CONTRADICTED,
  /** The PSP refunded another amount than is on record. */
  REFUND_DIFFERS,
  /** More is refunded and in dispute than was captured; it is booked. */
  REFUND_OVER_CAPTURED,
  /** A dispute has another amount than is on record; that is not booked. */
  DISPUTE_DIFFERS;

  /** The name in the database, the operator API and events. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
