package psp;

import io.vertx.core.Future;
import java.util.Map;
import java.util.function.Supplier;

/** Bounds the vault calls in flight to one PSP account. */
public final class BulkheadVault implements CardVault {
  private final CardVault vault;
  private final CallLimit calls;

  public BulkheadVault(CardVault vault, BulkheadSettings settings) {
    this.vault = vault;
    calls = new CallLimit(settings.maxVaultCalls());
  }

  @Override
  public Future<VaultResult<CardOnFile>> retrieve(String token) {
    return bounded(() -> vault.retrieve(token));
  }

  @Override
  public Future<VaultResult<String>> createCustomer(
      String customerId, Map<String, Object> parameters, String idempotencyKey) {
    return bounded(() -> vault.createCustomer(customerId, parameters, idempotencyKey));
  }

  @Override
  public Future<VaultResult<CardOnFile>> attach(
      String token, String customerReference, String idempotencyKey) {
    return bounded(() -> vault.attach(token, customerReference, idempotencyKey));
  }

  @Override
  public Future<VaultResult<CardOnFile>> detach(String token, String idempotencyKey) {
    return bounded(() -> vault.detach(token, idempotencyKey));
  }

  private <T> Future<VaultResult<T>> bounded(Supplier<Future<VaultResult<T>>> call) {
    return calls.call(call, () -> new VaultResult.Unavailable<>("bulkhead of vault calls full"));
  }
}
