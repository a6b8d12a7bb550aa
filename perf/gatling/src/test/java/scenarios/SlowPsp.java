package scenarios;

import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import java.time.Duration;
import java.util.List;

/**
 * Checkouts before a PSP that takes its time, as real sandboxes do: many are in flight, and what an
 * answer takes beyond the PSP's time is the gateway's.
 */
public final class SlowPsp extends Load {
  private final Duration delay = Parameters.time("pspDelay", "1200ms");

  public SlowPsp() {
    run(
        delay.plusSeconds(1).toMillis() + "ms",
        List.of(arriving(scenario("slow PSP").exec(Api.checkout("checkout, slow PSP")), 1)),
        // Else the PSP was not slow, and this measured something else.
        global().responseTime().min().gte((int) delay.toMillis()));
  }

  @Override
  public void before() {
    Simulator.goWrong(
        List.of(
            "{\"fault\":\"delay\",\"latency\":{\"kind\":\"fixed\",\"ms\":%d}}"
                .formatted(delay.toMillis())));
  }

  @Override
  public void after() {
    Simulator.allWell();
  }
}
