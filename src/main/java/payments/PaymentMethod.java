package payments;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A way to pay, by PSP tokens; no card number is ever here (Stripe API: PaymentMethods). Its id may
 * be a PSP's own token that the merchant brought, so it is text.
 *
 * @param tokens the PSP tokens, by PSP account id
 * @param parameters billing_details and metadata, as given
 */
public record PaymentMethod(
    String merchantId,
    boolean livemode,
    String id,
    Instant createdAt,
    @Nullable UUID customerId,
    @Nullable CardDetails card,
    CardChecks checks,
    Map<String, String> tokens,
    Parameters parameters) {
  public PaymentMethod {
    tokens = Map.copyOf(tokens);
  }
}
