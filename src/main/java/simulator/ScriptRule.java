package simulator;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * One line of a script: what it is for, what happens to it, and how often.
 *
 * @param <S> what it strikes
 * @param <M> how it chooses
 * @param <F> what happens
 */
public class ScriptRule<S, M extends Predicate<S>, F> {
  private final M match;
  private final F fault;
  private final int times;
  private final double rate;
  private final AtomicInteger struck = new AtomicInteger();

  public ScriptRule(M match, F fault, int times, double rate) {
    if (!(rate >= 0 && rate <= 1)) {
      throw new IllegalArgumentException("a rate is between 0 and 1, not " + rate);
    }
    this.match = match;
    this.fault = fault;
    this.times = times;
    this.rate = rate;
  }

  public M match() {
    return match;
  }

  public F fault() {
    return fault;
  }

  /** How often it happened so far. */
  public int struck() {
    return struck.get();
  }

  /** Whether it happens to this one; a rate is drawn, and a strike is used up. */
  public boolean strikes(S subject, RandomGenerator random) {
    if (!match.test(subject) || (rate < 1 && random.nextDouble() >= rate)) {
      return false;
    }
    struck.incrementAndGet();
    return true;
  }

  /** Whether it has happened as often as it shall. */
  public boolean spent() {
    return struck.get() >= times;
  }
}
