package telemetry;

import com.sun.management.ThreadMXBean;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.metrics.MetricsOptions;
import io.vertx.core.spi.VertxMetricsFactory;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;

/** The process's meters: one registry, the JVM's and Vert.x's meters in it, and its text form. */
public final class Telemetry implements AutoCloseable {
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics garbageCollection = new JvmGcMetrics();
  private final DistributionSummary batchRows =
      DistributionSummary.builder("sluice.database.batch.rows")
          .description("Rows that shared one statement and its commit")
          .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64, 128, 256)
          .register(registry);

  public Telemetry() {
    registry.config().meterFilter(new KnownMethods());
    new ClassLoaderMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    garbageCollection.bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    countAllocatedBytes();
  }

  /** The collector's own count moves only when it runs; this one is right at any time. */
  private void countAllocatedBytes() {
    var threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    FunctionCounter.builder(
            "sluice.jvm.allocated", threads, ThreadMXBean::getTotalThreadAllocatedBytes)
        .description("Memory that all threads have allocated, those that have ended too")
        .baseUnit("bytes")
        .register(registry);
  }

  /** A statement went to the database with so many rows. */
  public void batchSent(int rows) {
    batchRows.record(rows);
  }

  public MeterRegistry registry() {
    return registry;
  }

  /** For {@code Vertx.builder().withMetrics}. */
  public VertxMetricsFactory vertxMetrics() {
    return new MicrometerMetricsFactory(registry);
  }

  /**
   * What Vert.x counts, under labels with few values: routes and pool names, never paths, addresses
   * or ids.
   */
  public MetricsOptions vertxMetricsOptions() {
    return new MicrometerMetricsOptions()
        .setEnabled(true)
        .setJvmMetricsEnabled(false)
        .setLabels(
            Set.of(
                Label.HTTP_METHOD,
                Label.HTTP_CODE,
                Label.HTTP_ROUTE,
                Label.POOL_TYPE,
                Label.POOL_NAME,
                Label.CLIENT_NAME));
  }

  /** Everything in Prometheus's text format. Takes milliseconds: not for an event loop. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    garbageCollection.close();
    registry.close();
  }

  /** A client may invent methods; each would be a new time series. */
  private static final class KnownMethods implements MeterFilter {
    @Override
    public Meter.Id map(Meter.Id id) {
      String method = id.getTag("method");
      if (method == null || METHODS.contains(method)) {
        return id;
      }
      List<Tag> tags =
          id.getTags().stream()
              .map(tag -> tag.getKey().equals("method") ? Tag.of("method", "other") : tag)
              .toList();
      return id.replaceTags(tags);
    }
  }
}
