package config;

import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A merchant's account at a PSP.
 *
 * @param id unique over all merchants: it is part of webhook addresses
 * @param baseUrl the PSP's API; null for where the PSP's documents say, which Adyen does for tests
 *     only
 * @param secretKey what the PSP knows the account by: Stripe's secret key, Adyen's API key
 * @param merchantAccount Adyen's name of the account; no other PSP has one
 * @param webhookSecret what the PSP signs its webhooks with, for Adyen an HMAC key in hex; without
 *     it none are taken
 * @param previousWebhookSecret taken too, while the PSP changes from one secret to the next
 * @param priority the account with the lowest number is asked first
 * @param weight its share of the payments among the accounts of the same priority; 0 stands by
 */
public record PspAccountSettings(
    String id,
    PspKind psp,
    DataMode mode,
    @Nullable URI baseUrl,
    Secret secretKey,
    @Nullable String merchantAccount,
    @Nullable Secret webhookSecret,
    @Nullable Secret previousWebhookSecret,
    @Default("100") @Range(min = 0, max = 1_000_000) int priority,
    @Default("100") @Range(min = 0, max = 10_000) int weight)
    implements Checked {
  private static final URI STRIPE = URI.create("https://api.stripe.com");
  private static final URI ADYEN_TEST = URI.create("https://checkout-test.adyen.com");

  /**
   * Where the PSP's API is.
   *
   * @throws IllegalStateException where it is not given and there is no usual place, which the
   *     check has refused
   */
  public URI address() {
    if (baseUrl != null) {
      return baseUrl;
    }
    return switch (psp) {
      case STRIPE -> STRIPE;
      case ADYEN -> {
        if (mode == DataMode.LIVE) {
          throw new IllegalStateException("base-url is missing");
        }
        yield ADYEN_TEST;
      }
    };
  }

  @Override
  public void check(Problems.Section problems) {
    Ids.check(problems, "id", id);
    checkAddress(problems);
    // A live key in an account marked test would take real money for test data, and the other way
    // round hand out goods for none.
    String wrong = mode == DataMode.LIVE ? "_test_" : "_live_";
    if (secretKey.value().contains(wrong)) {
      problems.add("secret-key", "is a " + wrong.replace("_", "") + " key, the account is not");
    }
    switch (psp) {
      case STRIPE -> {
        if (merchantAccount != null) {
          problems.add("merchant-account", "is not used with psp stripe");
        }
      }
      case ADYEN -> checkAdyen(problems);
    }
  }

  private void checkAddress(Problems.Section problems) {
    URI given = baseUrl;
    if (given == null) {
      return;
    }
    String scheme = given.getScheme() == null ? "" : given.getScheme();
    if (!Set.of("http", "https").contains(scheme)
        || given.getHost() == null
        || given.getRawUserInfo() != null
        || given.getRawQuery() != null) {
      problems.add("base-url", "must look like https://host or https://host:port");
    }
  }

  private void checkAdyen(Problems.Section problems) {
    if (merchantAccount == null || merchantAccount.isBlank()) {
      problems.add("merchant-account", "is needed with psp adyen");
    }
    if (baseUrl == null && mode == DataMode.LIVE) {
      problems.add(
          "base-url", "is needed for live accounts at adyen, which have hosts of their own");
    }
    checkHmacKey(problems, "webhook-secret", webhookSecret);
    checkHmacKey(problems, "previous-webhook-secret", previousWebhookSecret);
  }

  private static void checkHmacKey(
      Problems.Section problems, String property, @Nullable Secret secret) {
    if (secret != null && !secret.value().matches("([0-9a-fA-F]{2})+")) {
      problems.add(property, "must be an HMAC key in hex with psp adyen");
    }
  }
}
