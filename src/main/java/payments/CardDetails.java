package payments;

import org.jspecify.annotations.Nullable;

/**
 * What a PSP tells of a card: never its number. Brand is in Stripe's words (visa, mastercard, amex,
 * discover, diners, jcb, unionpay, unknown), funding is credit, debit, prepaid or unknown, country
 * is ISO 3166-1 alpha-2.
 */
public record CardDetails(
    String brand,
    String last4,
    int expMonth,
    int expYear,
    String funding,
    @Nullable String country,
    @Nullable String fingerprint,
    @Nullable String network) {}
