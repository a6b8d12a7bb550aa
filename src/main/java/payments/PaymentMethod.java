package payments;

import java.time.Instant;
import java.util.HashMap;
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

  /**
   * Whether an account's token is JSON: what a component in a browser gave of a card, encrypted. It
   * is for one payment, and may not be kept after it (PCI DSS 3.3.1).
   */
  public boolean isForOnePayment(String pspAccountId) {
    String token = tokens.get(pspAccountId);
    return token != null && token.startsWith("{");
  }

  /** The same without an account's token. */
  public PaymentMethod without(String pspAccountId) {
    var others = new HashMap<>(tokens);
    others.remove(pspAccountId);
    return new PaymentMethod(
        merchantId, livemode, id, createdAt, customerId, card, checks, others, parameters);
  }
}
