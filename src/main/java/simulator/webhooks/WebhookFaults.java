package simulator.webhooks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import simulator.ScriptRule;

/**
 * The script of what goes wrong with events. Every rule that matches counts; of two of a kind,
 * delays add up, and otherwise the first one given decides. Safe from any thread.
 */
public final class WebhookFaults {
  private static final int MOST_RULES = 10_000;

  private final Random random;
  private final List<EventRule> rules = new ArrayList<>();

  public WebhookFaults(long seed) {
    this.random = new Random(seed);
  }

  /** One line of the script: which events, what happens to them, and how often. */
  public static final class EventRule extends ScriptRule<WebhookEvent, EventMatch, WebhookFault> {
    EventRule(EventMatch match, WebhookFault fault, int times, double rate) {
      super(match, fault, times, rate);
    }
  }

  /** The next so many events that match. */
  public EventRule next(int times, EventMatch match, WebhookFault fault) {
    return add(new EventRule(match, fault, times, 1.0));
  }

  /** The next event that matches. */
  public EventRule next(EventMatch match, WebhookFault fault) {
    return next(1, match, fault);
  }

  /** Every event that matches, until cleared. */
  public EventRule always(EventMatch match, WebhookFault fault) {
    return add(new EventRule(match, fault, Integer.MAX_VALUE, 1.0));
  }

  /** A share of the events that match, until cleared; drawn from the simulator's seed. */
  public EventRule atRate(double rate, EventMatch match, WebhookFault fault) {
    return add(new EventRule(match, fault, Integer.MAX_VALUE, rate));
  }

  public synchronized void clear() {
    rules.clear();
  }

  public synchronized List<EventRule> rules() {
    return List.copyOf(rules);
  }

  private synchronized EventRule add(EventRule rule) {
    if (rules.size() == MOST_RULES) {
      throw new IllegalStateException("more than " + MOST_RULES + " fault rules");
    }
    rules.add(rule);
    return rule;
  }

  /** Draws what happens to this event, and uses up the rules that say so. */
  synchronized Plan plan(WebhookEvent event) {
    Draft draft = new Draft();
    for (Iterator<EventRule> remaining = rules.iterator(); remaining.hasNext(); ) {
      EventRule rule = remaining.next();
      if (!rule.strikes(event, random)) {
        continue;
      }
      if (rule.spent()) {
        remaining.remove();
      }
      draft.add(rule.fault());
    }
    return draft.plan();
  }

  synchronized <T> void shuffle(List<T> items) {
    Collections.shuffle(items, random);
  }

  /** Between half of a time and all of it. */
  synchronized Duration jittered(Duration time) {
    return time.dividedBy(2).plusNanos((long) (random.nextDouble() * time.toNanos() / 2));
  }

  /**
   * What happens to one event.
   *
   * @param delay of the first sending and of all copies
   * @param copies how much later than the first each copy is sent
   * @param staleAfter how long after its delivery an older event is told again; null for not at all
   */
  record Plan(
      Duration delay,
      List<Duration> copies,
      WebhookFault.@Nullable Shuffle shuffle,
      WebhookFault.@Nullable Drop drop,
      WebhookFault.@Nullable WrongSignature wrongSignature,
      boolean beforeAnswer,
      @Nullable Duration staleAfter) {
    static final Plan NONE = new Plan(Duration.ZERO, List.of(), null, null, null, false, null);
  }

  /** A plan while it is drawn. */
  private final class Draft {
    private final List<Duration> copies = new ArrayList<>();
    private Duration delay = Duration.ZERO;
    private WebhookFault.@Nullable Shuffle shuffle;
    private WebhookFault.@Nullable Drop drop;
    private WebhookFault.@Nullable WrongSignature wrongSignature;
    private boolean beforeAnswer;
    private @Nullable Duration staleAfter;

    void add(WebhookFault fault) {
      switch (fault) {
        case WebhookFault.Delay late -> delay = delay.plus(late.latency().sample(random));
        case WebhookFault.Duplicate more -> {
          for (int copy = 0; copy < more.copies(); copy++) {
            copies.add(more.spacing().sample(random));
          }
        }
        case WebhookFault.Shuffle held -> shuffle = shuffle == null ? held : shuffle;
        case WebhookFault.Drop lost -> drop = drop == null ? lost : drop;
        case WebhookFault.WrongSignature wrong ->
            wrongSignature = wrongSignature == null ? wrong : wrongSignature;
        case WebhookFault.BeforeAnswer early -> beforeAnswer = true;
        case WebhookFault.Stale old -> staleAfter = old.after().sample(random);
      }
    }

    Plan plan() {
      return new Plan(
          delay, List.copyOf(copies), shuffle, drop, wrongSignature, beforeAnswer, staleAfter);
    }
  }
}
