package config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Configurations to start tests from. */
final class Samples {
  static final Map<String, String> ENVIRONMENT = Map.of("APP_PASSWORD", "app-password");

  private Samples() {}

  /** What a production file has to give, and nothing else; every part may be changed. */
  static Map<String, Object> production() {
    return map(
        "database",
        map(
            "url",
            "postgresql://db.internal/sluice",
            "password",
            "${APP_PASSWORD}",
            "migrator-password",
            "migrator-password"),
        "merchants",
        new ArrayList<>(
            List.of(
                map(
                    "id",
                    "acme",
                    "keys",
                    new ArrayList<>(
                        List.of(
                            map(
                                "id",
                                "acme_server",
                                "kind",
                                "secret",
                                "mode",
                                "live",
                                "value",
                                "sk_live_acme"))),
                    "psp-accounts",
                    new ArrayList<>(
                        List.of(
                            map(
                                "id",
                                "stripe_acme",
                                "psp",
                                "stripe",
                                "mode",
                                "live",
                                "secret-key",
                                "sk_live_psp")))))));
  }

  static Map<String, Object> map(Object... namesAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }
}
