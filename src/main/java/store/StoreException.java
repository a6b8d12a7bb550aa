package store;

import io.vertx.core.Future;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Why a statement has no result. What became of it differs, and so does what a caller may do. */
public abstract sealed class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** False where a row is there already, by a unique constraint; any other failure stays one. */
  static Future<Boolean> duplicateIsFalse(Throwable cause) {
    return cause instanceof Refused refused && refused.duplicate()
        ? Future.succeededFuture(false)
        : Future.failedFuture(cause);
  }

  /**
   * It was not executed: no connection in time, or our own queue was full. Or it has no answer and
   * only reads.
   */
  public static final class Unavailable extends StoreException {
    private static final long serialVersionUID = 1L;

    public Unavailable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * It may or may not have been committed: the connection broke or no answer came in time. Must be
   * re-read.
   */
  public static final class InDoubt extends StoreException {
    private static final long serialVersionUID = 1L;

    public InDoubt(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    /**
     * Whether no answer came in time, so that repeating it would most likely wait as long again.
     */
    public boolean timedOut() {
      return getCause() instanceof TimeoutException;
    }
  }

  /** PostgreSQL refused it and nothing of it was done. */
  public static final class Refused extends StoreException {
    private static final long serialVersionUID = 1L;
    private final String sqlState;
    private final @Nullable String constraint;

    public Refused(
        String message, String sqlState, @Nullable String constraint, @Nullable Throwable cause) {
      super(message, cause);
      this.sqlState = sqlState;
      this.constraint = constraint;
    }

    public String sqlState() {
      return sqlState;
    }

    public @Nullable String constraint() {
      return constraint;
    }

    /** Whether a unique constraint said no: the row is there already. */
    public boolean duplicate() {
      return sqlState.equals("23505");
    }

    /** Whether the payment is no longer in the state that a guarded end was decided on. */
    public boolean overtaken() {
      return sqlState.equals("SL001");
    }

    /** Whether it only met others at a bad moment (deadlock, serialization): try again. */
    public boolean passing() {
      return sqlState.equals("40P01") || sqlState.equals("40001");
    }

    /**
     * Whether the statement ran into its time limit, so that repeating it would wait as long again.
     */
    public boolean timedOut() {
      return sqlState.equals("57014");
    }

    /** Whether the database only reads, as a standby does. */
    public boolean readOnly() {
      return sqlState.equals("25006");
    }

    /**
     * Whether it says nothing of the statement, only that the database cannot now: it is too slow,
     * out of disk, memory or connections (class 53), fails to read or write its files (class 58),
     * or is a standby.
     */
    public boolean unwell() {
      return timedOut() || readOnly() || sqlState.startsWith("53") || sqlState.startsWith("58");
    }
  }
}
