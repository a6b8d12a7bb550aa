package payments;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the cardholder was authenticated (EMV 3-D Secure), in the words of Stripe's charge (Stripe
 * API: Charges, payment_method_details.card.three_d_secure).
 *
 * @param result one of {@link #RESULTS}
 * @param authenticationFlow challenge where the cardholder was asked, frictionless where not
 * @param version of the protocol, e.g. 2.2.0
 * @param electronicCommerceIndicator the scheme's word for who is liable, two digits
 * @param exemptionIndicator the exemption that was asked for, e.g. low_risk, or none
 * @param resultReason why it came to that result, where it is no success
 * @param transactionId the directory server's id of the authentication
 */
public record ThreeDSecure(
    @Nullable String result,
    @Nullable String authenticationFlow,
    @Nullable String version,
    @Nullable String electronicCommerceIndicator,
    @Nullable String exemptionIndicator,
    @Nullable String resultReason,
    @Nullable String transactionId) {

  public static final Set<String> RESULTS =
      Set.of(
          "attempt_acknowledged",
          "authenticated",
          "exempted",
          "failed",
          "not_supported",
          "processing_error");

  public static final Set<String> FLOWS = Set.of("challenge", "frictionless");
}
