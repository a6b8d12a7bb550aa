package psp.adyen;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import psp.PspWebhooks.Acknowledgement;
import psp.PspWebhooks.Check;
import psp.PspWebhooks.Genuine;
import psp.PspWebhooks.Item;
import psp.PspWebhooks.Refused;

/** Which webhooks are taken, and how their items are named. */
final class AdyenWebhooksTest {
  static final String KEY = "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF";
  private static final String OTHER = "FF".repeat(32);

  private final AdyenWebhooks webhooks = webhooks(false, List.of(KEY));

  static AdyenWebhooks webhooks(boolean livemode, List<String> keys) {
    return new AdyenWebhooks(
        new AdyenSettings(
            "adyen_test",
            URI.create("http://localhost"),
            "key",
            Commands.MERCHANT_ACCOUNT,
            livemode,
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            1,
            1,
            keys));
  }

  private static JsonObject item(String code, String reference) {
    return new JsonObject()
        .put("pspReference", reference)
        .put("merchantAccountCode", Commands.MERCHANT_ACCOUNT)
        .put("merchantReference", "sluice-authorize-1")
        .put("amount", new JsonObject().put("currency", "EUR").put("value", 1099))
        .put("eventCode", code)
        .put("eventDate", "2026-01-01T01:00:00+01:00")
        .put("success", "true")
        .put("additionalData", new JsonObject());
  }

  private static JsonObject signed(JsonObject item, String key) {
    byte[] signature =
        AdyenSignature.hmac(key, AdyenSignature.payload(item).getBytes(StandardCharsets.UTF_8));
    JsonObject copy = item.copy();
    copy.getJsonObject("additionalData")
        .put("hmacSignature", Base64.getEncoder().encodeToString(signature));
    return copy;
  }

  private static JsonObject notification(JsonObject... items) {
    var wrapped = new JsonArray();
    for (JsonObject item : items) {
      wrapped.add(new JsonObject().put("NotificationRequestItem", item));
    }
    return new JsonObject().put("live", "false").put("notificationItems", wrapped);
  }

  private static Check check(AdyenWebhooks webhooks, JsonObject notification) {
    return webhooks.check(name -> null, notification.toBuffer(), Instant.EPOCH);
  }

  private List<Item> taken(JsonObject... items) {
    Check check = check(webhooks, notification(items));
    assertThat(check).isInstanceOf(Genuine.class);
    return ((Genuine) check).items();
  }

  @Test
  void takesEachItemOfABatchByItself() {
    JsonObject first = signed(item("AUTHORISATION", "PSP1"), KEY);
    JsonObject second = signed(item("CAPTURE", "MOD1").put("originalReference", "PSP1"), KEY);
    List<Item> items = taken(first, second);
    assertThat(items).extracting(Item::type).containsExactly("AUTHORISATION", "CAPTURE");
    assertThat(items).extracting(Item::subject).containsOnly("PSP1");
    assertThat(items)
        .extracting(item -> item.body().toString())
        .containsExactly(first.encode(), second.encode());
    assertThat(items.getFirst().name()).matches("PSP1:AUTHORISATION:true:[0-9a-f]{32}");
  }

  @Test
  void theSameItemToldAgainHasTheSameName() {
    JsonObject item = signed(item("AUTHORISATION", "PSP1"), KEY);
    assertThat(taken(item).getFirst().name()).isEqualTo(taken(item.copy()).getFirst().name());
  }

  @Test
  void whatDiffersInAnythingHasAnotherName() {
    String name = taken(signed(item("AUTHORISATION", "PSP1"), KEY)).getFirst().name();
    for (JsonObject other :
        new JsonObject[] {
          item("AUTHORISATION", "PSP2"),
          item("CAPTURE", "PSP1"),
          item("AUTHORISATION", "PSP1").put("success", "false"),
          item("AUTHORISATION", "PSP1").put("reason", "another")
        }) {
      assertThat(taken(signed(other, KEY)).getFirst().name()).isNotEqualTo(name);
    }
  }

  @Test
  void namesAreShortWhateverTheReferenceIs() {
    JsonObject item = signed(item("REPORT_AVAILABLE", "a report of\n" + "x".repeat(500)), KEY);
    Item taken = taken(item).getFirst();
    assertThat(taken.name()).hasSizeLessThan(255).matches("[\\x21-\\x7e]+");
    assertThat(taken.subject()).hasSizeLessThan(255).matches("[\\x21-\\x7e]+");
  }

  @Property(tries = 40, seed = "20261130")
  void takesNoNotificationOfWhichASignedBitIsAnother(
      @ForAll @AlphaChars @NumericChars @StringLength(min = 1, max = 20) String reference,
      @ForAll @LongRange(min = 0, max = 99_999_999) long value) {
    JsonObject item = item("AUTHORISATION", reference).put("originalReference", "PSP0");
    item.getJsonObject("amount").put("value", value);
    JsonObject signed = signed(item, KEY);
    byte[] sent = notification(signed).encode().getBytes(StandardCharsets.UTF_8);
    assertThat(received(sent)).isInstanceOf(Genuine.class);
    String text = new String(sent, StandardCharsets.UTF_8);
    String signature = signed.getJsonObject("additionalData").getString("hmacSignature");
    for (String part :
        List.of(
            signature,
            "\"pspReference\":\"" + reference + "\"",
            "\"value\":" + value,
            "\"currency\":\"EUR\"",
            "\"success\":\"true\"",
            "\"AUTHORISATION\"")) {
      int start = text.indexOf(part);
      assertThat(start).isPositive();
      for (int bit = 8 * start; bit < 8 * (start + part.length()); bit++) {
        byte[] changed = sent.clone();
        changed[bit / 8] ^= (byte) (1 << (bit % 8));
        assertThat(received(changed))
            .as(new String(changed, StandardCharsets.UTF_8))
            .isInstanceOf(Refused.class);
      }
    }
  }

  private Check received(byte[] body) {
    return webhooks.check(name -> null, Buffer.buffer(body), Instant.EPOCH);
  }

  @Test
  void refusesAllOfABatchWithOneItemThatIsNotGenuine() {
    Check check =
        check(
            webhooks,
            notification(
                signed(item("AUTHORISATION", "PSP1"), KEY),
                signed(item("AUTHORISATION", "PSP2"), OTHER)));
    assertThat(check)
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(Refused.Why.SIGNATURE));
  }

  @Test
  void takesWhatEitherOfTwoKeysSigned() {
    for (String key : new String[] {KEY, OTHER}) {
      assertThat(
              check(
                  webhooks(false, List.of(KEY, OTHER)),
                  notification(signed(item("AUTHORISATION", "PSP1"), key))))
          .isInstanceOf(Genuine.class);
    }
  }

  @Test
  void takesNothingWithoutAKey() {
    assertThat(
            check(
                webhooks(false, List.of("")),
                notification(signed(item("AUTHORISATION", "PSP1"), KEY))))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(Refused.Why.NO_SECRET));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "{}",
        "{broken",
        "{\"notificationItems\":[]}",
        "{\"notificationItems\":{}}",
        "{\"notificationItems\":[1]}",
        "{\"notificationItems\":[{\"NotificationRequestItem\":[]}]}",
      })
  void refusesWhatIsNoNotification(String body) {
    assertThat(webhooks.check(name -> null, Buffer.buffer(body), Instant.EPOCH))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(Refused.Why.UNREADABLE));
  }

  @Test
  void refusesWhatIsNotUtf8() {
    assertThat(
            webhooks.check(
                name -> null,
                Buffer.buffer(new byte[] {'{', (byte) 0xc3, (byte) 0x28, '}'}),
                Instant.EPOCH))
        .isInstanceOf(Refused.class);
  }

  @Test
  void refusesEventsOfTheOtherMode() {
    JsonObject notification = notification(signed(item("AUTHORISATION", "PSP1"), KEY));
    assertThat(check(webhooks, notification.copy().put("live", "true")))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.why()).contains("live one"));
    assertThat(check(webhooks(true, List.of(KEY)), notification))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.why()).contains("test one"));
  }

  @Test
  void isAcknowledgedAsAdyenWantsIt() {
    assertThat(webhooks.acknowledgement())
        .isEqualTo(new Acknowledgement("text/plain", "[accepted]"));
  }
}
