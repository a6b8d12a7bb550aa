package config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A merchant's API key: either its SHA-256 or itself.
 *
 * @param id names the key in logs and records, where the key itself never goes
 * @param sha256 64 hex digits
 */
public record KeySettings(
    String id, KeyKind kind, DataMode mode, @Nullable Secret sha256, @Nullable Secret value)
    implements Checked {

  /** The lower-case hex SHA-256 of the key, which is what requests are compared with. */
  public String digest() {
    if (sha256 != null) {
      return sha256.value().toLowerCase(Locale.ROOT);
    }
    return value == null ? "" : sha256Of(value.value());
  }

  /** The lower-case hex SHA-256 of a key. */
  public static String sha256Of(String key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }

  @Override
  public void check(Problems.Section problems) {
    Ids.check(problems, "id", id);
    if ((sha256 == null) == (value == null)) {
      problems.add("sha256", "or value must be given, and not both");
    }
    if (sha256 != null && !sha256.value().matches("[0-9a-fA-F]{64}")) {
      problems.add("sha256", "must be 64 hex digits");
    }
    String prefix =
        (kind == KeyKind.SECRET ? "sk_" : "pk_") + (mode == DataMode.LIVE ? "live_" : "test_");
    if (value != null && !value.value().matches(prefix + "[A-Za-z0-9_]+")) {
      problems.add(
          "value", "must start with " + prefix + " and go on with letters, digits and underscores");
    }
  }
}
