package payments;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Why an operation is shown to operators although the PSP has said nothing that is wrong; what is
 * wrong has the name of its {@link AnomalyKind}.
 */
public final class HeldReason {
  /** Nobody knows what became of it. */
  public static final String UNSETTLED = "unsettled";

  /** The PSP has taken it in, and does not tell what became of it. */
  public static final String NO_RESULT = "no_result";

  private static final Set<String> STANDING =
      Stream.of(
              AnomalyKind.AMOUNT_MISMATCH,
              AnomalyKind.CAPTURE_MISMATCH,
              AnomalyKind.UNKNOWN_STATUS,
              AnomalyKind.ILLEGAL_TRANSITION,
              AnomalyKind.END_REFUSED)
          .map(AnomalyKind::wire)
          .collect(Collectors.toUnmodifiableSet());

  private HeldReason() {}

  /**
   * The reasons that stand until the PSP says something else: it has said that it did something, or
   * may have. No silence, and nobody who only looks, makes that undone.
   */
  public static Set<String> standing() {
    return STANDING;
  }

  /**
   * Why an operation stays held whatever is not answered to the next look. Null where nothing
   * stands.
   */
  public static @Nullable String kept(Operation operation) {
    String reason = operation.heldReason();
    return reason != null && STANDING.contains(reason) ? reason : null;
  }
}
