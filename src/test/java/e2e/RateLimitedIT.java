package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import simulator.Call;
import simulator.CallMatch;
import simulator.Fault;
import simulator.Operation;
import support.TestGateway;

/** A PSP that has had too many of our calls, and says when it wants the next one. */
final class RateLimitedIT {
  private static final Duration WAIT = Duration.ofSeconds(2);

  @Test
  void isNotCalledAgainBeforeTheTimeThatItAskedFor() {
    try (TestGateway gateway =
            TestGateway.start("--recovery.schedule=50ms,50ms,50ms,50ms,50ms,50ms,1m");
        var till = new Till(gateway)) {
      gateway.simulator().faults().next(CallMatch.of(Operation.AUTHORIZE), Fault.rateLimited(WAIT));
      String id = till.pay(1_099).in("processing").id();
      till.settles(id, "succeeded");
      List<Call> calls = till.calls(id, "authorize");
      assertThat(calls).hasSize(2);
      assertThat(Duration.between(calls.getFirst().receivedAt(), calls.getLast().receivedAt()))
          .isGreaterThanOrEqualTo(WAIT);
      assertThat(till.charges(id)).hasSize(1);
    }
  }
}
