package perf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * What processes take of the CPU, as Linux counts it: those that ended are in the account of the
 * one that started them once it has waited for them, as PostgreSQL does.
 */
final class Cpu {
  /** Linux counts in hundredths of a second towards programs, whatever its own clock. */
  private static final long MICROS_PER_TICK = 10_000;

  private final LongSupplier micros;
  private final long startMicros;

  private Cpu(LongSupplier micros) {
    this.micros = micros;
    this.startMicros = micros.getAsLong();
  }

  /** Counts what a process and those that it started take from now on. */
  static Cpu ofTree(long pid) {
    return new Cpu(() -> tree(pid));
  }

  /** Counts what the threads of a process take whose names begin so, among those that live. */
  static Cpu ofThreads(long pid, String name) {
    return new Cpu(() -> threads(pid, name));
  }

  /** Counts what this process takes from now on, without those that it started. */
  static Cpu ofThis() {
    return new Cpu(
        () -> ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1_000);
  }

  long microsSince() {
    return micros.getAsLong() - startMicros;
  }

  /** The process that runs the PostgreSQL whose data are below a directory. */
  static long postmaster(Path directory) throws IOException {
    try (Stream<Path> files =
        Files.find(directory, 4, (path, ignored) -> path.endsWith("postmaster.pid"))) {
      Path file =
          files.findFirst().orElseThrow(() -> new IOException("no PostgreSQL below " + directory));
      return Long.parseLong(Files.readAllLines(file).getFirst().strip());
    }
  }

  private static long tree(long pid) {
    long children =
        ProcessHandle.of(pid).stream()
            .flatMap(ProcessHandle::children)
            .mapToLong(child -> tree(child.pid()))
            .sum();
    return own(pid) + children;
  }

  private static long threads(long pid, String name) {
    try (Stream<Path> tasks = Files.list(Path.of("/proc", String.valueOf(pid), "task"))) {
      return tasks
          .map(task -> stat(task.resolve("stat")))
          .filter(stat -> stat.substring(stat.indexOf('(') + 1).startsWith(name))
          .mapToLong(stat -> micros(stat, 12))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long own(long pid) {
    return micros(stat(Path.of("/proc", String.valueOf(pid), "stat")), 14);
  }

  /** Empty where it has ended. */
  private static String stat(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException ended) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The fields of proc(5), stat, from utime on: utime, stime, cutime and cstime. */
  private static long micros(String stat, int last) {
    if (stat.isEmpty()) {
      return 0;
    }
    // The name before them may hold blanks.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    long ticks = 0;
    for (int at = 11; at <= last; at++) {
      ticks += Long.parseLong(fields[at]);
    }
    return ticks * MICROS_PER_TICK;
  }
}
