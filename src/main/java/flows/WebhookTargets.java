package flows;

import io.vertx.core.Future;
import java.util.Optional;

/** Whether a URL may be a webhook endpoint's. */
public interface WebhookTargets {
  /** Lets every URL pass. */
  WebhookTargets ANY = url -> Future.succeededFuture(Optional.empty());

  /** Why it may not, for the merchant's developer; empty where it may. */
  Future<Optional<String>> refusal(String url);
}
