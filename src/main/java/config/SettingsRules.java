package config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules between groups of settings, and what a mode refuses to start with. */
final class SettingsRules {
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
    if (settings.recovery().pendingGrace().compareTo(settings.timeouts().edge()) <= 0) {
      // Shorter, and recovery would send again what its first sender is still waiting for.
      problems.add("recovery.pending-grace", "must be longer than timeouts.edge");
    }
    if (settings.api().port() != 0 && settings.api().port() == settings.ops().port()) {
      problems.add("ops.port", "must not be the same as api.port");
    }
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
    String refusal = "is a development secret, which only mode development may start with";
    if (DevelopmentSecrets.contains(settings.database().password())) {
      problems.add("database.password", refusal);
    }
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
      }
    }
  }

  private void refusePlainHttp() {
    for (int m = 0; m < settings.merchants().size(); m++) {
      List<PspAccountSettings> accounts = settings.merchants().get(m).pspAccounts();
      for (int a = 0; a < accounts.size(); a++) {
        if ("http".equals(accounts.get(a).baseUrl().getScheme())) {
          problems.add(
              "merchants[" + m + "].psp-accounts[" + a + "].base-url",
              "must be https in mode production");
        }
      }
    }
  }
}
