package outbox;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where webhooks may be sent, so that nobody makes Sluice call what is inside its own network: the
 * form of a URL, and the addresses that a name may stand for. Pure: names are looked up elsewhere.
 *
 * <p>IPv4 addresses are refused by the ranges of IANA's special-purpose registry (RFC 6890), and by
 * what clouds put elsewhere. Of IPv6 only global unicast passes, less what is special in it; an
 * IPv4 address that is embedded in one counts as that address.
 *
 * @param plainHttp whether http passes beside https
 * @param anyAddress whether every address passes
 */
public record TargetRules(boolean plainHttp, boolean anyAddress) {
  private static final int MAX_PORT = 65_535;
  private static final int V4_BYTES = 4;

  private static final List<Range> REFUSED_V4 =
      List.of(
          Range.of("0.0.0.0", 8, "unspecified"),
          Range.of("10.0.0.0", 8, "private"),
          Range.of("100.64.0.0", 10, "shared by a carrier"),
          Range.of("127.0.0.0", 8, "loopback"),
          // Public by its number, yet each machine on Azure reaches its host there.
          Range.of("168.63.129.16", 32, "a cloud's host service"),
          Range.of("169.254.0.0", 16, "link-local"),
          Range.of("172.16.0.0", 12, "private"),
          Range.of("192.0.0.0", 24, "reserved"),
          Range.of("192.0.2.0", 24, "for documentation"),
          Range.of("192.88.99.0", 24, "a relay"),
          Range.of("192.168.0.0", 16, "private"),
          Range.of("198.18.0.0", 15, "for benchmarks"),
          Range.of("198.51.100.0", 24, "for documentation"),
          Range.of("203.0.113.0", 24, "for documentation"),
          Range.of("224.0.0.0", 4, "multicast"),
          Range.of("240.0.0.0", 4, "reserved"));

  private static final Range GLOBAL_UNICAST = Range.of("2000::", 3, "global");

  private static final List<Range> REFUSED_V6 =
      List.of(
          Range.of("2001::", 23, "reserved"),
          Range.of("2001:db8::", 32, "for documentation"),
          Range.of("3fff::", 20, "for documentation"));

  private static final List<Embedding> EMBEDDINGS =
      List.of(
          new Embedding(Range.of("64:ff9b::", 96, "translated"), 12),
          new Embedding(Range.of("2002::", 16, "tunnelled"), 2));

  /** In ISATAP's interface identifiers the last four bytes are an IPv4 address (RFC 5214). */
  private static final byte[] ISATAP = {0, 0, 0x5e, (byte) 0xfe};

  private static final byte[] ISATAP_GLOBAL = {2, 0, 0x5e, (byte) 0xfe};
  private static final int ISATAP_AT = 8;
  private static final int ISATAP_V4_AT = 12;

  private static final class Range {
    private final byte[] prefix;
    private final int bits;
    private final String name;

    private Range(byte[] prefix, int bits, String name) {
      this.prefix = prefix;
      this.bits = bits;
      this.name = name;
    }

    String name() {
      return name;
    }

    static Range of(String address, int bits, String name) {
      return new Range(InetAddress.ofLiteral(address).getAddress(), bits, name);
    }

    boolean holds(byte[] address) {
      if (address.length != prefix.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> bit % 8;
        if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  /** IPv6 addresses that stand for an IPv4 address, and where in them it is. */
  private record Embedding(Range range, int at) {}

  /** Why a URL may not be used, for a merchant's developer; empty where its form is fine. */
  public Optional<String> refusedUrl(String url) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException malformed) {
      return Optional.of("Not a valid URL.");
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http")) {
      return Optional.of("Invalid URL: it must start with https:// or http://.");
    }
    if (scheme.equals("http") && !plainHttp) {
      return Optional.of("Invalid URL: it must start with https://.");
    }
    if (uri.getRawUserInfo() != null) {
      return Optional.of("Invalid URL: it must not hold a user or a password.");
    }
    if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > MAX_PORT) {
      return Optional.of("Not a valid URL: it needs a host, and a port if any from 1 to 65535.");
    }
    return Optional.empty();
  }

  /** Why an address may not be connected to; empty where it may. */
  public Optional<String> refusedAddress(InetAddress address) {
    if (anyAddress) {
      return Optional.empty();
    }
    byte[] bytes = address.getAddress();
    return (bytes.length == V4_BYTES ? refusedV4(bytes) : refusedV6(bytes))
        .map(why -> address.getHostAddress() + " is " + why);
  }

  private static Optional<String> refusedV4(byte[] address) {
    return REFUSED_V4.stream().filter(it -> it.holds(address)).map(Range::name).findFirst();
  }

  private static Optional<String> refusedV6(byte[] address) {
    for (Embedding embedding : EMBEDDINGS) {
      if (embedding.range.holds(address)) {
        return refusedV4(part(address, embedding.at));
      }
    }
    if (!GLOBAL_UNICAST.holds(address)) {
      // Loopback, unspecified, mapped and compatible IPv4, unique local, link-local, multicast.
      return Optional.of("not a public address");
    }
    byte[] identifier = part(address, ISATAP_AT);
    if (Arrays.equals(identifier, ISATAP) || Arrays.equals(identifier, ISATAP_GLOBAL)) {
      Optional<String> refused = refusedV4(part(address, ISATAP_V4_AT));
      if (refused.isPresent()) {
        return refused;
      }
    }
    return REFUSED_V6.stream().filter(it -> it.holds(address)).map(Range::name).findFirst();
  }

  private static byte[] part(byte[] address, int at) {
    return Arrays.copyOfRange(address, at, at + V4_BYTES);
  }

  /** The address that a host written as one stands for; empty where it is a name. */
  static Optional<InetAddress> literal(String host) {
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    try {
      return Optional.of(InetAddress.ofLiteral(bare));
    } catch (IllegalArgumentException name) {
      return Optional.empty();
    }
  }
}
