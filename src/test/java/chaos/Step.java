package chaos;

/**
 * Where a request is when its gateway dies.
 *
 * @see CrashSite#dieAt
 */
enum Step {
  /** The begin was sent and never reached the database. */
  BEFORE_BEGIN(false, false, false),
  /** The begin was committed; its sender never heard of it. */
  BEGUN(true, false, false),
  /** The call to the PSP was sent and got lost. */
  CALL_LOST(true, false, false),
  /**
   * The call to the PSP was sent, and arrives when the next life of the gateway has made its own.
   */
  CALL_LATE(true, false, false),
  /** The PSP did it; its answer never arrived. */
  CHARGED(true, true, false),
  /** The PSP's answer arrived; the finish never reached the database. */
  ANSWERED(true, true, false),
  /** The finish was committed; its sender never heard of it, and the merchant got no answer. */
  FINISHED(true, true, true),
  /** The merchant was answered. */
  REPLIED(true, true, true);

  private final boolean begun;
  private final boolean called;
  private final boolean finished;

  Step(boolean begun, boolean called, boolean finished) {
    this.begun = begun;
    this.called = called;
    this.finished = finished;
  }

  /** Whether it is a statement that is held. */
  boolean atTheDatabase() {
    return switch (this) {
      case BEFORE_BEGIN, BEGUN, ANSWERED, FINISHED -> true;
      case CALL_LOST, CALL_LATE, CHARGED, REPLIED -> false;
    };
  }

  /** Whether the operation is in the log. */
  boolean begun() {
    return begun;
  }

  /** Whether the PSP was reached. */
  boolean called() {
    return called;
  }

  /** Whether the outcome is in the log. */
  boolean finished() {
    return finished;
  }
}
