package payments;

import org.jspecify.annotations.Nullable;

/**
 * Why a request was not done, as a value: a code with its one category, what it is about, and a
 * message for the merchant's developer.
 *
 * @param param the parameter to blame, in wire notation, or null
 * @param decline for {@link Code#CARD_DECLINED}: the decline
 */
public record Refusal(
    Code code, String message, @Nullable String param, @Nullable Decline decline) {

  /**
   * Ends the message of a request that was turned away before it did anything. It tells nothing of
   * an earlier request under the same key, which may have done all of it.
   */
  public static final String DID_NOTHING =
      " This request did nothing; ask again in a moment, with the same Idempotency-Key.";

  public static Refusal of(Code code, String message) {
    return new Refusal(code, message, null, null);
  }

  public static Refusal of(Code code, String message, String param) {
    return new Refusal(code, message, param, null);
  }

  public static Refusal declined(Decline decline) {
    return new Refusal(Code.CARD_DECLINED, decline.code().message(), decline.param(), decline);
  }

  /** What kind of fault it is; the edge gives each kind its HTTP status and Stripe's error type. */
  public enum Category {
    INVALID_REQUEST,
    NOT_FOUND,
    AUTHENTICATION,
    PERMISSION,
    CARD,
    IDEMPOTENCY_MISMATCH,
    /** 409: the same key is being worked on, or the object is locked by another operation. */
    CONFLICT,
    TOO_LARGE,
    RATE_LIMIT,
    UNAVAILABLE,
    /** 504: it may or may not have been done; only a repeat under the same key tells. */
    OUTCOME_UNKNOWN,
    INTERNAL
  }

  /**
   * Each code with its category and its name on the wire, null where Stripe gives none (Stripe
   * docs: "Error codes").
   */
  public enum Code {
    PARAMETER_MISSING(Category.INVALID_REQUEST, "parameter_missing"),
    PARAMETER_UNKNOWN(Category.INVALID_REQUEST, "parameter_unknown"),
    /** One of Stripe's parameters that Sluice does not serve. */
    PARAMETER_UNSUPPORTED(Category.INVALID_REQUEST, "parameter_unsupported"),
    PARAMETER_INVALID_INTEGER(Category.INVALID_REQUEST, "parameter_invalid_integer"),
    PARAMETER_INVALID_EMPTY(Category.INVALID_REQUEST, "parameter_invalid_empty"),
    PARAMETER_INVALID_STRING_BLANK(Category.INVALID_REQUEST, "parameter_invalid_string_blank"),
    /** A value of the wrong kind or outside what is allowed; Stripe sends these without a code. */
    PARAMETER_INVALID(Category.INVALID_REQUEST, null),
    AMOUNT_TOO_LARGE(Category.INVALID_REQUEST, "amount_too_large"),
    AMOUNT_TOO_SMALL(Category.INVALID_REQUEST, "amount_too_small"),
    EMAIL_INVALID(Category.INVALID_REQUEST, "email_invalid"),
    /** No URL, or one that may not be used. */
    URL_INVALID(Category.INVALID_REQUEST, "url_invalid"),
    /** Whoever runs this Sluice has not set what the request needs. */
    NOT_CONFIGURED(Category.INVALID_REQUEST, "not_configured"),
    BODY_MALFORMED(Category.INVALID_REQUEST, null),
    CARD_NUMBER_REFUSED(Category.INVALID_REQUEST, "card_number_not_accepted"),
    UNEXPECTED_STATE(Category.INVALID_REQUEST, "payment_intent_unexpected_state"),
    CHARGE_ALREADY_REFUNDED(Category.INVALID_REQUEST, "charge_already_refunded"),
    /** A refund above what is left: Stripe sends param amount and no code. */
    REFUND_EXCEEDS(Category.INVALID_REQUEST, null),
    CAPTURE_EXCEEDS(Category.INVALID_REQUEST, "amount_too_large"),
    RESOURCE_MISSING(Category.NOT_FOUND, "resource_missing"),
    /**
     * A referenced object in a parameter is missing: 400 where the object of the path itself is
     * 404.
     */
    REFERENCE_MISSING(Category.INVALID_REQUEST, "resource_missing"),
    ROUTE_UNKNOWN(Category.NOT_FOUND, null),
    METHOD_DETACHED(Category.INVALID_REQUEST, "payment_method_unexpected_state"),
    KEY_MISSING(Category.AUTHENTICATION, null),
    KEY_INVALID(Category.AUTHENTICATION, null),
    KEY_NOT_ALLOWED(Category.PERMISSION, "secret_key_required"),
    CARD_DECLINED(Category.CARD, null),
    IDEMPOTENCY_MISMATCH(Category.IDEMPOTENCY_MISMATCH, null),
    IDEMPOTENCY_IN_USE(Category.CONFLICT, "idempotency_key_in_use"),
    /** Another operation on the same object is under way. */
    LOCK_TIMEOUT(Category.CONFLICT, "lock_timeout"),
    BODY_TOO_LARGE(Category.TOO_LARGE, null),
    RATE_LIMIT(Category.RATE_LIMIT, "rate_limit"),
    UNAVAILABLE(Category.UNAVAILABLE, null),
    OUTCOME_UNKNOWN(Category.OUTCOME_UNKNOWN, null),
    INTERNAL(Category.INTERNAL, null);

    private final Category category;
    private final @Nullable String wire;

    Code(Category category, @Nullable String wire) {
      this.category = category;
      this.wire = wire;
    }

    public Category category() {
      return category;
    }

    public @Nullable String wire() {
      return wire;
    }
  }
}
