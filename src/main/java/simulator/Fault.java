package simulator;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What can go wrong with one call. "After effect" means that the provider did as asked, and its
 * truth says so.
 */
public sealed interface Fault {

  /**
   * Takes its time, before or after the effect; the effect comes even if the caller is gone by
   * then.
   */
  record Delay(Latency latency, boolean afterEffect) implements Fault {}

  /**
   * Never answers, until released or the connection is closed; without effect in the latter case.
   */
  record Hang(boolean afterEffect) implements Fault {}

  /** Closes the connection instead of answering. */
  record Drop(boolean afterEffect) implements Fault {}

  /**
   * Answers with an error.
   *
   * @param kept whether the provider keeps this answer under the idempotency key and replays it;
   *     when not, a repeat of a call with effect gets the true answer
   */
  record Failure(Refusal refusal, boolean afterEffect, boolean kept) implements Fault {}

  /** Something before the provider answers in its place, and nothing reaches the provider. */
  record Page(int status) implements Fault {}

  /** Does as asked and answers 200 with rubbish; a replay gets the true answer. */
  record Garbage(Form form) implements Fault {
    /** Which rubbish. */
    public enum Form {
      NOT_JSON,
      TRUNCATED,
      EMPTY;

      Buffer apply(Buffer body) {
        return switch (this) {
          case NOT_JSON -> Buffer.buffer("<html><body>Bad gateway</body></html>");
          case TRUNCATED -> body.slice(0, body.length() / 2);
          case EMPTY -> Buffer.buffer();
        };
      }
    }
  }

  /** Does as asked and says something else; a replay gets the true answer. */
  record Misstatement(Field field, long skewMinor, String value) implements Fault {
    /** What is wrong in the answer. */
    public enum Field {
      AMOUNT,
      CURRENCY,
      STATUS
    }
  }

  /** Moves another amount than asked for, and says so. */
  record WrongAmount(long skewMinor) implements Fault {}

  static Fault delay(Duration time) {
    return new Delay(new Latency.Fixed(time), false);
  }

  static Fault delay(Latency latency) {
    return new Delay(latency, false);
  }

  /** Answers late, although everything is done at once. */
  static Fault answerLate(Duration time) {
    return new Delay(new Latency.Fixed(time), true);
  }

  static Fault hang() {
    return new Hang(false);
  }

  static Fault hangAfterEffect() {
    return new Hang(true);
  }

  /** The connection goes away before anything is done. */
  static Fault reset() {
    return new Drop(false);
  }

  /** Everything is done, the answer is lost. */
  static Fault answerLost() {
    return new Drop(true);
  }

  /** A 5xx, nothing done, and the next try with the same key is carried out. */
  static Fault serverError(int status) {
    return new Failure(new Refusal(Refusal.Kind.SERVER_ERROR, status, null), false, false);
  }

  /** A 5xx, nothing done, and the same 5xx on every repeat with the same key. */
  static Fault serverErrorKept(int status) {
    return new Failure(new Refusal(Refusal.Kind.SERVER_ERROR, status, null), false, true);
  }

  /** A 5xx although everything is done, and the truth on a repeat with the same key. */
  static Fault serverErrorAfterEffect(int status) {
    return new Failure(new Refusal(Refusal.Kind.SERVER_ERROR, status, null), true, false);
  }

  /** A 5xx although everything is done, and the same 5xx on every repeat with the same key. */
  static Fault serverErrorAfterEffectKept(int status) {
    return new Failure(new Refusal(Refusal.Kind.SERVER_ERROR, status, null), true, true);
  }

  static Fault rateLimited(@Nullable Duration retryAfter) {
    return new Failure(new Refusal(Refusal.Kind.RATE_LIMITED, 429, retryAfter), false, false);
  }

  static Fault unauthorized() {
    return new Failure(new Refusal(Refusal.Kind.UNAUTHORIZED, 401, null), false, false);
  }

  static Fault keyInUse() {
    return new Failure(new Refusal(Refusal.Kind.IDEMPOTENCY_KEY_IN_USE, 409, null), false, false);
  }

  static Fault lockTimeout() {
    return new Failure(new Refusal(Refusal.Kind.LOCK_TIMEOUT, 429, null), false, false);
  }

  /** A firewall's or a CDN's page instead of an answer: nothing is done. */
  static Fault page(int status) {
    return new Page(status);
  }

  static Fault notJson() {
    return new Garbage(Garbage.Form.NOT_JSON);
  }

  static Fault truncated() {
    return new Garbage(Garbage.Form.TRUNCATED);
  }

  static Fault emptyBody() {
    return new Garbage(Garbage.Form.EMPTY);
  }

  /** Says another amount than it moved. */
  static Fault misstateAmount(long skewMinor) {
    return new Misstatement(Misstatement.Field.AMOUNT, skewMinor, "");
  }

  static Fault misstateCurrency(String currency) {
    return new Misstatement(Misstatement.Field.CURRENCY, 0, currency);
  }

  static Fault misstateStatus(String status) {
    return new Misstatement(Misstatement.Field.STATUS, 0, status);
  }

  /** Moves another amount than asked for, and says so. */
  static Fault wrongAmount(long skewMinor) {
    return new WrongAmount(skewMinor);
  }
}
