package simulator;

/** What a call asks a provider for, whatever its dialect. */
public enum Operation {
  AUTHORIZE,
  CAPTURE,
  CANCEL,
  REFUND,
  RETRIEVE,
  SEARCH,
  /** Anything that moves no money: unconfirmed payments, customers, payment methods, updates. */
  OTHER
}
