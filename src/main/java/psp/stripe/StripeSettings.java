package psp.stripe;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * How one Stripe account is reached.
 *
 * @param accountId our id of the account, as in routing, metrics and webhook paths
 * @param baseUrl where the API is, without a path
 * @param secretKey the account's API key; never printed
 * @param connectTimeout for finding a connection: waiting for the pool, DNS, TCP and TLS together
 * @param callTimeout for a whole call, finding a connection included
 * @param poolSize connections at most
 * @param maxWaitingCalls calls at most that wait for a connection
 * @param webhooks how its webhooks are checked
 */
public record StripeSettings(
    String accountId,
    URI baseUrl,
    String secretKey,
    Duration connectTimeout,
    Duration callTimeout,
    int poolSize,
    int maxWaitingCalls,
    Webhooks webhooks) {
  public StripeSettings {
    require(!accountId.isBlank(), "accountId is missing");
    String scheme = baseUrl.getScheme();
    require(
        ("http".equals(scheme) || "https".equals(scheme)) && baseUrl.getHost() != null,
        "baseUrl must be an http or https URL");
    require(
        baseUrl.getRawPath().isEmpty() || baseUrl.getRawPath().equals("/"),
        "baseUrl must not have a path");
    require(!secretKey.isBlank(), "secretKey is missing");
    require(connectTimeout.toMillis() >= 1, "connectTimeout must be at least 1 ms");
    require(callTimeout.compareTo(connectTimeout) > 0, "callTimeout must be above connectTimeout");
    require(poolSize >= 1, "poolSize must be at least 1");
    require(maxWaitingCalls >= 0, "maxWaitingCalls must not be negative");
  }

  /**
   * How the account's webhooks are checked.
   *
   * @param livemode whether the account takes real money, so that its events are live ones
   * @param secrets what Stripe signs with, each taken; never printed; without any none are taken
   * @param tolerance how old a signature may be, and how far in the future
   */
  public record Webhooks(boolean livemode, List<String> secrets, Duration tolerance) {
    public Webhooks {
      secrets = secrets.stream().filter(secret -> !secret.isBlank()).toList();
    }

    @Override
    public String toString() {
      return "Webhooks[livemode="
          + livemode
          + ", secrets=<"
          + secrets.size()
          + " redacted>, tolerance="
          + tolerance
          + "]";
    }
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  @Override
  public String toString() {
    return "StripeSettings[accountId="
        + accountId
        + ", baseUrl="
        + baseUrl
        + ", secretKey=<redacted>, connectTimeout="
        + connectTimeout
        + ", callTimeout="
        + callTimeout
        + ", poolSize="
        + poolSize
        + ", maxWaitingCalls="
        + maxWaitingCalls
        + ", webhooks="
        + webhooks
        + "]";
  }
}
