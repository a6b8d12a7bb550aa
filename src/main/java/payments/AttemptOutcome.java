package payments;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the network, the PSP's risk engine and the cardholder's authentication came to in one
 * attempt, in the words of Stripe's charge (Stripe API: Charges, outcome). Adapters translate their
 * PSP's words into these; what has no word here is null, never passed through.
 *
 * @param networkStatus one of {@link #NETWORK_STATUSES}
 * @param type one of {@link #TYPES}
 * @param riskLevel one of {@link #RISK_LEVELS}
 * @param riskScore 0 to 100, where the PSP tells one
 * @param sellerMessage the PSP's own words for the merchant
 * @param threeDSecure how the cardholder was authenticated; null where that was not tried
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
    @Nullable ThreeDSecure threeDSecure,
    @Nullable String networkAdviceCode) {

  public static final Set<String> NETWORK_STATUSES =
      Set.of(
          "approved_by_network",
          "declined_by_network",
          "not_sent_to_network",
          "reversed_after_approval");

  public static final Set<String> TYPES =
      Set.of("authorized", "manual_review", "issuer_declined", "blocked", "invalid");

  public static final Set<String> RISK_LEVELS =
      Set.of("normal", "elevated", "highest", "not_assessed", "unknown");

  public static final AttemptOutcome NONE =
      new AttemptOutcome(null, null, null, null, null, null, null, null, null, null, null);

  /** Whether the network approved it, whatever became of it since. */
  public boolean approved() {
    return "approved_by_network".equals(networkStatus);
  }
}
