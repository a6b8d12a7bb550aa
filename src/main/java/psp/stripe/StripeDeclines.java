package psp.stripe;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import payments.Decline;
import payments.DeclineCode;
import psp.stripe.StripeObjects.ApiError;

/**
 * Stripe's words for a no in ours (Stripe docs: "Decline codes", "Error codes"). Our list takes its
 * names from Stripe's, so most map to themselves; {@link #ALIASES} has the others.
 * docs/decline-codes.md shows both, and a test holds it to this.
 */
final class StripeDeclines {
  static final Map<String, DeclineCode> ALIASES =
      Map.ofEntries(
          Map.entry("approve_with_id", DeclineCode.TRY_AGAIN_LATER),
          Map.entry("authentication_not_handled", DeclineCode.AUTHENTICATION_REQUIRED),
          Map.entry("card_decline_rate_limit_exceeded", DeclineCode.CARD_VELOCITY_EXCEEDED),
          Map.entry("card_declined", DeclineCode.GENERIC_DECLINE),
          Map.entry("invalid_card_type", DeclineCode.CARD_NOT_SUPPORTED),
          Map.entry("invalid_pin", DeclineCode.INCORRECT_PIN),
          Map.entry("mobile_device_authentication_required", DeclineCode.AUTHENTICATION_REQUIRED),
          Map.entry("offline_pin_required", DeclineCode.ONLINE_OR_OFFLINE_PIN_REQUIRED),
          Map.entry("payment_intent_authentication_failure", DeclineCode.AUTHENTICATION_FAILED),
          Map.entry("revocation_of_all_authorizations", DeclineCode.REVOCATION_OF_AUTHORIZATION));

  private StripeDeclines() {}

  /** A card's decline, with Stripe's codes kept where they are not on our list. */
  static Decline ofCard(ApiError error) {
    return new Decline(
        codeOf(error), rawCode(error), error.message(), error.adviceCode(), error.param());
  }

  /** A refusal that is not about the card. */
  static Decline ofRefusal(ApiError error) {
    return new Decline(
        DeclineCode.REFUSED_BY_PSP,
        rawCode(error),
        error.message(),
        error.adviceCode(),
        error.param());
  }

  /** A refusal of our key: Stripe's text is left out, since it tells a part of the key. */
  static Decline ofUnauthorized(ApiError error) {
    return new Decline(DeclineCode.KEY_REFUSED, rawCode(error), null, null, null);
  }

  /** A no that is told by an object's state. */
  static Decline ofState(@Nullable String rawCode) {
    return new Decline(DeclineCode.REFUSED_BY_PSP, rawCode, null, null, null);
  }

  private static DeclineCode codeOf(ApiError error) {
    String reason = error.declineCode();
    // That a card is declined says nothing where the reason beside it is one we do not know.
    return find(reason)
        .or(
            () ->
                find(error.code())
                    .filter(code -> reason == null || code != DeclineCode.GENERIC_DECLINE))
        .orElse(DeclineCode.UNLISTED_DECLINE);
  }

  private static Optional<DeclineCode> find(@Nullable String name) {
    return name == null
        ? Optional.empty()
        : DeclineCode.ofDeclineCode(name).or(() -> Optional.ofNullable(ALIASES.get(name)));
  }

  /** Stripe's codes as it sent them, the wider one first; its error type where it sent none. */
  private static @Nullable String rawCode(ApiError error) {
    String codes =
        Stream.of(error.code(), error.declineCode())
            .filter(Objects::nonNull)
            .collect(Collectors.joining("/"));
    return codes.isEmpty() ? error.type() : codes;
  }
}
