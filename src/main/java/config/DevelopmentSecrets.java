package config;

import java.util.Set;
import java.util.stream.Collectors;

/** The secrets everybody knows: development mode's fixed ones, which no other mode starts with. */
public final class DevelopmentSecrets {
  public static final String SECRET_KEY = "sk_test_demo";
  public static final String PUBLISHABLE_KEY = "pk_test_demo";
  public static final String SIMULATOR_KEY = "sk_test_simulator";
  public static final String ADYEN_SIMULATOR_KEY = "adyen_test_simulator";
  public static final String DATABASE_PASSWORD = "sluice_development";

  public static final String WEBHOOK_SECRET = "whsec_simulator";
  public static final String ADYEN_WEBHOOK_SECRET =
      "736C756963652D646576656C6F706D656E742D686D61632D6B65792D30303031";
  public static final String OPERATOR_TOKEN = "operator_demo";
  public static final String ENCRYPTION_KEY = "c2x1aWNlLWRldmVsb3BtZW50LWVuY3J5cHRpb24ta2U=";

  private static final Set<String> VALUES =
      Set.of(
          SECRET_KEY,
          PUBLISHABLE_KEY,
          SIMULATOR_KEY,
          ADYEN_SIMULATOR_KEY,
          DATABASE_PASSWORD,
          WEBHOOK_SECRET,
          ADYEN_WEBHOOK_SECRET,
          OPERATOR_TOKEN,
          ENCRYPTION_KEY);
  private static final Set<String> DIGESTS =
      VALUES.stream().map(KeySettings::sha256Of).collect(Collectors.toUnmodifiableSet());

  private DevelopmentSecrets() {}

  static boolean contains(Secret secret) {
    return VALUES.contains(secret.value());
  }

  static boolean containsDigest(String sha256) {
    return DIGESTS.contains(sha256);
  }
}
