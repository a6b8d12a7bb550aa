package flows;

import flows.Views.PaymentView;
import org.jspecify.annotations.Nullable;
import payments.Refusal;

/**
 * A refusal on its way out of a chain of futures. A refusal is an expected outcome and a value; a
 * future has one way to end a story early, so it travels as the failure, without a stack trace, and
 * {@link Flow#answer} alone turns it into the answer.
 */
final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Refusal refusal;
  private final transient @Nullable PaymentView payment;

  Refused(Refusal refusal, @Nullable PaymentView payment) {
    super(refusal.message(), null, false, false);
    this.refusal = refusal;
    this.payment = payment;
  }

  Refused(Refusal refusal) {
    this(refusal, null);
  }

  Refusal refusal() {
    return refusal;
  }

  @Nullable PaymentView payment() {
    return payment;
  }
}
