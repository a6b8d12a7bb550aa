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

  /** The fields utime, stime, cutime and cstime of proc(5), stat. */
  private static long own(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
      // The name before it may hold blanks.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      long ticks = 0;
      for (int at = 11; at <= 14; at++) {
        ticks += Long.parseLong(fields[at]);
      }
      return ticks * MICROS_PER_TICK;
    } catch (NoSuchFileException ended) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
