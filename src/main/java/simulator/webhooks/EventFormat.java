package simulator.webhooks;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What of sending events depends on the provider's dialect. */
public interface EventFormat {
  /** An event as it goes over the wire. */
  record Sending(Map<String, String> headers, Buffer body) {}

  /**
   * An event signed for one sending.
   *
   * @param body as it was recorded
   * @param secrets all that are live: two while the merchant changes from one to the next
   */
  Sending sending(Buffer body, List<String> secrets, Instant at);

  /** A secret like the real ones, which nobody has. */
  String wrongSecret();

  /** An event of its own, under a new id, that says what another one said. */
  WebhookEvent retold(WebhookEvent event);
}
