package simulator;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** One line of the script: which calls, what happens to them, and how often. */
public final class FaultRule {
  private final CallMatch match;
  private final Fault fault;
  private final int times;
  private final double rate;
  private final AtomicInteger struck = new AtomicInteger();

  FaultRule(CallMatch match, Fault fault, int times, double rate) {
    this.match = match;
    this.fault = fault;
    this.times = times;
    this.rate = rate;
  }

  public CallMatch match() {
    return match;
  }

  public Fault fault() {
    return fault;
  }

  /** How many calls it happened to so far. */
  public int struck() {
    return struck.get();
  }

  boolean strikes(Call call, RandomGenerator random) {
    if (!match.matches(call) || (rate < 1 && random.nextDouble() >= rate)) {
      return false;
    }
    struck.incrementAndGet();
    return true;
  }

  boolean spent() {
    return struck.get() >= times;
  }
}
