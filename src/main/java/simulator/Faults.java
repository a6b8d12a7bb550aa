package simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import simulator.webhooks.WebhookFaults;

/**
 * The script of what goes wrong, and when. Rules are tried in the order in which they were given:
 * every delay that matches counts, and the first other fault that matches happens. Safe from any
 * thread.
 */
public final class Faults {
  private static final int MOST_RULES = 10_000;

  private final Random random;
  private final List<FaultRule> rules = new ArrayList<>();
  private final Set<Runnable> hanging = new LinkedHashSet<>();
  private final WebhookFaults webhooks;
  private Latency latency;

  Faults(long seed, Latency latency) {
    this.random = new Random(seed);
    this.webhooks = new WebhookFaults(seed);
    this.latency = latency;
  }

  /** The script of what goes wrong with the events that are sent. */
  public WebhookFaults webhooks() {
    return webhooks;
  }

  /** The next so many calls that match. */
  public FaultRule next(int times, CallMatch match, Fault fault) {
    return add(new FaultRule(match, fault, times, 1.0));
  }

  /** The next call that matches. */
  public FaultRule next(CallMatch match, Fault fault) {
    return next(1, match, fault);
  }

  /** Every call that matches, until cleared. */
  public FaultRule always(CallMatch match, Fault fault) {
    return add(new FaultRule(match, fault, Integer.MAX_VALUE, 1.0));
  }

  /** A share of the calls that match, until cleared; drawn from the simulator's seed. */
  public FaultRule atRate(double rate, CallMatch match, Fault fault) {
    return add(new FaultRule(match, fault, Integer.MAX_VALUE, rate));
  }

  /** What every call takes, beside the rules. */
  public synchronized void latency(Latency everyCall) {
    latency = everyCall;
  }

  public void clear() {
    webhooks.clear();
    synchronized (this) {
      rules.clear();
      latency = Latency.NONE;
    }
  }

  public synchronized List<FaultRule> rules() {
    return List.copyOf(rules);
  }

  /** How many calls hang now. */
  public synchronized int hanging() {
    return hanging.size();
  }

  /** Lets every hanging call go on. */
  public void release() {
    List<Runnable> released;
    synchronized (this) {
      released = List.copyOf(hanging);
      hanging.clear();
    }
    released.forEach(Runnable::run);
  }

  private synchronized FaultRule add(FaultRule rule) {
    if (rules.size() == MOST_RULES) {
      throw new IllegalStateException("more than " + MOST_RULES + " fault rules");
    }
    rules.add(rule);
    return rule;
  }

  synchronized void hang(Runnable goOn) {
    hanging.add(goOn);
  }

  synchronized boolean unhang(Runnable goOn) {
    return hanging.remove(goOn);
  }

  /** Draws what happens to this call, and uses up the rules that say so. */
  synchronized Plan plan(Call call) {
    Duration before = latency.sample(random);
    Duration after = Duration.ZERO;
    Fault fault = null;
    for (Iterator<FaultRule> remaining = rules.iterator(); remaining.hasNext(); ) {
      FaultRule rule = remaining.next();
      boolean delay = rule.fault() instanceof Fault.Delay;
      if ((fault != null && !delay) || !rule.strikes(call, random)) {
        continue;
      }
      if (rule.spent()) {
        remaining.remove();
      }
      if (rule.fault() instanceof Fault.Delay drawn) {
        Duration time = drawn.latency().sample(random);
        before = drawn.afterEffect() ? before : before.plus(time);
        after = drawn.afterEffect() ? after.plus(time) : after;
      } else {
        fault = rule.fault();
      }
    }
    return new Plan(before, after, fault);
  }

  /** What happens to one call. */
  record Plan(Duration before, Duration after, @Nullable Fault fault) {}
}
