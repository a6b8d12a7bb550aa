package psp.stripe;

import static psp.Results.await;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import money.Money;
import payments.OperationKind;
import psp.PspCall;
import psp.PspResult;
import psp.Sending;
import simulator.Simulator;
import simulator.SimulatorOptions;

/**
 * What sending an authorization through the adapter costs this process, with the simulator in
 * another one: CPU time and allocated bytes of the whole process a call, the Vert.x client, the
 * garbage collector and what is left of compiling included. No test: a figure for docs/adr, by
 * {@code java -cp <test class path> psp.stripe.StripeCost}.
 */
final class StripeCost {
  private static final int AT_ONCE = 64;
  private static final int CALLS = 20_000;
  private static final int ROUNDS = 5;

  private StripeCost() {}

  public static void main(String[] arguments) throws IOException {
    if (arguments.length == 1) {
      System.out.println(
          await(Simulator.start(Vertx.vertx(), SimulatorOptions.defaults())).baseUrl());
      return;
    }
    Process simulator =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                StripeCost.class.getName(),
                "simulator")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var output =
        new BufferedReader(
            new InputStreamReader(simulator.getInputStream(), StandardCharsets.UTF_8))) {
      measure(output.lines().filter(line -> line.startsWith("http")).findFirst().orElseThrow());
    } finally {
      simulator.destroy();
    }
  }

  private static void measure(String url) {
    Vertx vertx = Vertx.vertx();
    var psp =
        new StripePsp(
            vertx,
            new StripeSettings(
                "stripe_cost",
                URI.create(url),
                "sk_test_cost",
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                AT_ONCE,
                AT_ONCE,
                new StripeSettings.Webhooks(false, List.of(), Duration.ofMinutes(5))));
    PspCall call = psp.prepare(StripeCallsTest.authorize("pm_card_visa", null, Map.of()));
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    for (int round = 1; round <= ROUNDS; round++) {
      long cpu = system.getProcessCpuTime();
      long bytes = threads.getTotalThreadAllocatedBytes();
      send(vertx, psp, call, round);
      System.out.printf(
          "round %d: %.1f us of CPU, %d bytes a call%n",
          round,
          (system.getProcessCpuTime() - cpu) / 1e3 / CALLS,
          (threads.getTotalThreadAllocatedBytes() - bytes) / CALLS);
    }
    await(psp.close());
    await(vertx.close());
  }

  private static void send(Vertx vertx, StripePsp psp, PspCall call, int round) {
    Promise<Void> done = Promise.promise();
    vertx.runOnContext(
        start -> {
          var left = new int[] {CALLS, AT_ONCE};
          for (int lane = 0; lane < AT_ONCE; lane++) {
            next(psp, call, round, left, done);
          }
        });
    await(done.future());
  }

  private static void next(StripePsp psp, PspCall call, int round, int[] left, Promise<Void> done) {
    if (left[0] == 0) {
      if (--left[1] == 0) {
        done.complete();
      }
      return;
    }
    String key = "cost-" + round + "-" + left[0]--;
    Future<PspResult> result =
        psp.send(
            new Sending(
                "stripe_cost",
                OperationKind.AUTHORIZE,
                "ch_operation",
                Money.of(1099, "usd"),
                call,
                key,
                null,
                1,
                Instant.now()));
    result.onComplete(
        answer -> {
          if (!(answer.result() instanceof PspResult.Approved)) {
            throw new IllegalStateException("not approved: " + answer);
          }
          next(psp, call, round, left, done);
        });
  }
}
