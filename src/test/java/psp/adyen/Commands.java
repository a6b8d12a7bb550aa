package psp.adyen;

import java.util.Map;
import money.Money;
import org.jspecify.annotations.Nullable;
import psp.PspCommand.Authorize;

/** Authorizations for tests: a plain one, changed step by step. */
record Commands(
    Money amount,
    boolean capture,
    String token,
    @Nullable String customer,
    boolean offSession,
    boolean declinesChallenge,
    @Nullable String threeDSecure,
    @Nullable String setupFutureUsage,
    @Nullable String returnUrl,
    Map<String, Object> shipping,
    Map<String, Object> billing) {
  static final String ID = "sluice-authorize-1";
  static final String MERCHANT_ACCOUNT = "SluiceTest";

  static Commands plain(String token) {
    return new Commands(
        Money.of(1099, "eur"),
        true,
        token,
        null,
        false,
        false,
        null,
        null,
        "https://shop.test/back",
        Map.of(),
        Map.of());
  }

  Commands of(Money other) {
    return new Commands(
        other,
        capture,
        token,
        customer,
        offSession,
        declinesChallenge,
        threeDSecure,
        setupFutureUsage,
        returnUrl,
        shipping,
        billing);
  }

  Commands held() {
    return new Commands(
        amount,
        false,
        token,
        customer,
        offSession,
        declinesChallenge,
        threeDSecure,
        setupFutureUsage,
        returnUrl,
        shipping,
        billing);
  }

  Commands from(String shopper) {
    return new Commands(
        amount,
        capture,
        token,
        shopper,
        offSession,
        declinesChallenge,
        threeDSecure,
        setupFutureUsage,
        returnUrl,
        shipping,
        billing);
  }

  Commands away() {
    return new Commands(
        amount,
        capture,
        token,
        customer,
        true,
        false,
        threeDSecure,
        setupFutureUsage,
        null,
        shipping,
        billing);
  }

  Commands unfollowed() {
    return new Commands(
        amount,
        capture,
        token,
        customer,
        false,
        true,
        threeDSecure,
        setupFutureUsage,
        null,
        shipping,
        billing);
  }

  Commands wishing(String wish) {
    return new Commands(
        amount,
        capture,
        token,
        customer,
        offSession,
        declinesChallenge,
        wish,
        setupFutureUsage,
        returnUrl,
        shipping,
        billing);
  }

  Commands storing(String usage) {
    return new Commands(
        amount,
        capture,
        token,
        customer,
        offSession,
        declinesChallenge,
        threeDSecure,
        usage,
        returnUrl,
        shipping,
        billing);
  }

  Commands sentTo(Map<String, Object> where, Map<String, Object> who) {
    return new Commands(
        amount,
        capture,
        token,
        customer,
        offSession,
        declinesChallenge,
        threeDSecure,
        setupFutureUsage,
        returnUrl,
        where,
        who);
  }

  Authorize command() {
    return new Authorize(
        ID,
        amount,
        capture,
        token,
        null,
        customer,
        offSession,
        declinesChallenge,
        threeDSecure,
        setupFutureUsage,
        "A thing",
        "SHOP",
        null,
        null,
        returnUrl,
        shipping,
        billing);
  }
}
