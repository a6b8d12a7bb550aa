package routes.api;

import payments.Refusal;
import payments.Refusal.Code;

/**
 * A refusal on its way out of nested parsing. It never leaves this package: the edge turns it back
 * into the value it carries. Without a stack trace, because bad input is no fault of ours and must
 * stay cheap.
 */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  RefusedException(Refusal refusal) {
    super(refusal.message(), null, false, false);
    this.refusal = refusal;
  }

  RefusedException(Code code, String message) {
    this(Refusal.of(code, message));
  }

  RefusedException(Code code, String message, String param) {
    this(Refusal.of(code, message, param));
  }

  Refusal refusal() {
    return refusal;
  }
}
