package routes.api;

import java.util.Set;
import java.util.stream.Collectors;
import payments.WebhookEndpoint;
import routes.JarText;

/**
 * The event types that an endpoint may ask for: all of Stripe's at the pinned version, also those
 * that Sluice never sends, because merchants come with the list they have; and Sluice's own.
 */
final class EventTypes {
  private static final String RESOURCE = "/stripe-event-types.txt";

  /** Stripe's, read once from the jar. */
  static final Set<String> STRIPES =
      JarText.of(RESOURCE).lines().collect(Collectors.toUnmodifiableSet());

  private EventTypes() {}

  static boolean known(String type) {
    return type.equals(WebhookEndpoint.ALL_EVENTS)
        || type.equals(WebhookEndpoint.DISABLED_EVENT)
        || STRIPES.contains(type);
  }
}
