package simulator.webhooks;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import simulator.Latency;

/** What can go wrong with the sending of one event; all that strike an event happen together. */
public sealed interface WebhookFault {

  /** Is sent late; so are its copies. */
  record Delay(Latency latency) implements WebhookFault {}

  /**
   * Is sent more than once.
   *
   * @param copies beside the first sending
   * @param spacing how much later than the first each of them is sent
   */
  record Duplicate(int copies, Latency spacing) implements WebhookFault {}

  /**
   * Is held back with others until there are enough, or until the first of them has waited long
   * enough; then they go in random order.
   */
  record Shuffle(int window, Duration longest) implements WebhookFault {}

  /**
   * Is not sent.
   *
   * @param resendAfter when it is sent after all; null for when told to
   */
  record Drop(@Nullable Duration resendAfter) implements WebhookFault {}

  /**
   * Is signed with a secret that is none.
   *
   * @param mended whether the repeats of a refused one are signed rightly
   */
  record WrongSignature(boolean mended) implements WebhookFault {}

  /** Is delivered before the call that caused it is answered. */
  record BeforeAnswer() implements WebhookFault {}

  /**
   * Goes back in status: after it was delivered, another event says what the one before it on the
   * same object said, with the object as it was then.
   */
  record Stale(Latency after) implements WebhookFault {}

  static WebhookFault delay(Duration time) {
    return new Delay(new Latency.Fixed(time));
  }

  static WebhookFault delay(Latency latency) {
    return new Delay(latency);
  }

  /** Copies that are sent at once. */
  static WebhookFault duplicate(int copies) {
    return new Duplicate(copies, Latency.NONE);
  }

  static WebhookFault duplicate(int copies, Latency spacing) {
    return new Duplicate(copies, spacing);
  }

  static WebhookFault shuffle(int window, Duration longest) {
    return new Shuffle(window, longest);
  }

  /** Lost until told to be sent. */
  static WebhookFault drop() {
    return new Drop(null);
  }

  static WebhookFault dropAndResend(Duration after) {
    return new Drop(after);
  }

  /** Wrongly signed once. */
  static WebhookFault wrongSignature() {
    return new WrongSignature(true);
  }

  /** Wrongly signed every time, until it is given up. */
  static WebhookFault wrongSignatureForEver() {
    return new WrongSignature(false);
  }

  static WebhookFault beforeAnswer() {
    return new BeforeAnswer();
  }

  static WebhookFault stale() {
    return new Stale(Latency.NONE);
  }

  static WebhookFault stale(Latency after) {
    return new Stale(after);
  }
}
