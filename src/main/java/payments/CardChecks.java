package payments;

import org.jspecify.annotations.Nullable;

/**
 * The issuer's checks of what the customer typed, each pass, fail, unavailable or unchecked, or
 * null where the PSP said nothing.
 */
public record CardChecks(
    @Nullable String addressLine1, @Nullable String addressPostalCode, @Nullable String cvc) {
  public static final CardChecks NONE = new CardChecks(null, null, null);
}
