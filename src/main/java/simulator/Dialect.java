package simulator;

import org.jspecify.annotations.Nullable;

/**
 * One provider's wire protocol over the simulated bank. Called under the bank's lock; never waits,
 * never throws for bad input.
 */
public interface Dialect {

  /** Whether requests to this path are in this dialect. */
  boolean serves(String path);

  /** Reads a request. Has no effect. */
  Visit open(Inbound request);

  /** The same answer with a lie in it. */
  Answer misstate(Answer answer, Fault.Misstatement misstatement);

  /** Forgets everything. */
  void clear();

  /** One request, read but not carried out. */
  interface Visit {
    /** What it is about, for the log and for faults. */
    Call call();

    /** Lets it in: either its answer is known without doing anything, or it may be carried out. */
    Admission admit();

    /** The provider's way to say no, when a fault asks for it. */
    Answer refuse(Refusal refusal);
  }

  /** A request as let in. */
  sealed interface Admission {}

  /** Answered without effect: a replay, a conflict, a wrong key. */
  record Answered(Answer answer) implements Admission {}

  /** Let in, with its idempotency key (if any) reserved until it is run, failed or abandoned. */
  non-sealed interface Execution extends Admission {
    /**
     * Does what was asked, and keeps the answer for replays.
     *
     * @param skewMinor minor units by which the provider gets the amount of money wrong; 0 for a
     *     sane one
     * @param insteadOfAnswer what the provider says (and keeps, when it is to be replayed) although
     *     it did as asked; null for the truth
     */
    Answer run(long skewMinor, Fault.@Nullable Failure insteadOfAnswer);

    /** Does nothing, and keeps a failure as the answer for replays. */
    Answer fail(Refusal refusal);

    /** Does nothing, and forgets the request. */
    void abandon();
  }
}
