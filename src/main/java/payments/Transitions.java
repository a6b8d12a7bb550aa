package payments;

import static payments.PaymentStatus.CANCELED;
import static payments.PaymentStatus.PROCESSING;
import static payments.PaymentStatus.REQUIRES_ACTION;
import static payments.PaymentStatus.REQUIRES_CAPTURE;
import static payments.PaymentStatus.REQUIRES_CONFIRMATION;
import static payments.PaymentStatus.REQUIRES_PAYMENT_METHOD;
import static payments.PaymentStatus.SUCCEEDED;

import java.util.List;
import java.util.Optional;

/**
 * The one table of how a payment's status may change. Code, documentation, test and the database's
 * guard all come from it; what is not in it cannot happen.
 */
public final class Transitions {
  private Transitions() {}

  /** One line of the table. */
  public record Transition(PaymentStatus from, PaymentEvent event, PaymentStatus to) {}

  public static final List<Transition> TABLE =
      List.of(
          on(REQUIRES_PAYMENT_METHOD, PaymentEvent.METHOD_GIVEN, REQUIRES_CONFIRMATION),
          on(REQUIRES_PAYMENT_METHOD, PaymentEvent.AUTHORIZE_BEGUN, PROCESSING),
          on(REQUIRES_PAYMENT_METHOD, PaymentEvent.CANCELED, CANCELED),
          on(REQUIRES_CONFIRMATION, PaymentEvent.METHOD_GIVEN, REQUIRES_CONFIRMATION),
          on(REQUIRES_CONFIRMATION, PaymentEvent.METHOD_REMOVED, REQUIRES_PAYMENT_METHOD),
          on(REQUIRES_CONFIRMATION, PaymentEvent.AUTHORIZE_BEGUN, PROCESSING),
          on(REQUIRES_CONFIRMATION, PaymentEvent.CANCELED, CANCELED),
          on(PROCESSING, PaymentEvent.ACTION_REQUIRED, REQUIRES_ACTION),
          on(PROCESSING, PaymentEvent.AUTHORIZED, REQUIRES_CAPTURE),
          on(PROCESSING, PaymentEvent.CAPTURED, SUCCEEDED),
          on(PROCESSING, PaymentEvent.DECLINED, REQUIRES_PAYMENT_METHOD),
          on(PROCESSING, PaymentEvent.CAPTURE_FAILED, REQUIRES_CAPTURE),
          on(PROCESSING, PaymentEvent.VOIDED, CANCELED),
          on(PROCESSING, PaymentEvent.VOID_FAILED, REQUIRES_CAPTURE),
          on(PROCESSING, PaymentEvent.CHALLENGE_KEPT, REQUIRES_ACTION),
          on(PROCESSING, PaymentEvent.CHALLENGE_ENDED, REQUIRES_CONFIRMATION),
          on(PROCESSING, PaymentEvent.LATE_SUCCESS, CANCELED),
          on(REQUIRES_ACTION, PaymentEvent.AUTHORIZED, REQUIRES_CAPTURE),
          on(REQUIRES_ACTION, PaymentEvent.CAPTURED, SUCCEEDED),
          on(REQUIRES_ACTION, PaymentEvent.DECLINED, REQUIRES_PAYMENT_METHOD),
          on(REQUIRES_ACTION, PaymentEvent.AUTHENTICATION_BEGUN, PROCESSING),
          on(REQUIRES_ACTION, PaymentEvent.VOID_BEGUN, PROCESSING),
          on(REQUIRES_ACTION, PaymentEvent.CHALLENGE_ENDED, REQUIRES_CONFIRMATION),
          on(REQUIRES_CAPTURE, PaymentEvent.CAPTURE_BEGUN, PROCESSING),
          on(REQUIRES_CAPTURE, PaymentEvent.VOID_BEGUN, PROCESSING),
          on(REQUIRES_CAPTURE, PaymentEvent.CAPTURED_AT_PSP, SUCCEEDED),
          on(REQUIRES_CAPTURE, PaymentEvent.VOIDED_AT_PSP, CANCELED),
          on(REQUIRES_CAPTURE, PaymentEvent.EXPIRED, CANCELED),
          on(SUCCEEDED, PaymentEvent.CAPTURE_REVERSED, REQUIRES_CAPTURE));

  private static Transition on(PaymentStatus from, PaymentEvent event, PaymentStatus to) {
    return new Transition(from, event, to);
  }

  /** The status an event leads to, or empty where the event cannot happen in that status. */
  public static Optional<PaymentStatus> next(PaymentStatus from, PaymentEvent event) {
    for (Transition transition : TABLE) {
      if (transition.from == from && transition.event == event) {
        return Optional.of(transition.to);
      }
    }
    return Optional.empty();
  }

  /**
   * The status an event leads to.
   *
   * @throws IllegalStateException when the event cannot happen in that status: whoever calls this
   *     has checked
   */
  public static PaymentStatus require(PaymentStatus from, PaymentEvent event) {
    return next(from, event)
        .orElseThrow(
            () -> new IllegalStateException("no transition from " + from.wire() + " on " + event));
  }
}
