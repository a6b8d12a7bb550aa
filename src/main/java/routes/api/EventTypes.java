package routes.api;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;
import payments.WebhookEndpoint;

/**
 * The event types that an endpoint may ask for: all of Stripe's at the pinned version, also those
 * that Sluice never sends, because merchants come with the list they have; and Sluice's own.
 */
final class EventTypes {
  private static final String RESOURCE = "/stripe-event-types.txt";

  /** Stripe's, read once from the jar. */
  static final Set<String> STRIPES = read();

  private EventTypes() {}

  static boolean known(String type) {
    return type.equals(WebhookEndpoint.ALL_EVENTS)
        || type.equals(WebhookEndpoint.DISABLED_EVENT)
        || STRIPES.contains(type);
  }

  private static Set<String> read() {
    try (InputStream in = EventTypes.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("not in the jar: " + RESOURCE);
      }
      return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
          .lines()
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
