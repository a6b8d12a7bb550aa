package scenarios;

import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.rampUsersPerSec;

import io.gatling.javaapi.core.Assertion;
import io.gatling.javaapi.core.OpenInjectionStep;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What all scenarios share. Users arrive at the rate whatever becomes of those before them, as
 * customers do (an open model): a gateway that slows down gets more in flight, not less to do.
 */
abstract class Load extends Simulation {

  /** Arrivals at a multiple of the rate that was asked for. */
  static PopulationBuilder arriving(ScenarioBuilder scenario, double perRate) {
    double rate = Parameters.rate() * perRate;
    List<OpenInjectionStep> steps = new ArrayList<>();
    if (!Parameters.ramp().isZero()) {
      steps.add(rampUsersPerSec(rate / 10).to(rate).during(Parameters.ramp()));
    }
    steps.add(constantUsersPerSec(rate).during(Parameters.duration()));
    return scenario.injectOpen(steps);
  }

  /** Runs one scenario at the rate. */
  final void run(ScenarioBuilder scenario, String p99) {
    run(p99, List.of(arriving(scenario, 1)));
  }

  /** Runs several together, held to the limits as a whole. */
  final void run(String p99, List<PopulationBuilder> populations, Assertion... more) {
    Duration limit = Parameters.p99(p99);
    List<Assertion> assertions = new ArrayList<>(List.of(more));
    assertions.add(global().allRequests().count().gt(0L));
    assertions.add(global().failedRequests().percent().lte(Parameters.maxFailedPercent()));
    assertions.add(global().responseTime().percentile(99.0).lt((int) limit.toMillis()));
    setUp(populations).protocols(Api.HTTP).assertions(assertions);
  }
}
