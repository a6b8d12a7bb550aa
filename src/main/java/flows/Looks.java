package flows;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import payments.Operation;
import payments.OperationStatus;

/** When an open operation is looked at next, by its age. */
final class Looks {
  private final Services services;

  Looks(Services services) {
    this.services = services;
  }

  /**
   * The wait before the next look, in milliseconds.
   *
   * @param notBefore how long the PSP asks us to wait; null where it asks for nothing
   */
  long nextMs(
      Operation operation, OperationStatus status, int looks, @Nullable Duration notBefore) {
    RecoveryPlan plan = services.recovery();
    Duration age = age(operation);
    return Math.max(
        plan.nextLookMs(status, looks, age, ThreadLocalRandom.current()),
        plan.restMs(operation.kind(), age, notBefore));
  }

  /** Why an operator is to see it by now; null where it is early yet. */
  @Nullable String overdue(Operation operation, OperationStatus status) {
    return services.recovery().overdue(operation.kind(), status, age(operation));
  }

  private Duration age(Operation operation) {
    return Duration.between(operation.createdAt(), services.clock().instant());
  }
}
