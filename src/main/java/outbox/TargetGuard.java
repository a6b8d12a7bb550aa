package outbox;

import flows.WebhookTargets;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Checks targets by {@link TargetRules}: when an endpoint is made, and again at each delivery,
 * where what was checked is what is connected to.
 */
public final class TargetGuard implements WebhookTargets {
  private final TargetRules rules;
  private final NameLookup names;
  private final Duration timeout;

  /** A guard that waits so long for an answer of the name servers. */
  public TargetGuard(TargetRules rules, NameLookup names, Duration timeout) {
    this.rules = rules;
    this.names = names;
    this.timeout = timeout;
  }

  /** A target that must not be connected to. */
  static final class Forbidden extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Forbidden(String why) {
      super(why, null, false, false);
    }
  }

  /** A name that stands for no address may come to stand for one: it is checked when it is used. */
  @Override
  public Future<Optional<String>> refusal(String url) {
    Optional<String> refused = rules.refusedUrl(url);
    if (refused.isPresent()) {
      return Future.succeededFuture(refused);
    }
    return addresses(URI.create(url).getHost())
        .map(Optional.<String>empty())
        .recover(
            cause ->
                Future.succeededFuture(
                    cause instanceof Forbidden
                        ? Optional.of(
                            "Invalid URL: it must be reachable from the internet, not an address"
                                + " within a network.")
                        : Optional.empty()));
  }

  /**
   * The addresses of a host, every one of them allowed. Fails {@link Forbidden} where one is not:
   * which of them a connection takes must not decide.
   */
  Future<List<InetAddress>> addresses(String host) {
    Optional<InetAddress> literal = TargetRules.literal(host);
    Future<List<InetAddress>> found =
        literal.isPresent()
            ? Future.succeededFuture(List.of(literal.get()))
            : names.lookup(host).timeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    return found.map(
        addresses -> {
          if (addresses.isEmpty()) {
            throw new IllegalStateException("no address");
          }
          for (InetAddress address : addresses) {
            Optional<String> refused = rules.refusedAddress(address);
            if (refused.isPresent()) {
              throw new Forbidden(refused.get());
            }
          }
          return addresses;
        });
  }
}
