package simulator;

/** What a call asks a provider for, whatever its dialect. */
public enum Operation {
  AUTHORIZE,
  /** The end of an authentication that asks for the money, where that is a call of its own. */
  COMPLETE_AUTHENTICATION,
  CAPTURE,
  CANCEL,
  REFUND,
  RETRIEVE,
  SEARCH,
  /** Anything that moves no money: unconfirmed payments, customers, payment methods, updates. */
  OTHER
}
