package payments;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Mastercard's merchant advice codes, which its issuers give beside a decline (Mastercard:
 * "Transaction Processing Rules"), in Stripe's words.
 */
public final class MastercardAdvice {
  private static final String OTHER_DATA = "confirm_card_data";
  private static final String LATER = "try_again_later";
  private static final String NEVER = "do_not_try_again";

  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("01", OTHER_DATA),
          Map.entry("02", LATER),
          Map.entry("03", NEVER),
          // The payment, or all that follow it, is cancelled.
          Map.entry("21", NEVER),
          // After an hour, a day and so on, up to ten days.
          Map.entry("24", LATER),
          Map.entry("25", LATER),
          Map.entry("26", LATER),
          Map.entry("27", LATER),
          Map.entry("28", LATER),
          Map.entry("29", LATER),
          Map.entry("30", LATER));

  /** The codes that forbid another attempt at once, wherever. */
  public static final Set<String> NOT_AT_ONCE =
      WORDS.entrySet().stream()
          .filter(entry -> !entry.getValue().equals(OTHER_DATA))
          .map(Map.Entry::getKey)
          .collect(Collectors.toUnmodifiableSet());

  private MastercardAdvice() {}

  /** A code in Stripe's words; null where it advises nothing. */
  public static @Nullable String word(@Nullable String code) {
    return code == null ? null : WORDS.get(code);
  }
}
