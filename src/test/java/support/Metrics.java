package support;

import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** Reads what a gateway's {@code /metrics} says. */
public final class Metrics {
  private Metrics() {}

  /** The values of a metric, one for each of its series whose labels have all of these texts. */
  public static DoubleStream values(String scraped, String name, String... labels) {
    return scraped
        .lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .filter(line -> Stream.of(labels).allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)));
  }
}
