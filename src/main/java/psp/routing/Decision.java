package psp.routing;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which account takes a payment and why, with what it was decided on. Kept with the operation.
 *
 * @param draw what the split was drawn by
 * @param candidates all accounts of the merchant in the mode, in the order they were considered
 * @param accountId the one that is asked, null where none can be
 * @param reason why that one
 */
public record Decision(
    String draw, List<Candidate> candidates, @Nullable String accountId, String reason) {

  public Decision {
    candidates = List.copyOf(candidates);
  }

  public Optional<String> chosen() {
    return Optional.ofNullable(accountId);
  }

  /** What became of an account in a decision. */
  public enum Verdict {
    TAKEN,
    /** It could have taken it, and may be asked next. */
    IN_RESERVE,
    PASSED_OVER
  }

  /**
   * An account as it was when it was considered.
   *
   * @param why why it was taken or not, for people to read
   */
  public record Candidate(
      String accountId,
      int priority,
      int weight,
      Router.Standing standing,
      Verdict verdict,
      String why) {}
}
