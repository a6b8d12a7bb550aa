package scenarios;

import static io.gatling.javaapi.core.CoreDsl.scenario;

/** One request: a payment that is created and confirmed at once. */
public final class Checkout extends Load {
  public Checkout() {
    run(scenario("checkout").exec(Api.checkout("checkout")), "1s");
  }
}
