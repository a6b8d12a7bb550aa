package payments;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All there is to say of one payment: where it is, how it came there and what is left to do.
 *
 * @param steps its operations, oldest first
 * @param history its changes, oldest first
 * @param anomalies what should not be, resolved ones too
 */
public record PaymentStory(
    Payment payment, List<Step> steps, List<Change> history, List<Anomaly> anomalies) {

  public PaymentStory {
    steps = List.copyOf(steps);
    history = List.copyOf(history);
    anomalies = List.copyOf(anomalies);
  }

  /**
   * An operation.
   *
   * @param recoverAt when recovery looks at it next, null for never
   * @param routing the decision that sent it to its account, null where nothing was decided
   */
  public record Step(
      Operation operation, @Nullable Instant recoverAt, @Nullable Parameters routing) {}

  /** A change of the payment, and why. */
  public record Change(
      long sequence,
      String event,
      @Nullable String fromStatus,
      String toStatus,
      @Nullable UUID operationId,
      String cause,
      String actor,
      Instant at) {}
}
