/** Measurements that are run by hand, from the scripts below {@code perf/}; no tests. */
@org.jspecify.annotations.NullMarked
package perf;
