package simulator.webhooks;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What of sending events depends on the provider's dialect. */
public interface EventFormat {
  /**
   * The headers of one sending.
   *
   * @param secrets all that are live: two while the merchant changes from one to the next
   */
  Map<String, String> headers(Buffer body, List<String> secrets, Instant at);

  /** An event of its own, under a new id, that says what another one said. */
  WebhookEvent retold(WebhookEvent event);
}
