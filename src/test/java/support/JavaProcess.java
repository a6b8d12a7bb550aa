package support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A Java process with everything it prints. Waiting has a generous bound, after which the test
 * fails with the output so far. Close ends the process whatever it does.
 */
public final class JavaProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Path OPTIONS = Path.of("src", "main", "jvm", "jvm.options");

  private final Process process;
  private final Output out;
  private final Output err;
  private final Thread endWithUs = new Thread(this::kill);

  private JavaProcess(Process process) {
    this.process = process;
    // Also where this JVM is told to end before it could close anything.
    Runtime.getRuntime().addShutdownHook(endWithUs);
    this.out = new Output(process.getInputStream());
    this.err = new Output(process.getErrorStream());
  }

  /** Starts {@code java} of the running JVM with these arguments. */
  public static JavaProcess start(
      Path workingDirectory, Map<String, String> environment, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + OPTIONS.toAbsolutePath());
    // What a killed process leaves behind goes with the test's own directory.
    command.add("-Dvertx.cacheDirBase=" + workingDirectory.resolve("vertx-cache").toAbsolutePath());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(workingDirectory.toFile());
    builder.environment().putAll(environment);
    return new JavaProcess(builder.start());
  }

  /** For whom quick to start matters more than quick at its best, with so much memory. */
  public static List<String> quickToStart(String memory) {
    return List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx" + memory);
  }

  /** Starts a program of the test's own class path, {@link #quickToStart}. */
  public static JavaProcess startMain(
      Path workingDirectory, String memory, Class<?> main, String... arguments) throws IOException {
    List<String> all = new ArrayList<>(quickToStart(memory));
    all.addAll(List.of("-classpath", System.getProperty("java.class.path"), main.getName()));
    all.addAll(List.of(arguments));
    return start(workingDirectory, Map.of(), all);
  }

  /** Waits for a line on standard output. */
  public String awaitLine(Predicate<String> wanted) {
    return out.await(wanted, this::describe);
  }

  /** Waits for the end and returns the exit code. */
  public int awaitExit() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("still running; " + describe());
    }
    out.awaitEnd();
    err.awaitEnd();
    return process.exitValue();
  }

  /** What the system knows it by. */
  public long pid() {
    return process.pid();
  }

  /** SIGTERM. */
  public void terminate() {
    // Process.destroy would close the streams and hide what it prints while it ends.
    process.toHandle().destroy();
  }

  /** SIGKILL. */
  public void kill() {
    process.toHandle().destroyForcibly();
  }

  public List<String> standardOutput() {
    return out.lines();
  }

  public List<String> standardError() {
    return err.lines();
  }

  private String describe() {
    return "stdout:\n%s\nstderr:\n%s"
        .formatted(String.join("\n", out.lines()), String.join("\n", err.lines()));
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** One stream's lines, read by a thread of its own so that the process never waits for us. */
  private static final class Output {
    private final List<String> lines = new ArrayList<>();
    private final Thread reader;
    private boolean ended;

    Output(InputStream stream) {
      reader = Thread.ofVirtual().start(() -> readAll(stream));
    }

    private void readAll(InputStream stream) {
      try (BufferedReader text =
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
        for (String line = text.readLine(); line != null; line = text.readLine()) {
          add(line);
        }
      } catch (IOException closed) {
        add("(stream closed: " + closed.getMessage() + ")");
      } finally {
        end();
      }
    }

    private synchronized void add(String line) {
      lines.add(line);
      notifyAll();
    }

    private synchronized void end() {
      ended = true;
      notifyAll();
    }

    synchronized List<String> lines() {
      return List.copyOf(lines);
    }

    synchronized String await(
        Predicate<String> wanted, java.util.function.Supplier<String> description) {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      int next = 0;
      while (true) {
        for (; next < lines.size(); next++) {
          if (wanted.test(lines.get(next))) {
            return lines.get(next);
          }
        }
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (ended || left <= 0) {
          throw new AssertionError("line not printed; " + description.get());
        }
        try {
          wait(left);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          throw new UncheckedIOException(new IOException(interrupted));
        }
      }
    }

    void awaitEnd() throws InterruptedException {
      reader.join(PATIENCE);
    }
  }
}
