package psp;

import java.time.Duration;
import java.util.Locale;
import money.Money;
import org.jspecify.annotations.Nullable;
import payments.AttemptOutcome;
import payments.CardChecks;
import payments.CardDetails;
import payments.Decline;

/**
 * What a sending came to. Only {@link Approved} and {@link Declined} are the PSP's own final word;
 * a status or answer we do not understand is {@link Unknown}, never a failure.
 */
public sealed interface PspResult {
  /** What came of it and why, in our own words, for the log. */
  default String why() {
    return switch (this) {
      case Approved ignored -> "approved";
      case Declined declined ->
          "declined " + declined.decline.code().name().toLowerCase(Locale.ROOT);
      case ActionRequired ignored -> "action_required";
      case Accepted ignored -> "accepted";
      case Unknown unknown -> "unknown " + unknown.reason.name().toLowerCase(Locale.ROOT);
      case NotSent notSent -> "not_sent " + notSent.detail;
    };
  }

  /**
   * Done.
   *
   * @param reference the PSP's id of what it did
   * @param chargeReference the PSP's id of the charge, where it has one
   * @param amount what the PSP says it moved or holds, in the currency it says: the core compares
   *     it with what was asked
   * @param captured for authorize: whether the money was taken, not only held
   * @param methodToken the token the PSP now knows the payment method by, where it gave one
   */
  record Approved(
      String reference,
      @Nullable String chargeReference,
      Money amount,
      boolean captured,
      @Nullable String methodToken,
      Details details)
      implements PspResult {

    /** The same with another word about the money, from who knows what was asked for. */
    public Approved withCaptured(boolean nowCaptured) {
      return new Approved(reference, chargeReference, amount, nowCaptured, methodToken, details);
    }
  }

  /** A definite no: nothing was moved, and nothing will be. */
  record Declined(
      Decline decline,
      @Nullable String reference,
      @Nullable String chargeReference,
      Details details)
      implements PspResult {}

  /**
   * The customer has to act (3-D Secure) before it can go on.
   *
   * @param reference the PSP's id of the authorization; null where it gives none before the
   *     customer has acted, which only a PSP that authorizes by our word alone may: elsewhere it
   *     could not be voided
   */
  record ActionRequired(@Nullable String reference, String redirectUrl, Details details)
      implements PspResult {}

  /**
   * The PSP took it and will say later what became of it; it is not sent again.
   *
   * @param operationKey as in {@link Details}
   */
  record Accepted(String reference, @Nullable String chargeReference, @Nullable String operationKey)
      implements PspResult {
    public Accepted(String reference, @Nullable String chargeReference) {
      this(reference, chargeReference, null);
    }
  }

  /**
   * It may have happened. Never taken as a failure.
   *
   * @param reference the PSP's id of it, where its answer is readable and says one
   * @param operationKey as in {@link Details}
   * @param retryAfter how long the PSP asks us to wait before the next call; null where it asks for
   *     nothing
   */
  record Unknown(
      UnknownReason reason,
      String detail,
      @Nullable String reference,
      @Nullable String operationKey,
      @Nullable Duration retryAfter)
      implements PspResult {
    /** The longest word of a PSP's that is kept. */
    private static final int LONGEST_WORD = 64;

    public Unknown(UnknownReason reason, String detail) {
      this(reason, detail, null, null, null);
    }

    /** The same, and the PSP asks for a wait. */
    public Unknown withRetryAfter(@Nullable Duration wait) {
      return new Unknown(reason, detail, reference, operationKey, wait);
    }

    /** The PSP's own word for how it stands, which we do not know; kept as far as it is one. */
    public static Unknown status(
        String word, @Nullable String reference, @Nullable String operationKey) {
      String shortened = word.length() <= LONGEST_WORD ? word : word.substring(0, LONGEST_WORD);
      return new Unknown(
          UnknownReason.UNKNOWN_STATUS,
          "status " + shortened.replaceAll("[^\\w .:-]", "?"),
          reference,
          operationKey,
          null);
    }
  }

  /**
   * Proven not to have left this machine as a request, and this was the first sending: nothing can
   * have happened. Made by {@link #notSent} only.
   */
  record NotSent(String detail) implements PspResult {}

  /**
   * The result of a sending that provably did not leave this machine. On a repeat that proves
   * nothing of the earlier sending, so it is {@link UnknownReason#NOT_ASKED}.
   */
  static PspResult notSent(Sending sending, String detail) {
    return sending.attempt() > 1
        ? new Unknown(UnknownReason.NOT_ASKED, detail)
        : new NotSent(detail);
  }

  /** Why an outcome is unknown. */
  enum UnknownReason {
    TIMEOUT,
    /** The connection broke after the request's head was written. */
    CONNECTION_LOST,
    PSP_ERROR,
    /** The PSP is still working on the same key. */
    IN_PROGRESS,
    RATE_LIMITED,
    /** 401 or 403 on a repeat: says nothing about the earlier sending. */
    UNAUTHORIZED,
    /** A look-up found nothing, which proves nothing. */
    NOT_FOUND,
    /**
     * What came is not the PSP's word: a proxy's page, broken or no JSON, nothing. Speaks against
     * the PSP's health, as a timeout does.
     */
    GARBLED,
    /**
     * The PSP's own word, which we do not understand, or which says nothing about the operation.
     * Whoever answers so is well.
     */
    UNREADABLE,
    /** A readable answer that calls the state by a word we do not know; see {@link Unknown}. */
    UNKNOWN_STATUS,
    /**
     * A definite no on a repeat: not done now, which says nothing about the earlier sending. The
     * next repeat will be told the same.
     */
    REFUSED_AGAIN,
    /**
     * A repeat or a look-up that did not leave this machine: no connection, breaker open, bulkhead
     * full.
     */
    NOT_ASKED
  }

  /**
   * What the PSP told of the card and of the attempt.
   *
   * @param operationKey the key of the authorization that the answer is about, where the PSP says
   *     it. Who finds the payment by what a customer brought has to say it: it may be another one
   */
  record Details(
      @Nullable CardDetails card,
      CardChecks checks,
      AttemptOutcome outcome,
      @Nullable String operationKey) {
    public Details(@Nullable CardDetails card, CardChecks checks, AttemptOutcome outcome) {
      this(card, checks, outcome, null);
    }

    public static final Details NONE = new Details(null, CardChecks.NONE, AttemptOutcome.NONE);
  }
}
