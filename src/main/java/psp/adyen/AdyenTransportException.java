package psp.adyen;

/** A call that brought no readable HTTP answer, with what is known of whether it was sent. */
final class AdyenTransportException extends Exception {
  private static final long serialVersionUID = 1L;

  /** How far the call came. */
  enum Stage {
    /** No byte of the request was written: there was no connection to write it to. */
    NOT_SENT,
    /** It may have been written, and no answer came in time. */
    TIMEOUT,
    /** It may have been written, and the connection broke. */
    CONNECTION_LOST,
    /** An answer came that is no HTTP or is too long. */
    UNREADABLE
  }

  private final Stage stage;

  AdyenTransportException(Stage stage, Throwable cause) {
    super(describe(cause), cause, false, false);
    this.stage = stage;
  }

  Stage stage() {
    return stage;
  }

  private static String describe(Throwable cause) {
    String message = cause.getMessage();
    String name = cause.getClass().getSimpleName();
    return message == null || message.isEmpty() ? name : name + ": " + message;
  }
}
