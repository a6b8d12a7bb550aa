package payments;

/** What can happen to a payment's status. */
public enum PaymentEvent {
  /** The merchant gave a payment method, without confirming. */
  METHOD_GIVEN,
  METHOD_REMOVED,
  AUTHORIZE_BEGUN,
  /** The customer has to authenticate. */
  ACTION_REQUIRED,
  /** The customer came back from there through us, and the PSP is told. */
  AUTHENTICATION_BEGUN,
  /** The PSP holds the amount. */
  AUTHORIZED,
  /** The PSP took money: at once, or by a capture. */
  CAPTURED,
  DECLINED,
  CAPTURE_BEGUN,
  CAPTURE_FAILED,
  VOID_BEGUN,
  VOIDED,
  /** The PSP did not let go of a hold. */
  VOID_FAILED,
  /** The PSP did not end an authentication that waits for the customer. */
  CHALLENGE_KEPT,
  /**
   * An authentication that waited for the customer was ended, and the payment goes on without it.
   */
  CHALLENGE_ENDED,
  /** Canceled before anything was at a PSP. */
  CANCELED,
  /** A success came too late to be kept: it is given back. */
  LATE_SUCCESS,
  /** The PSP took a hold's money without being asked by us, as from its dashboard. */
  CAPTURED_AT_PSP,
  /** The PSP let go of a hold without being asked by us, as from its dashboard. */
  VOIDED_AT_PSP,
  /** The hold has run out at the PSP. */
  EXPIRED,
  /** What was captured has failed at the PSP after all: the hold stands as before. */
  CAPTURE_REVERSED
}
