package routes.ops;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether this node should get requests: it has started, it is not draining, and every registered
 * check that requests need holds. A check's result is kept for a moment and never asked for twice
 * at once, so probes cannot load what they look at. Safe for use by several threads.
 */
public final class HealthChecks {
  private final Duration timeout;
  private final Duration keepFor;
  private final InstantSource clock;
  private final List<Check> checks = new CopyOnWriteArrayList<>();
  private volatile Phase phase = Phase.STARTING;

  private enum Phase {
    STARTING,
    SERVING,
    DRAINING
  }

  /**
   * Makes an empty set of checks.
   *
   * @param timeout how long one check may take
   * @param keepFor how long its result is used
   */
  public HealthChecks(Duration timeout, Duration keepFor, InstantSource clock) {
    this.timeout = timeout;
    this.keepFor = keepFor;
    this.clock = clock;
  }

  /** Adds a check, which fails its future or throws while its part is not fit for requests. */
  public void register(String name, Supplier<Future<?>> check) {
    checks.add(new Check(name, true, check));
  }

  /** Adds a check that is shown, while requests can be served without its part. */
  public void registerDetail(String name, Supplier<Future<?>> check) {
    checks.add(new Check(name, false, check));
  }

  /** Everything is deployed: from here on the checks decide. */
  public void started() {
    phase = Phase.SERVING;
  }

  /**
   * Not ready from now on, whatever the checks say.
   *
   * @return whether it had started, so that somebody may be sending requests
   */
  public boolean drain() {
    boolean serving = phase == Phase.SERVING;
    phase = Phase.DRAINING;
    return serving;
  }

  /** The state of every check; the future never fails. */
  Future<Report> report() {
    List<Future<Result>> asked = new ArrayList<>();
    for (Check check : checks) {
      asked.add(check.result());
    }
    return Future.all(asked)
        .map(
            all -> {
              List<Result> results = new ArrayList<>();
              Phase now = phase;
              results.add(
                  new Result(
                      "gateway",
                      now == Phase.SERVING,
                      true,
                      switch (now) {
                        case STARTING -> "starting";
                        case SERVING -> null;
                        case DRAINING -> "draining";
                      }));
              results.addAll(all.list());
              return new Report(results);
            });
  }

  /** All checks, in the order they were registered. */
  record Report(List<Result> results) {
    boolean ready() {
      return results.stream().allMatch(result -> result.up || !result.required);
    }
  }

  /**
   * One check.
   *
   * @param required whether requests need it
   * @param detail why it is not up
   */
  record Result(String name, boolean up, boolean required, @Nullable String detail) {}

  private final class Check {
    private final String name;
    private final boolean required;
    private final Supplier<Future<?>> ask;
    private @Nullable Future<Result> latest;
    private long askedAt;

    Check(String name, boolean required, Supplier<Future<?>> ask) {
      this.name = name;
      this.required = required;
      this.ask = ask;
    }

    synchronized Future<Result> result() {
      long now = clock.millis();
      Future<Result> known = latest;
      boolean fresh = known != null && now - askedAt < keepFor.toMillis();
      if (known != null && (fresh || !known.isComplete())) {
        return known;
      }
      askedAt = now;
      Future<Result> asked =
          Future.succeededFuture()
              .compose(nothing -> ask.get())
              .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
              .map(anything -> new Result(name, true, required, null))
              .otherwise(failure -> new Result(name, false, required, detail(failure)));
      latest = asked;
      return asked;
    }

    private String detail(Throwable failure) {
      if (failure instanceof java.util.concurrent.TimeoutException) {
        return "no answer in " + timeout.toMillis() + " ms";
      }
      String message = failure.getMessage();
      return message == null ? failure.getClass().getSimpleName() : message;
    }
  }
}
