package psp;

import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a PSP asks us to wait before the next call (RFC 9110, 10.2.3), as PSPs say it: in seconds.
 */
public final class RetryAfter {
  /** No PSP means longer; what is longer is none. */
  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

  private RetryAfter() {}

  /** The wait that a header tells; null where there is none that can be read. */
  public static @Nullable Duration of(@Nullable String header) {
    return header == null || !SECONDS.matcher(header).matches()
        ? null
        : Duration.ofSeconds(Long.parseLong(header));
  }
}
