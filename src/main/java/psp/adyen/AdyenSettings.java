package psp.adyen;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * How one Adyen merchant account is reached.
 *
 * @param accountId our id of the account, as in routing, metrics and webhook paths
 * @param baseUrl where Checkout is, without its version: live accounts have a host of their own and
 *     a path
 * @param apiKey the API credential's key; never printed
 * @param merchantAccount the name of the account at Adyen, which every call and webhook carries
 * @param livemode whether the account takes real money
 * @param connectTimeout for finding a connection: waiting for the pool, DNS, TCP and TLS together
 * @param callTimeout for a whole call, finding a connection included
 * @param poolSize connections at most
 * @param maxWaitingCalls calls at most that wait for a connection
 * @param hmacKeys what Adyen signs webhooks with, in hex, each taken; never printed; without any no
 *     webhooks are taken
 */
public record AdyenSettings(
    String accountId,
    URI baseUrl,
    String apiKey,
    String merchantAccount,
    boolean livemode,
    Duration connectTimeout,
    Duration callTimeout,
    int poolSize,
    int maxWaitingCalls,
    List<String> hmacKeys) {
  public AdyenSettings {
    require(!accountId.isBlank(), "accountId is missing");
    String scheme = baseUrl.getScheme();
    require(
        ("http".equals(scheme) || "https".equals(scheme)) && baseUrl.getHost() != null,
        "baseUrl must be an http or https URL");
    require(!apiKey.isBlank(), "apiKey is missing");
    require(!merchantAccount.isBlank(), "merchantAccount is missing");
    require(connectTimeout.toMillis() >= 1, "connectTimeout must be at least 1 ms");
    require(callTimeout.compareTo(connectTimeout) > 0, "callTimeout must be above connectTimeout");
    require(poolSize >= 1, "poolSize must be at least 1");
    require(maxWaitingCalls >= 0, "maxWaitingCalls must not be negative");
    hmacKeys = hmacKeys.stream().filter(key -> !key.isBlank()).toList();
    require(hmacKeys.stream().allMatch(AdyenSignature::isKey), "hmacKeys must be hex");
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  @Override
  public String toString() {
    return "AdyenSettings[accountId="
        + accountId
        + ", baseUrl="
        + baseUrl
        + ", apiKey=<redacted>, merchantAccount="
        + merchantAccount
        + ", livemode="
        + livemode
        + ", connectTimeout="
        + connectTimeout
        + ", callTimeout="
        + callTimeout
        + ", poolSize="
        + poolSize
        + ", maxWaitingCalls="
        + maxWaitingCalls
        + ", hmacKeys=<"
        + hmacKeys.size()
        + " redacted>]";
  }
}
