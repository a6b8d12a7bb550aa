package store;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.statistics.Statistics;
import store.ModelledStore.Actual;
import store.ModelledStore.Result;
import store.PaymentCommands.Command;
import store.PaymentCommands.Step;
import store.PaymentModel.Outcome;
import support.PropertyTries;

/**
 * The store against a small model of payments, refunds and the ledger: whatever is asked of it, in
 * whatever order and by whoever is late, it lets through what the model lets through, and holds
 * what the model holds, row by row, after every step.
 *
 * <p>{@code -Dmodel.tries=5000} tries more sequences. jqwik prints the seed of a failure and the
 * shortest sequence it found to fail; {@code @Property(seed = "...")} repeats it.
 */
final class PaymentModelIT {
  /** The same sequences in every build. A long run begins with them and goes on. */
  private static final String SEED = "20261130";

  /** What is met in any run, or the sequences lead nowhere; the rest is met in most. */
  private static final List<String> MET =
      List.of(
          "Create WRITTEN",
          "Begin WRITTEN",
          "Reserve WRITTEN",
          "Reserve REFUSED",
          "Finished WRITTEN",
          "Finished REFUSED",
          "RefundAtPsp WRITTEN");

  /** Opened by the first that asks, so that who only names this class opens nothing. */
  private static final class Opened {
    static final ModelledStore STORE = new ModelledStore();
  }

  /** As many sequences as a system property says. */
  static final class Tries extends PropertyTries {
    Tries() {
      super("model.tries");
    }
  }

  @AfterContainer
  static void close() {
    Opened.STORE.close();
  }

  @AddLifecycleHook(Tries.class)
  @Property(tries = 12, seed = SEED, edgeCases = EdgeCasesMode.NONE)
  void doesWhatTheModelDoes(@ForAll("steps") List<Step> steps) {
    run(steps.stream().map(List::of).toList());
    Statistics.label("met")
        .coverage(met -> MET.forEach(it -> met.check(it).count(times -> times > 0)));
  }

  @AddLifecycleHook(Tries.class)
  @Property(tries = 12, seed = SEED, edgeCases = EdgeCasesMode.NONE)
  void whatComesTogetherAtTwoNodesIsAsOneAfterTheOther(@ForAll("groups") List<List<Step>> groups) {
    run(groups);
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return PaymentCommands.steps()
        .list()
        .ofMaxSize(120)
        .withSizeDistribution(RandomDistribution.uniform());
  }

  @Provide
  Arbitrary<List<List<Step>>> groups() {
    return PaymentCommands.steps()
        .list()
        .ofMinSize(1)
        .ofMaxSize(3)
        .withSizeDistribution(RandomDistribution.uniform())
        .list()
        .ofMaxSize(50)
        .withSizeDistribution(RandomDistribution.uniform());
  }

  /**
   * One sequence at a time: where jqwik has given up to look for a shorter one, its last try is
   * still under way while the next property begins.
   */
  private static synchronized void run(List<List<Step>> groups) {
    ModelledStore store = Opened.STORE;
    store.clear();
    var commands = new PaymentCommands();
    var history = new ArrayList<PaymentModel>(List.of(new PaymentModel()));
    var story = new StringBuilder();
    for (List<Step> group : groups) {
      // All of a group go by what was there before it: they do not know of each other.
      var asked = new ArrayList<Command>();
      var answers = new ArrayList<Future<Actual>>();
      for (Step step : group) {
        Command command = commands.command(step, history);
        if (command != null) {
          asked.add(command);
        }
      }
      for (int i = 0; i < asked.size(); i++) {
        answers.add(store.submit(group.get(i).form() % 2, asked.get(i)));
      }
      if (!asked.isEmpty()) {
        List<Actual> actual = answers.stream().map(StoreFixture::result).toList();
        story.append('\n').append(asked).append("\n  -> ").append(actual);
        history.add(explained(history.getLast(), asked, actual, story));
      }
    }
    store.audit();
  }

  /** What the model holds after these, in the first order that explains what was seen. */
  private static PaymentModel explained(
      PaymentModel before, List<Command> asked, List<Actual> actual, CharSequence story) {
    List<String> rows = Opened.STORE.lines();
    var failure = new StringBuilder();
    for (List<Integer> order : orders(asked.size())) {
      PaymentModel after = before.copy();
      var outcomes = new Outcome[asked.size()];
      order.forEach(i -> outcomes[i] = after.apply(asked.get(i)));
      boolean explains =
          order.stream().allMatch(i -> explains(outcomes[i], actual.get(i), asked.size() == 1));
      if (explains && after.lines().equals(rows)) {
        order.forEach(i -> count(asked.get(i), outcomes[i]));
        return after;
      }
      failure
          .append("\nin the order ")
          .append(order)
          .append(" the model says ")
          .append(Arrays.toString(outcomes))
          .append("\n  only in the model:    ")
          .append(without(after.lines(), rows))
          .append("\n  only in the database: ")
          .append(without(rows, after.lines()));
    }
    throw new AssertionError("no order explains the last of" + story + failure);
  }

  private static void count(Command command, Outcome outcome) {
    Statistics.label("met").collect(command.getClass().getSimpleName() + " " + outcome.verdict());
  }

  /** A key that two claim at the same moment may be refused by the constraint. */
  private static boolean explains(Outcome outcome, Actual actual, boolean alone) {
    return switch (outcome.verdict()) {
      case WRITTEN ->
          actual.result() == Result.WRITTEN
              && (actual.sequence() == 0 || actual.sequence() == outcome.sequence());
      case REFUSED -> actual.result() == Result.EMPTY;
      case KEY_TAKEN ->
          actual.result() == Result.EMPTY || (!alone && actual.result() == Result.DUPLICATE);
      case OVERTAKEN -> actual.result() == Result.OVERTAKEN;
    };
  }

  private static List<String> without(List<String> lines, List<String> others) {
    var left = new ArrayList<>(lines);
    others.forEach(left::remove);
    return left;
  }

  /** All orders of so many. */
  private static List<List<Integer>> orders(int size) {
    List<List<Integer>> orders = List.of(List.of());
    for (int next = 0; next < size; next++) {
      var longer = new ArrayList<List<Integer>>();
      for (List<Integer> order : orders) {
        for (int at = 0; at <= order.size(); at++) {
          var one = new ArrayList<>(order);
          one.add(at, next);
          longer.add(List.copyOf(one));
        }
      }
      orders = List.copyOf(longer);
    }
    return orders;
  }
}
