package psp.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static psp.stripe.SignedEvents.NOW;
import static psp.stripe.SignedEvents.SECRET;
import static psp.stripe.SignedEvents.bytes;
import static psp.stripe.SignedEvents.event;
import static psp.stripe.SignedEvents.headers;
import static psp.stripe.SignedEvents.signed;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import psp.PspWebhooks.Check;
import psp.PspWebhooks.Genuine;
import psp.PspWebhooks.Item;
import psp.PspWebhooks.Refused;

/** Which webhooks are taken, and how their events are named. */
final class StripeWebhooksTest {
  private final StripeWebhooks webhooks = webhooks(false, List.of(SECRET));

  private static StripeWebhooks webhooks(boolean livemode, List<String> secrets) {
    return new StripeWebhooks(
        new StripeSettings.Webhooks(livemode, secrets, Duration.ofMinutes(5)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "payment_intent.succeeded | {'object':'payment_intent','id':'pi_1'} | pi_1 |",
        "charge.succeeded | {'id':'ch_1','payment_intent':'pi_1'} | pi_1 | told by"
            + " payment_intent.*",
        "charge.succeeded | {'id':'ch_1','payment_intent':{'a':[{'id':'x'}],'id':'pi_1'}} | pi_1 |"
            + " told by payment_intent.*",
        "refund.created | {'payment_intent':'pi_1','id':'re_1'} | pi_1 |",
        "refund.created | {'payment_intent':null,'id':'re_1'} | re_1 |",
        "charge.refund.updated | {'payment_intent':null,'id':'re_1'} | re_1 | told by refund.*",
        "charge.dispute.created | {'id':'dp_1','charge':{'payment_intent':'pi_2'}} | dp_1 |",
        "customer.created | {'id':'cus_1'} | cus_1 | type not used: customer.created",
        "balance.available | {'object':'balance'} | evt_1 | type not used: balance.available",
        "odd | [1] | evt_1 | type not used: odd"
      })
  void namesAnEventAndWhatItIsAbout(
      String type, String object, String subject, @Nullable String ignored) {
    String body = event(type, object.replace('\'', '"'));
    assertThat(check(body))
        .isEqualTo(
            new Genuine(List.of(new Item("evt_1", type, subject, Buffer.buffer(body), ignored))));
  }

  @Test
  void keepsTheBodyAsItCame() {
    String body = "\n { " + event("a.b", "{\"id\":\"é\\u0000\",\"n\":1.50}").substring(1) + "\n";
    assertThat(check(body))
        .isInstanceOfSatisfying(
            Genuine.class,
            genuine -> assertThat(genuine.items().getFirst().body().toString()).isEqualTo(body));
  }

  @Test
  void readsNothingOfWhatIsNotSigned() {
    assertThat(webhooks.check(headers("t=1800000000,v1=ab"), bytes("nonsense"), NOW))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(Refused.Why.SIGNATURE));
    assertThat(webhooks.check(name -> null, bytes(event("a.b", "{}")), NOW))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(Refused.Why.SIGNATURE));
  }

  @Test
  void takesNothingWhereNoSecretIsConfigured() {
    String body = event("a.b", "{}");
    for (var none : List.of(List.<String>of(), List.of(""), List.of("  "))) {
      Check check =
          webhooks(false, none).check(headers(signed(body, SECRET, NOW)), bytes(body), NOW);
      assertThat(check)
          .isInstanceOfSatisfying(
              Refused.class,
              refused -> assertThat(refused.reason()).isEqualTo(Refused.Why.NO_SECRET));
    }
  }

  @Test
  void takesEventsOfTheAccountsModeOnly() {
    String test = event("a.b", "{\"id\":\"x\",\"livemode\":true}");
    String live = test.replaceFirst("\"livemode\":false", "\"livemode\":true");
    assertThat(check(webhooks(false, List.of(SECRET)), test)).isInstanceOf(Genuine.class);
    assertThat(check(webhooks(true, List.of(SECRET)), live)).isInstanceOf(Genuine.class);
    assertUnreadable(check(webhooks(false, List.of(SECRET)), live), "a live one");
    assertUnreadable(check(webhooks(true, List.of(SECRET)), test), "a test one");
    String silent = test.replaceFirst("\"livemode\":false,", "");
    assertThat(check(webhooks(true, List.of(SECRET)), silent)).isInstanceOf(Genuine.class);
  }

  static Stream<String> noEvents() {
    String good = event("a.b", "{\"id\":\"x\"}");
    return Stream.of(
        "",
        "nonsense",
        "null",
        "[]",
        "{}",
        "\"text\"",
        good + good,
        good + "x",
        good.substring(0, good.length() - 1),
        good.replace("\"id\":\"evt_1\",", ""),
        good.replace("\"evt_1\"", "7"),
        good.replace("\"evt_1\"", "\"\""),
        good.replace("\"evt_1\"", "{\"id\":\"evt_1\"}"),
        good.replace("\"evt_1\"", "\"evt 1\""),
        good.replace("\"evt_1\"", "\"evt_\\u0000\""),
        good.replace("\"evt_1\"", "\"" + "e".repeat(256) + "\""),
        good.replace("\"type\":\"a.b\"", "\"type\":null"),
        good.replace("\"object\":\"event\",", ""),
        event("a.b", "{\"a\":".repeat(100) + "1" + "}".repeat(100)),
        event("a.b", "[".repeat(100_000)),
        event("a.b", "{\"n\":" + "9".repeat(1_000) + "}"));
  }

  @ParameterizedTest
  @MethodSource("noEvents")
  void refusesWhatIsSignedButNoEvent(String body) {
    assertUnreadable(check(body), "not an event");
  }

  @Test
  void refusesWhatIsNotUtf8() throws GeneralSecurityException {
    byte[] body = event("a.b", "{\"id\":\"x\u00e9\"}").getBytes(StandardCharsets.ISO_8859_1);
    assertUnreadable(
        webhooks.check(headers(signedBytes(body)), Buffer.buffer(body), NOW), "not an event");
  }

  /** The parser would take them, and the database would not. */
  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE"})
  void refusesOtherEncodings(String charset) throws GeneralSecurityException {
    byte[] body = event("a.b", "{\"id\":\"x\"}").getBytes(Charset.forName(charset));
    assertUnreadable(
        webhooks.check(headers(signedBytes(body)), Buffer.buffer(body), NOW), "not an event");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uFEFF%s", "%s\0", "\0%s", ""})
  void refusesMarksAndNul(String around) {
    assertUnreadable(check(around.formatted(event("a.b", "{\"id\":\"x\"}"))), "not an event");
  }

  private static String signedBytes(byte[] body)
      throws GeneralSecurityException, InvalidKeyException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    mac.update((NOW.getEpochSecond() + ".").getBytes(StandardCharsets.US_ASCII));
    return "t=" + NOW.getEpochSecond() + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body));
  }

  private Check check(String body) {
    return check(webhooks, body);
  }

  private static Check check(StripeWebhooks by, String body) {
    return by.check(headers(signed(body, SECRET, NOW)), bytes(body), NOW);
  }

  private static void assertUnreadable(Check check, String why) {
    assertThat(check)
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(Refused.Why.UNREADABLE);
              assertThat(refused.why()).contains(why);
            });
  }
}
