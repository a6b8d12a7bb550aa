package outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where webhooks may go, address by address. */
class TargetRulesTest {
  private final TargetRules strict = new TargetRules(false, false);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "::ffff:168.63.129.16",
        "64:ff9b::168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.170",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.7",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::10.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::1.1.1.1",
        "100::1",
        "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2002:c0a8:101::1",
        "2a00:1450::5efe:10.0.0.1",
        "2a00:1450::200:5efe:192.168.0.1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1"
      })
  void refusesWhatIsNotPublic(String address) {
    InetAddress parsed = InetAddress.ofLiteral(address);
    assertThat(strict.refusedAddress(parsed)).isPresent();
    assertThat(new TargetRules(true, true).refusedAddress(parsed)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.1",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "2002:808:808::1",
        "2001:4860:4860::8888",
        "2606:4700::1111",
        "2a00:1450::5efe:8.8.8.8"
      })
  void letsPublicAddressesPass(String address) {
    assertThat(strict.refusedAddress(InetAddress.ofLiteral(address))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.com, true, true",
    "https://example.com:8443/a?b=c, true, true",
    "HTTPS://example.com/, true, true",
    "https://[2606:4700::1111]/, true, true",
    "http://example.com/hook, false, true",
    "ftp://example.com, false, false",
    "example.com, false, false",
    "https://, false, false",
    "https:///path, false, false",
    "https://user@example.com, false, false",
    "https://user:pw@example.com, false, false",
    "https://exa mple.com, false, false",
    "https://example.com:0, false, false",
    "https://example.com:65536, false, false",
    "https://ex%61mple.com, false, false",
    "javascript:alert(1), false, false"
  })
  void judgesTheFormOfAUrl(String url, boolean production, boolean test) {
    assertThat(strict.refusedUrl(url).isEmpty()).isEqualTo(production);
    assertThat(new TargetRules(true, false).refusedUrl(url).isEmpty()).isEqualTo(test);
  }

  @Test
  void refusesANameWhenOnlyOneOfItsAddressesIsPrivate() {
    var guard = guard(Future.succeededFuture(List.of(address("1.1.1.1"), address("10.0.0.1"))));
    assertThat(guard.refusal("https://mixed.example").await()).isPresent();
    assertThat(guard.addresses("mixed.example").cause())
        .isInstanceOf(TargetGuard.Forbidden.class)
        .hasMessageContaining("10.0.0.1");
  }

  @Test
  void refusesAnAddressInTheUrlHoweverItIsWritten() {
    var guard = guard(Future.failedFuture("no such name"));
    for (String host : List.of("10.0.0.1", "[::1]", "[::ffff:10.0.0.1]", "127.1", "2130706433")) {
      assertThat(guard.refusal("https://" + host + "/").await()).as(host).isPresent();
    }
  }

  @Test
  void takesANameThatIsNotThereYetBecauseItIsCheckedWhenItIsUsed() {
    var guard = guard(Future.failedFuture("no such name"));
    assertThat(guard.refusal("https://soon.example").await()).isEmpty();
    assertThat(guard.addresses("soon.example").failed()).isTrue();
  }

  private TargetGuard guard(Future<List<InetAddress>> answer) {
    return new TargetGuard(strict, host -> answer, Duration.ofSeconds(30));
  }

  private static InetAddress address(String literal) {
    return InetAddress.ofLiteral(literal);
  }
}
