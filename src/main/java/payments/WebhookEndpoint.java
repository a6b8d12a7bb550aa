package payments;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a merchant wants its events sent (Stripe API: Webhook Endpoints).
 *
 * @param enabled whether events go there
 * @param disabledReason why Sluice disabled it, null where it is enabled or the merchant did
 * @param enabledEvents the types that go there; {@code *} stands for all
 * @param parameters description and metadata, as given
 * @param secret what signs its deliveries, encrypted
 * @param previousSecret what signs them too until {@code previousSecretUntil}, encrypted
 * @param version counts changes; a change is written only over the version it was decided on
 * @param failingSince since when every delivery has failed, null where the last one succeeded
 */
public record WebhookEndpoint(
    String merchantId,
    boolean livemode,
    UUID id,
    String url,
    boolean enabled,
    @Nullable String disabledReason,
    List<String> enabledEvents,
    Parameters parameters,
    String secret,
    @Nullable String previousSecret,
    @Nullable Instant previousSecretUntil,
    long version,
    @Nullable Instant failingSince) {

  /** All event types. */
  public static final String ALL_EVENTS = "*";

  /** What the merchant's other endpoints are told when Sluice disables one; not a Stripe type. */
  public static final String DISABLED_EVENT = "webhook_endpoint.disabled";

  public WebhookEndpoint {
    enabledEvents = List.copyOf(enabledEvents);
  }

  public String publicId() {
    return PublicId.WEBHOOK_ENDPOINT.of(id);
  }

  /** The secrets that sign at a moment, encrypted, the current one first. */
  public List<String> secretsAt(Instant now) {
    var secrets = new ArrayList<>(List.of(secret));
    if (previousSecret != null && previousSecretUntil != null && previousSecretUntil.isAfter(now)) {
      secrets.add(previousSecret);
    }
    return secrets;
  }
}
