package psp.stripe;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stripe's objects (Stripe API: "The PaymentIntent object" and so on), as far as we go by them. All
 * that Stripe says of them is null where it was not said; {@link StripeReader} reads them.
 */
final class StripeObjects {
  private StripeObjects() {}

  /**
   * A PaymentIntent.
   *
   * @param method the payment method's id, also where it is expanded
   * @param charge the latest charge's id, also where it is expanded
   * @param redirectUrl where its next action sends the customer
   * @param operationKey our key, from its metadata
   */
  record Intent(
      @Nullable String object,
      @Nullable String id,
      @Nullable String status,
      @Nullable Long amount,
      @Nullable Long amountReceived,
      @Nullable Long amountCapturable,
      @Nullable String currency,
      @Nullable String method,
      @Nullable Method expandedMethod,
      @Nullable String charge,
      @Nullable Charge expandedCharge,
      @Nullable ApiError lastPaymentError,
      @Nullable String redirectUrl,
      @Nullable String cancellationReason,
      @Nullable String operationKey,
      @Nullable Long created) {}

  /** A Charge. */
  record Charge(@Nullable String id, @Nullable Outcome outcome, @Nullable Card card) {}

  /** A Charge's outcome. */
  record Outcome(
      @Nullable String networkStatus,
      @Nullable String type,
      @Nullable String reason,
      @Nullable String riskLevel,
      @Nullable Long riskScore,
      @Nullable String sellerMessage,
      @Nullable String networkDeclineCode,
      @Nullable String networkAdviceCode) {}

  /** A card: a payment method's, or what a charge tells of it, which is more. */
  record Card(
      @Nullable String brand,
      @Nullable String last4,
      @Nullable Long expMonth,
      @Nullable Long expYear,
      @Nullable String funding,
      @Nullable String country,
      @Nullable String fingerprint,
      @Nullable String network,
      @Nullable Checks checks,
      @Nullable String networkTransactionId,
      @Nullable String authorizationCode,
      @Nullable Authentication threeDSecure) {}

  /** What was checked of a card. */
  record Checks(@Nullable String line1, @Nullable String postalCode, @Nullable String cvc) {}

  /** How a cardholder was authenticated. */
  record Authentication(
      @Nullable String result,
      @Nullable String flow,
      @Nullable String version,
      @Nullable String electronicCommerceIndicator,
      @Nullable String exemptionIndicator,
      @Nullable String resultReason,
      @Nullable String transactionId) {}

  /**
   * A PaymentMethod.
   *
   * @param billingDetails as the wire names them, without what is not set
   */
  record Method(@Nullable String id, @Nullable Card card, Map<String, Object> billingDetails) {}

  /** A Refund. */
  record Refund(
      @Nullable String object,
      @Nullable String id,
      @Nullable String status,
      @Nullable Long amount,
      @Nullable String currency,
      @Nullable String charge,
      @Nullable String intent,
      @Nullable String reason,
      @Nullable String failureReason,
      @Nullable String operationKey,
      @Nullable Long created) {}

  /** A Dispute. */
  record Dispute(
      @Nullable String object,
      @Nullable String id,
      @Nullable String status,
      @Nullable Long amount,
      @Nullable String currency,
      @Nullable String intent,
      @Nullable String reason,
      @Nullable Long created) {}

  /** The error of an answer or of an intent's last attempt (Stripe API: Errors). */
  record ApiError(
      @Nullable String type,
      @Nullable String code,
      @Nullable String declineCode,
      @Nullable String message,
      @Nullable String param,
      @Nullable String adviceCode,
      @Nullable String networkAdviceCode,
      @Nullable String networkDeclineCode,
      @Nullable String charge,
      @Nullable Intent intent,
      @Nullable Method method) {}

  /** A page of a list or of what a search found. */
  record Page<T>(@Nullable List<T> data, boolean hasMore) {}
}
