package outbox;

import org.jspecify.annotations.Nullable;

/**
 * What became of a POST.
 *
 * @param status the answer's status, null where there was none
 * @param error why it failed, null where it was taken
 */
record PostOutcome(Kind kind, @Nullable Integer status, @Nullable String error) {

  /** The kinds of outcome, for metrics. */
  enum Kind {
    DELIVERED,
    /** An answer with another status than 2xx. */
    REFUSED,
    REDIRECT,
    TIMEOUT,
    /** An answer without an end, or too long. */
    TOO_LONG,
    UNKNOWN_HOST,
    FORBIDDEN_TARGET,
    CONNECT,
    TLS,
    /** The connection broke. */
    BROKEN,
    /** It was not sent, for a reason of ours. */
    NOT_SENT
  }

  static PostOutcome delivered(int status) {
    return new PostOutcome(Kind.DELIVERED, status, null);
  }

  static PostOutcome failed(Kind kind, @Nullable Integer status, String error) {
    return new PostOutcome(kind, status, error);
  }
}
