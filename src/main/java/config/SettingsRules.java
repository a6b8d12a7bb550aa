package config;

import java.net.URI;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules between groups of settings, and what a mode refuses to start with. */
final class SettingsRules {
  private static final String DEVELOPMENT_SECRET =
      "is a development secret, which only mode development may start with";

  private final Settings settings;
  private final Problems.Section problems;

  SettingsRules(Settings settings, Problems.Section problems) {
    this.settings = settings;
    this.problems = problems;
  }

  void check() {
    String nodeId = settings.nodeId();
    if (nodeId != null) {
      Ids.check(problems, "node-id", nodeId);
    }
    if (settings.api().idleTimeout().compareTo(settings.timeouts().edge()) <= 0) {
      problems.add("api.idle-timeout", "must be longer than timeouts.edge");
    }
    checkRouting();
    if (settings.recovery().pendingGrace().compareTo(settings.timeouts().edge()) <= 0) {
      // Shorter, and recovery would send again what its first sender is still waiting for.
      problems.add("recovery.pending-grace", "must be longer than timeouts.edge");
    }
    if (settings.api().port() != 0 && settings.api().port() == settings.ops().port()) {
      problems.add("ops.port", "must not be the same as api.port");
    }
    if (settings.outbox().retention().compareTo(settings.deliveries().giveUpAfter()) < 0) {
      // What is no longer kept cannot be sent, and would be given up while it is still tried.
      problems.add("outbox.retention", "must not be shorter than deliveries.give-up-after");
    }
    checkWebhookPort();
    checkEncryptionKey();
    checkPublicUrl();
    if (settings.merchants().isEmpty()) {
      problems.add("merchants", "must name at least one merchant");
    }
    checkUnique();
    if (settings.mode() != Mode.DEVELOPMENT) {
      refuseDevelopmentSecrets();
    }
    if (settings.mode() == Mode.PRODUCTION) {
      refusePlainHttp();
    }
  }

  private void checkRouting() {
    RoutingSettings routing = settings.routing();
    TimeoutSettings timeouts = settings.timeouts();
    if (routing.timeLimit().compareTo(timeouts.eventBusReply()) >= 0) {
      problems.add("routing.time-limit", "must be shorter than timeouts.event-bus-reply");
    }
    if (routing.maxAttempts() > 1 && routing.timeLimit().compareTo(timeouts.breaker()) <= 0) {
      // Another account is asked only where its answer can come in time.
      problems.add(
          "routing.time-limit",
          "must be longer than timeouts.breaker, or no other account is ever asked; with"
              + " routing.max-attempts 1 none is");
    }
  }

  private void checkWebhookPort() {
    int port = settings.webhooks().port();
    if (port != 0 && (port == settings.api().port() || port == settings.ops().port())) {
      problems.add("webhooks.port", "must not be the same as api.port or ops.port");
    }
  }

  /** Development knows its own address. */
  private void checkPublicUrl() {
    boolean needed =
        settings.merchants().stream()
            .flatMap(merchant -> merchant.pspAccounts().stream())
            .anyMatch(account -> account.psp().needsPublicUrl());
    if (needed && settings.api().publicUrl() == null && settings.mode() != Mode.DEVELOPMENT) {
      problems.add(
          "api.public-url",
          "is missing: a PSP account sends customers back from authentications through it");
    }
  }

  private void checkEncryptionKey() {
    Secret key = settings.encryptionKey();
    if (key == null) {
      return;
    }
    try {
      if (Base64.getDecoder().decode(key.value()).length == 32) {
        return;
      }
    } catch (IllegalArgumentException notBase64) {
      // Told below, as for the wrong length.
    }
    problems.add("encryption-key", "must be 32 bytes in Base64");
  }

  private void checkUnique() {
    Set<String> merchantIds = new HashSet<>();
    Set<String> keyIds = new HashSet<>();
    Set<String> digests = new HashSet<>();
    Set<String> accountIds = new HashSet<>();
    for (int m = 0; m < settings.merchants().size(); m++) {
      MerchantSettings merchant = settings.merchants().get(m);
      unique("merchants[" + m + "].id", merchantIds, merchant.id());
      for (int k = 0; k < merchant.keys().size(); k++) {
        KeySettings key = merchant.keys().get(k);
        String path = "merchants[" + m + "].keys[" + k + "]";
        unique(path + ".id", keyIds, key.id());
        unique(path + (key.value() == null ? ".sha256" : ".value"), digests, key.digest());
      }
      for (int a = 0; a < merchant.pspAccounts().size(); a++) {
        String path = "merchants[" + m + "].psp-accounts[" + a + "].id";
        unique(path, accountIds, merchant.pspAccounts().get(a).id());
      }
    }
  }

  private void unique(String path, Set<String> seen, String value) {
    if (!seen.add(value)) {
      problems.add(path, "is used twice");
    }
  }

  private void refuseDevelopmentSecrets() {
    String refusal = DEVELOPMENT_SECRET;
    if (DevelopmentSecrets.contains(settings.database().password())) {
      problems.add("database.password", refusal);
    }
    refuseDevelopmentSecret("encryption-key", settings.encryptionKey());
    refuseDevelopmentSecret("ops.operator-token", settings.ops().operatorToken());
    refuseDevelopmentSecret("kafka.sasl-password", settings.kafka().saslPassword());
    Secret migratorPassword = settings.database().migratorPassword();
    if (migratorPassword != null && DevelopmentSecrets.contains(migratorPassword)) {
      problems.add("database.migrator-password", refusal);
    }
    for (int m = 0; m < settings.merchants().size(); m++) {
      MerchantSettings merchant = settings.merchants().get(m);
      for (int k = 0; k < merchant.keys().size(); k++) {
        KeySettings key = merchant.keys().get(k);
        if (DevelopmentSecrets.containsDigest(key.digest())) {
          String property = key.value() == null ? "sha256" : "value";
          problems.add("merchants[" + m + "].keys[" + k + "]." + property, refusal);
        }
      }
      for (int a = 0; a < merchant.pspAccounts().size(); a++) {
        if (DevelopmentSecrets.contains(merchant.pspAccounts().get(a).secretKey())) {
          problems.add("merchants[" + m + "].psp-accounts[" + a + "].secret-key", refusal);
        }
        String path = "merchants[" + m + "].psp-accounts[" + a + "].";
        PspAccountSettings account = merchant.pspAccounts().get(a);
        refuseDevelopmentSecret(path + "webhook-secret", account.webhookSecret());
        refuseDevelopmentSecret(path + "previous-webhook-secret", account.previousWebhookSecret());
      }
    }
  }

  private void refuseDevelopmentSecret(String property, @Nullable Secret secret) {
    if (secret != null && DevelopmentSecrets.contains(secret)) {
      problems.add(property, DEVELOPMENT_SECRET);
    }
  }

  private void refusePlainHttp() {
    URI publicUrl = settings.api().publicUrl();
    if (publicUrl != null && "http".equals(publicUrl.getScheme())) {
      problems.add("api.public-url", "must be https in mode production");
    }
    for (int m = 0; m < settings.merchants().size(); m++) {
      List<PspAccountSettings> accounts = settings.merchants().get(m).pspAccounts();
      for (int a = 0; a < accounts.size(); a++) {
        URI baseUrl = accounts.get(a).baseUrl();
        if (baseUrl != null && "http".equals(baseUrl.getScheme())) {
          problems.add(
              "merchants[" + m + "].psp-accounts[" + a + "].base-url",
              "must be https in mode production");
        }
      }
    }
  }
}
