package flows;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.Decline;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Payment;
import payments.PaymentStory;
import payments.PaymentStory.Step;
import psp.routing.Elsewhere;
import store.PaymentStories;

/** One payment as operators see it: where it is, why, who did it and what happens next. */
public final class PaymentDesk {
  private final PaymentStories stories;
  private final Set<String> merchants;

  /**
   * The desk.
   *
   * @param merchants all there are
   */
  public PaymentDesk(PaymentStories stories, Set<String> merchants) {
    this.stories = stories;
    this.merchants = Set.copyOf(merchants);
  }

  public Future<Optional<PaymentStory>> find(UUID paymentId) {
    return stories.find(merchants, paymentId);
  }

  /** What happens next, one sentence for each thing that does. */
  public static List<String> next(PaymentStory story) {
    List<String> open =
        story.steps().stream()
            .filter(step -> !closed(step.operation().status()))
            .map(PaymentDesk::next)
            .toList();
    return open.isEmpty() ? List.of(next(story.payment())) : open;
  }

  /** Whether such a refusal may be tried at another account; null where it was none. */
  public static @Nullable String elsewhere(Operation operation) {
    Decline decline = operation.decline();
    return decline == null
            || operation.kind() != OperationKind.AUTHORIZE
            || operation.status() != OperationStatus.FAILED
        ? null
        : Elsewhere.of(decline, operation.outcome()).why();
  }

  private static boolean closed(OperationStatus status) {
    return switch (status) {
      case PENDING, UNKNOWN, ACCEPTED, AWAITING_CUSTOMER -> false;
      case SUCCEEDED, FAILED, CANCELED -> true;
    };
  }

  private static String next(Step step) {
    Operation operation = step.operation();
    String what = "the " + operation.kind().wire() + " at " + operation.pspAccountId();
    String look =
        step.recoverAt() == null
            ? "nothing looks at it by itself"
            : "recovery looks at it from " + step.recoverAt();
    String held = operation.heldReason();
    if (held != null) {
      return what + " waits for an operator (" + held + "); " + look;
    }
    return switch (operation.status()) {
      case PENDING -> what + " is being sent; should its sender have died, " + look;
      case UNKNOWN -> what + " may have been done; " + look;
      case ACCEPTED -> what + " was taken by the PSP, which tells later; " + look;
      case AWAITING_CUSTOMER -> what + " waits for the customer to authenticate; " + look;
      case SUCCEEDED, FAILED, CANCELED -> what + " is over";
    };
  }

  private static String next(Payment payment) {
    return switch (payment.status()) {
      case REQUIRES_PAYMENT_METHOD ->
          "the merchant gives a payment method and confirms, or cancels";
      case REQUIRES_CONFIRMATION -> "the merchant confirms or cancels";
      case REQUIRES_ACTION -> "the customer authenticates";
      case REQUIRES_CAPTURE -> "the merchant captures or cancels, or the hold runs out at the PSP";
      case PROCESSING -> "an operation is about to begin or to end";
      case SUCCEEDED -> "nothing; it can be refunded";
      case CANCELED -> "nothing";
    };
  }
}
