package contracts;

import payments.OperationKind;

/**
 * How a PSP is called in a situation.
 *
 * @param question whether it is asked what became of the operation, and not told to do it
 * @param answered whether the PSP has given the operation a reference before
 * @param forgotten whether that is longer ago than any PSP remembers keys
 */
record Asking(
    OperationKind kind,
    boolean question,
    int attempt,
    boolean answered,
    boolean forgotten,
    Wire wire) {

  /** What happens to the call on its way. */
  enum Wire {
    /** The PSP answers, in its dialect. */
    ANSWERS,
    NEVER_ANSWERS,
    BREAKS_BEFORE_THE_ANSWER,
    BREAKS_WITHIN_THE_ANSWER,
    REFUSES_CONNECTIONS,
    ANSWERS_A_PAGE,
    ANSWERS_GARBAGE,
    ANSWERS_NOTHING
  }

  /** The first sending. */
  static Asking send(OperationKind kind) {
    return new Asking(kind, false, 1, false, false, Wire.ANSWERS);
  }

  /** The same once more. */
  static Asking repeat(OperationKind kind) {
    return new Asking(kind, false, 2, false, false, Wire.ANSWERS);
  }

  /** A question about what the PSP has answered before. */
  static Asking ask(OperationKind kind) {
    return new Asking(kind, true, 2, true, false, Wire.ANSWERS);
  }

  /** A question about what no answer came to. */
  static Asking search(OperationKind kind) {
    return new Asking(kind, true, 2, false, false, Wire.ANSWERS);
  }

  /** Long afterwards. */
  Asking late() {
    return new Asking(kind, question, attempt, answered, true, wire);
  }

  Asking over(Wire way) {
    return new Asking(kind, question, attempt, answered, forgotten, way);
  }
}
