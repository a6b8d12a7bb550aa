/** Metrics and log fields. */
@org.jspecify.annotations.NullMarked
package telemetry;
