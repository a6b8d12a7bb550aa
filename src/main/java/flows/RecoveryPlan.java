package flows;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import payments.HeldReason;
import payments.OperationKind;
import payments.OperationStatus;

/**
 * When recovery looks at an open operation.
 *
 * @param delays the waits after each look; the last one repeats
 * @param jitter by which part a wait is shorter or longer by chance, so that a PSP's return is not
 *     met by a herd
 * @param pendingGrace after how long an operation that is still being sent counts as left by a
 *     crash: longer than a request may take
 * @param authorizationDeadline after which an authorization is not sent again, and a late success
 *     is given back
 * @param operatorAfter after which an operation without an outcome is shown to operators too
 * @param resultDeadline after which a capture, a release or a refund that the PSP has taken in, and
 *     has not told the result of, is shown to them
 * @param acceptedDelay before the first look at what the PSP answers later; it grows with each look
 * @param challengeDelay before the first look at an authentication that waits for the customer; the
 *     waits grow, since many customers never come back
 * @param challengeDeadline after which an authentication that nobody has finished is ended
 * @param keyMargin how long before the PSP forgets a key repeats end
 */
public record RecoveryPlan(
    List<Duration> delays,
    double jitter,
    Duration pendingGrace,
    Duration authorizationDeadline,
    Duration operatorAfter,
    Duration resultDeadline,
    Duration acceptedDelay,
    Duration challengeDelay,
    Duration challengeDeadline,
    Duration keyMargin) {
  public static final RecoveryPlan DEFAULT =
      new RecoveryPlan(
          List.of(
              Duration.ofSeconds(1),
              Duration.ofSeconds(5),
              Duration.ofSeconds(30),
              Duration.ofMinutes(2),
              Duration.ofMinutes(10),
              Duration.ofHours(1)),
          0.2,
          Duration.ofSeconds(35),
          Duration.ofMinutes(10),
          Duration.ofHours(1),
          Duration.ofDays(5),
          Duration.ofMinutes(1),
          Duration.ofSeconds(10),
          Duration.ofHours(1),
          Duration.ofHours(1));

  public RecoveryPlan {
    delays = List.copyOf(delays);
    if (delays.isEmpty()) {
      throw new IllegalArgumentException("recovery needs at least one delay");
    }
  }

  /** The wait before the next look at an operation of this age, in milliseconds. */
  long nextLookMs(OperationStatus status, int looks, Duration age, RandomGenerator random) {
    return status == OperationStatus.AWAITING_CUSTOMER
        ? challengeDelayMs(age, random)
        : delayMs(status, looks, random);
  }

  /**
   * The wait that a PSP asks for, in milliseconds: never longer than the schedule's longest, since
   * a PSP that says a year must not keep an outcome from us. Nor is the deadline slept through of
   * what authorizes: it could not be sent again, and its success would be given back. There has to
   * be time left for the answer; where there is none, the schedule goes on as ever.
   *
   * @param age of the operation that the PSP does not want to hear of
   */
  long restMs(OperationKind kind, Duration age, @Nullable Duration asked) {
    if (asked == null) {
      return 0;
    }
    long restMs = Math.min(asked.toMillis(), delays.getLast().toMillis());
    return switch (kind) {
      case AUTHORIZE, COMPLETE_AUTHENTICATION ->
          Math.max(
              0, Math.min(restMs, authorizationDeadline.minus(pendingGrace).minus(age).toMillis()));
      case CAPTURE, VOID, REFUND -> restMs;
    };
  }

  /** The wait after a number of looks in vain, in milliseconds. */
  public long delayMs(OperationStatus status, int looks, RandomGenerator random) {
    Duration delay =
        switch (status) {
          case ACCEPTED -> grown(acceptedDelay, looks);
          case PENDING, UNKNOWN, AWAITING_CUSTOMER, SUCCEEDED, FAILED, CANCELED ->
              delays.get(Math.clamp(looks - 1L, 0, delays.size() - 1));
        };
    return jittered(delay.toMillis(), random);
  }

  /**
   * The wait before the next look at an authentication that waits for the customer, in
   * milliseconds. It is a tenth of the time that they have taken already, whoever looked meanwhile:
   * their end is then noticed within a tenth of the time it took. The deadline is not slept
   * through.
   *
   * @param waited since the authentication began
   */
  public long challengeDelayMs(Duration waited, RandomGenerator random) {
    long longestMs = Math.max(challengeDelay.toMillis(), delays.getLast().toMillis());
    long delayMs = Math.min(challengeDelay.toMillis() + waited.toMillis() / 10, longestMs);
    long leftMs = challengeDeadline.minus(waited).toMillis();
    long lookMs = jittered(delayMs, random);
    return leftMs > 0 ? Math.min(lookMs, leftMs) : lookMs;
  }

  /**
   * Why an operation of this age is to be seen by operators; null where it is early yet. Captures,
   * releases and refunds that a PSP has taken in may take it days. A customer who left an
   * authentication is nothing for an operator.
   */
  @Nullable String overdue(OperationKind kind, OperationStatus status, Duration age) {
    boolean taken =
        status == OperationStatus.ACCEPTED
            && switch (kind) {
              case AUTHORIZE, COMPLETE_AUTHENTICATION -> false;
              case CAPTURE, VOID, REFUND -> true;
            };
    if (status == OperationStatus.AWAITING_CUSTOMER
        || age.compareTo(taken ? resultDeadline : operatorAfter) <= 0) {
      return null;
    }
    return taken ? HeldReason.NO_RESULT : HeldReason.UNSETTLED;
  }

  private long jittered(long ms, RandomGenerator random) {
    return (long) (ms * (1 + jitter * (2 * random.nextDouble() - 1)));
  }

  /**
   * A tenth longer with each look, up to the last delay: what has been waited for is then noticed
   * within a tenth of the time it took, and a wait that never ends costs an hourly look.
   */
  private Duration grown(Duration first, int looks) {
    double grownMs = first.toMillis() * Math.pow(1.1, Math.max(0, looks - 1));
    long longestMs = Math.max(first.toMillis(), delays.getLast().toMillis());
    return Duration.ofMillis((long) Math.min(grownMs, (double) longestMs));
  }
}
