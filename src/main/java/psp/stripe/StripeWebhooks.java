package psp.stripe;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import psp.PspFact;
import psp.PspWebhooks;

/** One Stripe account's webhooks (Stripe documentation: "Receive Stripe events"). */
final class StripeWebhooks implements PspWebhooks {
  private static final Acknowledgement ACKNOWLEDGEMENT =
      new Acknowledgement("application/json", "{\"received\":true}");
  private static final char REPLACEMENT = '\uFFFD';

  private final StripeSettings.Webhooks settings;

  StripeWebhooks(StripeSettings.Webhooks settings) {
    this.settings = settings;
  }

  @Override
  public Check check(Function<String, @Nullable String> header, Buffer body, Instant now) {
    if (settings.secrets().isEmpty()) {
      return new Refused(Refused.Why.NO_SECRET, "no webhook secret is configured for this account");
    }
    byte[] bytes = body.getBytes();
    String fault =
        StripeSignature.fault(
            header.apply(StripeSignature.HEADER),
            bytes,
            settings.secrets(),
            now,
            settings.tolerance());
    return fault == null ? signed(body, bytes) : new Refused(Refused.Why.SIGNATURE, fault);
  }

  private Check signed(Buffer body, byte[] bytes) {
    String text = text(bytes);
    Optional<StripeEnvelope> read = text == null ? Optional.empty() : StripeEnvelope.of(text);
    if (read.isEmpty()) {
      return new Refused(Refused.Why.UNREADABLE, "the body is not an event in JSON");
    }
    StripeEnvelope event = read.get();
    if (event.livemode() != null && event.livemode() != settings.livemode()) {
      return new Refused(
          Refused.Why.UNREADABLE,
          event.livemode()
              ? "the event is a live one, the account is configured for tests"
              : "the event is a test one, the account is configured as live");
    }
    String type = event.type();
    return new Genuine(
        List.of(new Item(event.id(), type, event.subject(), body, StripeFacts.irrelevance(type))));
  }

  /** Strict UTF-8; null for what is not. */
  private static @Nullable String text(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    // What is malformed was replaced by this; only where it is met the slow way has to tell.
    return text.indexOf(REPLACEMENT) < 0 ? text : strictText(bytes);
  }

  private static @Nullable String strictText(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  @Override
  public Acknowledgement acknowledgement() {
    return ACKNOWLEDGEMENT;
  }

  @Override
  public PspFact read(String type, String body) {
    return StripeFacts.of(type, body);
  }
}
