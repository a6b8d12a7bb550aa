package simulator;

/** One line of the script of faulty calls: which calls, what happens to them, and how often. */
public final class FaultRule extends ScriptRule<Call, CallMatch, Fault> {
  FaultRule(CallMatch match, Fault fault, int times, double rate) {
    super(match, fault, times, rate);
  }
}
