package payments;

import org.jspecify.annotations.Nullable;

/**
 * What the network and the PSP's risk engine said of one attempt, in the words of Stripe's charge
 * outcome (Stripe API: Charges, outcome).
 *
 * @param networkStatus approved_by_network, declined_by_network, not_sent_to_network or
 *     reversed_after_approval
 * @param type authorized, manual_review, issuer_declined, blocked or invalid
 * @param riskLevel normal, elevated, highest, not_assessed or unknown
 * @param networkAdviceCode what the network advises after a decline, such as Mastercard's 03
 */
public record AttemptOutcome(
    @Nullable String networkStatus,
    @Nullable String type,
    @Nullable String reason,
    @Nullable String riskLevel,
    @Nullable Integer riskScore,
    @Nullable String sellerMessage,
    @Nullable String networkDeclineCode,
    @Nullable String networkTransactionId,
    @Nullable String authorizationCode,
    @Nullable String networkAdviceCode) {
  public static final AttemptOutcome NONE =
      new AttemptOutcome(null, null, null, null, null, null, null, null, null);

  /** One without a network's advice. */
  public AttemptOutcome(
      @Nullable String networkStatus,
      @Nullable String type,
      @Nullable String reason,
      @Nullable String riskLevel,
      @Nullable Integer riskScore,
      @Nullable String sellerMessage,
      @Nullable String networkDeclineCode,
      @Nullable String networkTransactionId,
      @Nullable String authorizationCode) {
    this(
        networkStatus,
        type,
        reason,
        riskLevel,
        riskScore,
        sellerMessage,
        networkDeclineCode,
        networkTransactionId,
        authorizationCode,
        null);
  }

  /** Whether the network approved it, whatever became of it since. */
  public boolean approved() {
    return "approved_by_network".equals(networkStatus);
  }
}
