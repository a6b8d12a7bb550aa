package simulator.webhooks;

import java.net.URI;
import java.util.List;
import simulator.AccountId;

/**
 * Where the events of an account go.
 *
 * @param account its id
 * @param secrets what they are signed with, each once
 */
public record WebhookEndpoint(String account, URI url, List<String> secrets) {

  public WebhookEndpoint {
    if (url.getHost() == null) {
      throw new IllegalArgumentException("a webhook's url names a host, unlike " + url);
    }
    if (secrets.isEmpty()) {
      throw new IllegalArgumentException("events are signed: a webhook needs a secret");
    }
    secrets = List.copyOf(secrets);
  }

  /** By secret key or account id. */
  public static WebhookEndpoint of(String keyOrId, URI url, String... secrets) {
    return new WebhookEndpoint(AccountId.of(keyOrId), url, List.of(secrets));
  }

  /** Without the secrets. */
  @Override
  public String toString() {
    return account + " at " + url;
  }
}
