package config;

import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A merchant's account at a PSP.
 *
 * @param id unique over all merchants: it is part of webhook addresses
 * @param webhookSecret what the PSP signs its webhooks with; without it none are taken
 * @param previousWebhookSecret taken too, while the PSP changes from one secret to the next
 * @param priority the account with the lowest number is asked first
 * @param weight its share of the payments among the accounts of the same priority; 0 stands by
 */
public record PspAccountSettings(
    String id,
    PspKind psp,
    DataMode mode,
    @Default("https://api.stripe.com") URI baseUrl,
    Secret secretKey,
    @Nullable Secret webhookSecret,
    @Nullable Secret previousWebhookSecret,
    @Default("100") @Range(min = 0, max = 1_000_000) int priority,
    @Default("100") @Range(min = 0, max = 10_000) int weight)
    implements Checked {

  @Override
  public void check(Problems.Section problems) {
    Ids.check(problems, "id", id);
    String scheme = baseUrl.getScheme() == null ? "" : baseUrl.getScheme();
    if (!Set.of("http", "https").contains(scheme)
        || baseUrl.getHost() == null
        || baseUrl.getRawUserInfo() != null
        || baseUrl.getRawQuery() != null) {
      problems.add("base-url", "must look like https://host or https://host:port");
    }
    // A live key in an account marked test would take real money for test data, and the other way
    // round hand out goods for none.
    String wrong = mode == DataMode.LIVE ? "_test_" : "_live_";
    if (secretKey.value().contains(wrong)) {
      problems.add("secret-key", "is a " + wrong.replace("_", "") + " key, the account is not");
    }
  }
}
