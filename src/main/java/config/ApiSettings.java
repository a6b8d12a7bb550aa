package config;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The merchants' HTTP edge.
 *
 * @param host the address it listens on
 * @param port 0 takes any free port
 * @param instances servers that share the port, 0 for one per event loop
 * @param maxBodyBytes larger bodies are refused
 * @param publicUrl under which customers' browsers reach it, to come back from an authentication
 *     through the gateway
 * @param idleTimeout how long a connection on which no request begins stays open; above {@code
 *     timeouts.edge}
 */
public record ApiSettings(
    @Default("0.0.0.0") String host,
    @Default("8080") @Range(min = 0, max = 65_535) int port,
    @Default("0") @Range(min = 0, max = 256) int instances,
    @Default("1048576") @Range(min = 1024, max = 16_777_216) int maxBodyBytes,
    @Default("16384") @Range(min = 1024, max = 1_048_576) int maxHeaderBytes,
    @Default("75s") Duration idleTimeout,
    @Nullable URI publicUrl)
    implements Checked {

  @Override
  public void check(Problems.Section problems) {
    if (publicUrl == null) {
      return;
    }
    String scheme = publicUrl.getScheme() == null ? "" : publicUrl.getScheme();
    boolean plain =
        publicUrl.getRawUserInfo() == null
            && publicUrl.getRawQuery() == null
            && publicUrl.getRawFragment() == null;
    if (!Set.of("http", "https").contains(scheme) || publicUrl.getHost() == null || !plain) {
      problems.add("public-url", "must look like https://pay.example.com");
    }
  }
}
