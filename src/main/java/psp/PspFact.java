package psp;

import java.time.Instant;
import money.Money;
import org.jspecify.annotations.Nullable;
import payments.OperationKind;
import psp.PspResult.Approved;

/**
 * What a PSP says of one of its objects in a webhook: the object as it was when the event was made,
 * which may be long ago. Facts come in any order and more than once, so each says where the object
 * stood, never what to do.
 */
public sealed interface PspFact {

  /**
   * Where an authorization stands, read for each operation that may be open on it.
   *
   * @param reference the PSP's id of the authorization
   * @param operationKey our key, from the object's metadata; null where it carries none
   * @param asAuthorize what it says of the authorize operation
   * @param asCapture what it says of a capture of it
   * @param asVoid what it says of a void of it
   * @param ended whether the PSP has let go of it for good, with nothing taken
   * @param endReason why it ended, in our words for a cancellation's reason ("automatic" where it
   *     expired); null where it has not or nothing is said
   */
  record Authorization(
      String reference,
      @Nullable String operationKey,
      PspResult asAuthorize,
      PspResult asCapture,
      PspResult asVoid,
      boolean ended,
      @Nullable String endReason)
      implements PspFact {}

  /**
   * What became of an authorization, told by a PSP that does not tell with it whether money was
   * taken: it did as it was asked to. What {@link Approved#captured} says here does not count.
   *
   * @param reference the PSP's id of the authorization
   * @param operationKey our key; null where it was not made by us
   */
  record Authorized(String reference, @Nullable String operationKey, PspResult result)
      implements PspFact {}

  /**
   * Where a capture or a release stands, at a PSP that gives each an id of its own.
   *
   * @param kind capture or void
   * @param reference the PSP's id of it
   * @param operationKey our key; null where it was not made by us
   * @param authorizationReference the PSP's id of the authorization that it takes or lets go of;
   *     null where it was to let go of what is under a key of ours, and found nothing
   * @param authorizationKey our key of that authorization, where it is told; null otherwise, as of
   *     what is the merchant's other traffic
   * @param amount what it takes or lets go of, whatever its state
   * @param takenBack whether it fails after the PSP has counted it as done; what fails otherwise
   *     was only asked for
   */
  record Modification(
      OperationKind kind,
      String reference,
      @Nullable String operationKey,
      @Nullable String authorizationReference,
      @Nullable String authorizationKey,
      Money amount,
      PspResult result,
      boolean takenBack)
      implements PspFact {}

  /**
   * Where a refund stands.
   *
   * @param reference the PSP's id of the refund
   * @param operationKey our key, from the refund's own metadata; null where it was not made by us
   * @param authorizationReference the PSP's id of the authorization it gives back from
   * @param authorizationKey our key of that authorization, where it is told
   * @param amount what it gives back, whatever its state
   * @param reason duplicate, fraudulent, requested_by_customer or null
   */
  record Refund(
      String reference,
      @Nullable String operationKey,
      @Nullable String authorizationReference,
      @Nullable String authorizationKey,
      Money amount,
      @Nullable String reason,
      PspResult result)
      implements PspFact {}

  /**
   * Where a dispute stands.
   *
   * @param reference the PSP's id of the dispute
   * @param authorizationReference the PSP's id of the authorization that is disputed
   * @param reason in Stripe's words, e.g. fraudulent
   */
  record Dispute(
      String reference,
      @Nullable String authorizationReference,
      Money amount,
      Stage stage,
      String reason,
      Instant openedAt)
      implements PspFact {

    /** The stages; a dispute only ever moves down this list. */
    public enum Stage {
      /** The bank asks; no money moves. */
      INQUIRY,
      /** The inquiry was closed; no money moved. */
      INQUIRY_CLOSED,
      /** The PSP has taken the money back. */
      OPEN,
      /** The PSP has given the money to the merchant again. */
      WON,
      /** The money stays with the customer. */
      LOST
    }
  }

  /** Of no consequence for payments, or told by another event better: kept and left alone. */
  record Irrelevant(String why) implements PspFact {}

  /** We should understand it and do not: a person has to look. */
  record Unreadable(String why) implements PspFact {}
}
