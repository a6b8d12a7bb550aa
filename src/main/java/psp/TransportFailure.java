package psp;

import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;

/** A call that brought no readable HTTP answer, with what is known of whether it was sent. */
public final class TransportFailure extends Exception {
  private static final long serialVersionUID = 1L;

  /** How far the call came. */
  public enum Stage {
    /** No byte of the request was written: there was no connection to write it to. */
    NOT_SENT,
    /** It may have been written, and no answer came in time. */
    TIMEOUT,
    /** It may have been written, and the connection broke. */
    CONNECTION_LOST,
    /** An answer came that is longer than any of the PSP's. */
    GARBLED
  }

  private final Stage stage;

  public TransportFailure(Stage stage, Throwable cause) {
    super(describe(cause), cause, false, false);
    this.stage = stage;
  }

  public Stage stage() {
    return stage;
  }

  /** What it means for the sending that it ended. */
  public PspResult of(Sending sending) {
    return stage == Stage.NOT_SENT
        ? PspResult.notSent(sending, detail())
        : new Unknown(reason(), detail());
  }

  /** What it means for a question: nothing, however far that came. */
  public PspResult ofQuestion() {
    return new Unknown(reason(), detail());
  }

  private UnknownReason reason() {
    return switch (stage) {
      case NOT_SENT -> UnknownReason.NOT_ASKED;
      case TIMEOUT -> UnknownReason.TIMEOUT;
      case CONNECTION_LOST -> UnknownReason.CONNECTION_LOST;
      case GARBLED -> UnknownReason.GARBLED;
    };
  }

  private String detail() {
    return String.valueOf(getMessage());
  }

  private static String describe(Throwable cause) {
    String message = cause.getMessage();
    String name = cause.getClass().getSimpleName();
    return message == null || message.isEmpty() ? name : name + ": " + message;
  }
}
