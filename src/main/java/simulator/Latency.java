package simulator;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long the provider takes over something. */
public sealed interface Latency {
  Latency NONE = new Fixed(Duration.ZERO);

  /** Draws one. */
  Duration sample(RandomGenerator random);

  /** Always the same. */
  record Fixed(Duration time) implements Latency {
    @Override
    public Duration sample(RandomGenerator random) {
      return time;
    }
  }

  /** Evenly between two bounds. */
  record Uniform(Duration least, Duration most) implements Latency {
    @Override
    public Duration sample(RandomGenerator random) {
      return least.plusNanos((long) (random.nextDouble() * most.minus(least).toNanos()));
    }
  }

  /** As real services answer: half within the median, one in a hundred slower than the p99. */
  record LogNormal(Duration median, Duration p99) implements Latency {
    private static final double Z_99 = 2.326;
    private static final double LONGEST_NANOS = 300e9;

    @Override
    public Duration sample(RandomGenerator random) {
      double sigma = Math.log((double) p99.toNanos() / median.toNanos()) / Z_99;
      double nanos = median.toNanos() * Math.exp(sigma * random.nextGaussian());
      return Duration.ofNanos((long) Math.min(nanos, LONGEST_NANOS));
    }
  }
}
