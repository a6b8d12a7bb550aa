package psp.stripe;

import java.io.IOException;

/** What was read is not what Stripe documents. An answer like any other, so without a stack. */
final class StripeReadingException extends IOException {
  private static final long serialVersionUID = 1L;

  StripeReadingException(String message) {
    super(message);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
