package psp;

import java.util.Map;
import money.Money;
import org.jspecify.annotations.Nullable;

/**
 * What a PSP is asked to do with money. An adapter turns one into the exact bytes of a request
 * before anything is written or sent.
 */
public sealed interface PspCommand {
  /**
   * How every operation's id begins, by which an adapter knows ours where a PSP tells of a
   * merchant's other traffic in the same field.
   */
  String OUR_IDS = "sluice-";

  /**
   * Our operation's id in its public form; sent as metadata so that the PSP's objects can be found
   * by it. Begins with {@link #OUR_IDS}.
   */
  String operationId();

  /**
   * Take or hold an amount.
   *
   * @param capture whether to take it at once
   * @param methodToken the PSP's payment method, or null where a card token is given
   * @param cardToken the PSP's single-use card token
   * @param customerReference the PSP's customer that the method belongs to
   * @param offSession whether the customer is away
   * @param declinesChallenge whether a challenge is to be a decline, because nobody can follow it
   * @param threeDSecure any, automatic, challenge or null: whether the merchant wants the
   *     cardholder to be authenticated
   * @param setupFutureUsage on_session, off_session or null
   * @param shipping Stripe-shaped shipping, empty where none
   * @param billingDetails Stripe-shaped billing details that go with a card token, empty where none
   */
  record Authorize(
      String operationId,
      Money amount,
      boolean capture,
      @Nullable String methodToken,
      @Nullable String cardToken,
      @Nullable String customerReference,
      boolean offSession,
      boolean declinesChallenge,
      @Nullable String threeDSecure,
      @Nullable String setupFutureUsage,
      @Nullable String description,
      @Nullable String statementDescriptor,
      @Nullable String statementDescriptorSuffix,
      @Nullable String receiptEmail,
      @Nullable String returnUrl,
      Map<String, Object> shipping,
      Map<String, Object> billingDetails)
      implements PspCommand {}

  /**
   * Tell with what the customer came back from an authentication. What it answers is the
   * authorization's end: approved or declined, or another challenge. A refusal of the details
   * themselves, which says nothing of the authorization, is {@link PspResult.Declined} without a
   * reference: then the authentication still stands.
   *
   * @param reference the PSP's id of the authorization, null where it has given none yet
   * @param details of the parameters that the customer's browser came back with, those that the
   *     PSP's adapter names ({@link Psp#returnParameters})
   */
  record CompleteAuthentication(
      String operationId, @Nullable String reference, Map<String, String> details)
      implements PspCommand {
    public CompleteAuthentication {
      details = Map.copyOf(details);
    }
  }

  /**
   * Take a held amount or a part of it; the rest is let go.
   *
   * @param reference the PSP's id of the authorization
   */
  record Capture(String operationId, String reference, Money amount) implements PspCommand {}

  /**
   * Let go of a hold, or of an authorization that waits for the customer.
   *
   * @param reason duplicate, fraudulent, requested_by_customer, abandoned or null
   */
  record VoidHold(String operationId, String reference, @Nullable String reason)
      implements PspCommand {}

  /**
   * Let go of whatever is held under our key of an authorization, where no id of it is known. Asked
   * only of a PSP that authorizes by our word alone ({@link Psp#authorizesOnlyByOurWord}). That
   * there is nothing is a definite no, with the PSP's reference of this; without one it is the call
   * that was refused, which says nothing of what is held.
   *
   * @param authorizationKey our key of the authorization
   */
  record VoidByKey(String operationId, String authorizationKey) implements PspCommand {}

  /**
   * Give back a captured amount or a part of it.
   *
   * @param reason duplicate, fraudulent, requested_by_customer or null
   */
  record Refund(String operationId, String reference, Money amount, @Nullable String reason)
      implements PspCommand {}

  /**
   * Give back all of an authorization that takes its money by itself, whether or not the PSP is
   * through with that: what it only holds so far it lets go of. Its operation is a refund, and the
   * PSP's word that the hold is let go of is that refund's success, by the amount that was held. A
   * PSP that tells the authorization only when the money is taken refunds it.
   *
   * @param reference the PSP's id of the authorization
   * @param amount what the authorization was told to take
   */
  record Reverse(String operationId, String reference, Money amount) implements PspCommand {}
}
