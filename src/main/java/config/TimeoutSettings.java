package config;

import java.time.Duration;

/**
 * Every time limit on the way of a request, outermost first. They shrink inwards, so that whoever
 * waits hears the real outcome from the inside before it gives up itself.
 *
 * @param edge a merchant's whole request
 * @param eventBusReply one message between verticles
 * @param breaker one call as the circuit breaker sees it
 * @param pspCall one HTTP call to a PSP, connecting included
 * @param pspConnect connecting to a PSP
 * @param databaseStatement one SQL statement, of a transaction each
 * @param databaseAcquire waiting for a database connection
 */
public record TimeoutSettings(
    @Default("30s") Duration edge,
    @Default("28s") Duration eventBusReply,
    @Default("24s") Duration breaker,
    @Default("20s") Duration pspCall,
    @Default("2s") Duration pspConnect,
    @Default("5s") Duration databaseStatement,
    @Default("2s") Duration databaseAcquire)
    implements Checked {

  @Override
  public void check(Problems.Section problems) {
    shrinks(problems, "event-bus-reply", eventBusReply, "edge", edge);
    shrinks(problems, "breaker", breaker, "event-bus-reply", eventBusReply);
    shrinks(problems, "psp-call", pspCall, "breaker", breaker);
    shrinks(problems, "psp-connect", pspConnect, "psp-call", pspCall);
    shrinks(problems, "database-statement", databaseStatement, "event-bus-reply", eventBusReply);
    shrinks(problems, "database-acquire", databaseAcquire, "event-bus-reply", eventBusReply);
  }

  private static void shrinks(
      Problems.Section problems,
      String inner,
      Duration innerValue,
      String outer,
      Duration outerValue) {
    if (innerValue.compareTo(outerValue) >= 0) {
      problems.add(
          inner,
          "is %s and must be shorter than timeouts.%s, which is %s"
              .formatted(Durations.format(innerValue), outer, Durations.format(outerValue)));
    }
  }
}
