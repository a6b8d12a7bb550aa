package simulator.webhooks;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import simulator.AccountId;

/**
 * Which events a fault is for; what is not named matches all.
 *
 * @param type an event type, or its beginning followed by {@code *}
 */
public record EventMatch(
    @Nullable String account,
    @Nullable String type,
    @Nullable String object,
    @Nullable String metadataKey,
    @Nullable String metadataValue)
    implements Predicate<WebhookEvent> {

  public static EventMatch any() {
    return new EventMatch(null, null, null, null, null);
  }

  /** By type, such as {@code charge.refunded} or {@code charge.dispute.*}. */
  public static EventMatch type(String type) {
    return new EventMatch(null, type, null, null, null);
  }

  /** By secret key or account id. */
  public EventMatch account(String keyOrId) {
    return new EventMatch(AccountId.of(keyOrId), type, object, metadataKey, metadataValue);
  }

  /** By the id of the object it shows. */
  public EventMatch object(String id) {
    return new EventMatch(account, type, id, metadataKey, metadataValue);
  }

  /** By a metadata entry of the object it shows. */
  public EventMatch metadata(String key, String value) {
    return new EventMatch(account, type, object, key, value);
  }

  @Override
  public boolean test(WebhookEvent event) {
    return (account == null || account.equals(event.account()))
        && (type == null || typeMatches(type, event.type()))
        && (object == null || object.equals(event.object()))
        && (metadataKey == null
            || (metadataValue != null && metadataValue.equals(event.metadata().get(metadataKey))));
  }

  private static boolean typeMatches(String pattern, String type) {
    return pattern.endsWith("*")
        ? type.startsWith(pattern.substring(0, pattern.length() - 1))
        : type.equals(pattern);
  }
}
