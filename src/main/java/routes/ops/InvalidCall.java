package routes.ops;

import org.jspecify.annotations.Nullable;

/**
 * A call that cannot be taken as it is, on its way to {@link OpsReply}, which alone renders it.
 * Without a stack trace: it is the caller's mistake.
 */
final class InvalidCall extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int status;
  private final @Nullable String param;

  InvalidCall(int status, String message, @Nullable String param) {
    super(message, null, false, false);
    this.status = status;
    this.param = param;
  }

  /** A parameter, header or path part that is missing or wrong. */
  static InvalidCall of(String param, String message) {
    return new InvalidCall(400, message, param);
  }

  int status() {
    return status;
  }

  @Nullable String param() {
    return param;
  }
}
