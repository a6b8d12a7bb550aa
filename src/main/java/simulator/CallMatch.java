package simulator;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which calls a fault is for; what is not named matches all. */
public record CallMatch(
    @Nullable String account,
    @Nullable Operation operation,
    @Nullable String path,
    @Nullable String idempotencyKey,
    @Nullable String metadataKey,
    @Nullable String metadataValue)
    implements Predicate<Call> {

  public static CallMatch any() {
    return new CallMatch(null, null, null, null, null, null);
  }

  public static CallMatch of(Operation operation) {
    return any().operation(operation);
  }

  /** By secret key or account id. */
  public CallMatch account(String keyOrId) {
    return new CallMatch(
        AccountId.of(keyOrId), operation, path, idempotencyKey, metadataKey, metadataValue);
  }

  public CallMatch operation(Operation wanted) {
    return new CallMatch(account, wanted, path, idempotencyKey, metadataKey, metadataValue);
  }

  /** By a part of the path. */
  public CallMatch path(String part) {
    return new CallMatch(account, operation, part, idempotencyKey, metadataKey, metadataValue);
  }

  public CallMatch idempotencyKey(String key) {
    return new CallMatch(account, operation, path, key, metadataKey, metadataValue);
  }

  /** By a metadata entry of the request or of the object it names. */
  public CallMatch metadata(String key, String value) {
    return new CallMatch(account, operation, path, idempotencyKey, key, value);
  }

  @Override
  public boolean test(Call call) {
    return (account == null || account.equals(call.account()))
        && (operation == null || operation == call.operation())
        && (path == null || call.path().contains(path))
        && (idempotencyKey == null || idempotencyKey.equals(call.idempotencyKey()))
        && (metadataKey == null
            || (metadataValue != null && metadataValue.equals(call.metadata().get(metadataKey))));
  }
}
