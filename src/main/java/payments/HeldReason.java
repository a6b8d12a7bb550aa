package payments;

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

  private HeldReason() {}

  /**
   * Why an operation stays held whatever is not answered to the next look: the PSP has said a word
   * that nobody knows, and that stands until it says another one. Null where nothing stands.
   */
  public static @Nullable String kept(Operation operation) {
    String reason = operation.heldReason();
    return AnomalyKind.UNKNOWN_STATUS.wire().equals(reason) ? reason : null;
  }
}
