package payments;

import org.jspecify.annotations.Nullable;

/**
 * A definite no: who said it, in our one list of codes, with the PSP's own words kept.
 *
 * @param code our normalised code, which carries the customer-safe message and what may be tried
 *     next
 * @param rawCode the PSP's own code or codes, as it sent them
 * @param rawMessage the PSP's own text, for operators; never shown to customers
 * @param adviceCode Stripe's advice where the PSP gave one: try_again_later, do_not_try_again or
 *     confirm_card_data
 * @param param the parameter the PSP blamed, or null
 */
public record Decline(
    DeclineCode code,
    @Nullable String rawCode,
    @Nullable String rawMessage,
    @Nullable String adviceCode,
    @Nullable String param) {}
