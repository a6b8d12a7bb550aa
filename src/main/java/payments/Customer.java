package payments;

import java.util.UUID;

/**
 * A merchant's customer (Stripe API: Customers).
 *
 * @param parameters name, email, phone, description, address, shipping, metadata and the like, as
 *     given
 */
public record Customer(
    String merchantId,
    boolean livemode,
    UUID id,
    long version,
    boolean deleted,
    Parameters parameters) {
  public String publicId() {
    return PublicId.CUSTOMER.of(id);
  }
}
