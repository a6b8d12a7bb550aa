package app;

import java.util.Arrays;
import java.util.List;
import payments.OperationStatus;

/** How a checkout's outcome is called in the metrics. */
final class CheckoutOutcomes {
  static final List<String> ALL =
      Arrays.stream(OperationStatus.values()).map(CheckoutOutcomes::of).distinct().toList();

  private CheckoutOutcomes() {}

  static String of(OperationStatus status) {
    return switch (status) {
      case SUCCEEDED -> "approved";
      case FAILED -> "declined";
      case AWAITING_CUSTOMER -> "action_required";
      case ACCEPTED -> "accepted";
      case PENDING, UNKNOWN -> "unknown";
      case CANCELED -> "canceled";
    };
  }
}
