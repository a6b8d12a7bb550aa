package psp.adyen;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import psp.PspFact;
import psp.PspWebhooks;

/**
 * One Adyen account's webhooks (Adyen docs: "Webhooks", standard notifications in JSON). One
 * request may hold several items, each signed for itself; with one that is not, none is taken, and
 * Adyen sends all of them again.
 */
final class AdyenWebhooks implements PspWebhooks {
  /** Adyen takes nothing else for "got it" from older accounts. */
  private static final Acknowledgement ACKNOWLEDGEMENT =
      new Acknowledgement("text/plain", "[accepted]");

  private static final Pattern WORD = Pattern.compile("[\\x21-\\x7e]{1,100}");
  private static final int HASH_LENGTH = 32;

  private final AdyenSettings settings;
  private final AdyenFacts facts;

  AdyenWebhooks(AdyenSettings settings) {
    this.settings = settings;
    this.facts = new AdyenFacts(settings.merchantAccount());
  }

  @Override
  public Check check(Function<String, @Nullable String> header, Buffer body, Instant now) {
    if (settings.hmacKeys().isEmpty()) {
      return new Refused(Refused.Why.NO_SECRET, "no HMAC key is configured for this account");
    }
    JsonObject notification = notification(body);
    if (notification == null
        || !(notification.getValue("notificationItems") instanceof JsonArray wrapped)
        || wrapped.isEmpty()) {
      return unreadable("the body is not a notification in JSON");
    }
    var items = new ArrayList<Item>();
    for (Object each : wrapped) {
      JsonObject item =
          each instanceof JsonObject wrapper
              ? AdyenJson.object(wrapper, "NotificationRequestItem")
              : null;
      if (item == null) {
        return unreadable("an item of the notification is not one");
      }
      String fault = AdyenSignature.fault(item, settings.hmacKeys());
      if (fault != null) {
        return new Refused(Refused.Why.SIGNATURE, fault);
      }
      Optional<Item> named = named(item);
      if (named.isEmpty()) {
        return unreadable("an item names no event or no reference");
      }
      items.add(named.get());
    }
    return inMode(notification) ? new Genuine(items) : unreadable(otherMode());
  }

  private boolean inMode(JsonObject notification) {
    Object live = notification.getValue("live");
    return live == null || String.valueOf(live).equals(String.valueOf(settings.livemode()));
  }

  private String otherMode() {
    return settings.livemode()
        ? "the event is a test one, the account is configured as live"
        : "the event is a live one, the account is configured for tests";
  }

  private static Check unreadable(String why) {
    return new Refused(Refused.Why.UNREADABLE, why);
  }

  /** Strict UTF-8 and JSON; null for what is not. */
  private static @Nullable JsonObject notification(Buffer body) {
    String text;
    try {
      text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body.getBytes())).toString();
    } catch (CharacterCodingException notUtf8) {
      return null;
    }
    return AdyenJson.object(text).orElse(null);
  }

  /**
   * An item under the name by which it is known when it is told again: Adyen gives its items no id,
   * and may tell the same references and event with another content, which is another event then.
   */
  private static Optional<Item> named(JsonObject item) {
    String code = AdyenJson.filled(item, "eventCode");
    String reference = AdyenJson.filled(item, "pspReference");
    String success = String.valueOf(item.getValue("success"));
    if (code == null || reference == null || !WORD.matcher(code).matches()) {
      return Optional.empty();
    }
    String body = item.encode();
    String shown = WORD.matcher(reference).matches() ? reference : "";
    String name = String.join(":", shown, code, success, hash(body));
    String original = AdyenJson.filled(item, "originalReference");
    String subject = original == null ? shown : original;
    return Optional.of(
        new Item(
            name,
            code,
            WORD.matcher(subject).matches() ? subject : hash(subject),
            Buffer.buffer(body),
            AdyenFacts.irrelevance(code)));
  }

  private static String hash(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, HASH_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public Acknowledgement acknowledgement() {
    return ACKNOWLEDGEMENT;
  }

  @Override
  public PspFact read(String type, String body) {
    return facts.of(type, body);
  }
}
