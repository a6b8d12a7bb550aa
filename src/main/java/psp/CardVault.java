package psp;

import io.vertx.core.Future;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import payments.CardChecks;
import payments.CardDetails;
import payments.Decline;

/**
 * A PSP account that keeps cards on file. None of this moves money, so it is not in the operation
 * log; every call carries an idempotency key and may be repeated.
 */
public interface CardVault {

  /** The card behind a token. */
  Future<VaultResult<CardOnFile>> retrieve(String token);

  /**
   * Makes the PSP's twin of our customer.
   *
   * @param customerId our customer's public id
   * @param parameters Stripe-shaped name, email, phone
   * @return the PSP's id of the customer
   */
  Future<VaultResult<String>> createCustomer(
      String customerId, Map<String, Object> parameters, String idempotencyKey);

  /**
   * Ties a token to the PSP's customer; the token may come back as another one (test tokens do).
   */
  Future<VaultResult<CardOnFile>> attach(
      String token, String customerReference, String idempotencyKey);

  /** Unties a token for good. */
  Future<VaultResult<CardOnFile>> detach(String token, String idempotencyKey);

  /** A card as the PSP keeps it. */
  record CardOnFile(
      String token,
      @Nullable CardDetails card,
      CardChecks checks,
      Map<String, Object> billingDetails) {}

  /** What a vault call came to. */
  sealed interface VaultResult<T> {
    record Done<T>(T value) implements VaultResult<T> {}

    /** The PSP's definite no. */
    record Refused<T>(Decline decline) implements VaultResult<T> {}

    record NotFound<T>() implements VaultResult<T> {}

    /** No usable answer in time; asking again is safe. */
    record Unavailable<T>(String detail) implements VaultResult<T> {}
  }
}
