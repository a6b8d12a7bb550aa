package payments;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The issuer's checks of what the customer typed, each pass, fail, unavailable or unchecked, or
 * null where the PSP said nothing.
 */
public record CardChecks(
    @Nullable String addressLine1, @Nullable String addressPostalCode, @Nullable String cvc) {
  /** What a check may have come to. */
  public static final Set<String> RESULTS = Set.of("pass", "fail", "unavailable", "unchecked");

  public static final CardChecks NONE = new CardChecks(null, null, null);
}
