package simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which calls the script strikes, and how often. */
class FaultsTest {
  private final Faults faults = new Faults(42, Latency.NONE);

  private static Call call(Operation operation, String key, Map<String, String> metadata) {
    return new Call(
        Instant.EPOCH,
        AccountId.of("sk_test_a"),
        "POST",
        "/v1/payment_intents/pi_1/capture",
        "",
        key,
        operation,
        metadata,
        Buffer.buffer());
  }

  private static Call capture() {
    return call(Operation.CAPTURE, "key", Map.of("operation_id", "op-1"));
  }

  @Test
  void strikesAsOftenAsTold() {
    FaultRule rule = faults.next(2, CallMatch.any(), Fault.reset());

    assertThat(faults.plan(capture()).fault()).isEqualTo(Fault.reset());
    assertThat(faults.plan(capture()).fault()).isEqualTo(Fault.reset());
    assertThat(faults.plan(capture()).fault()).isNull();
    assertThat(rule.struck()).isEqualTo(2);
    assertThat(faults.rules()).isEmpty();
  }

  @Test
  void strikesOnlyWhatMatches() {
    List<CallMatch> matching =
        List.of(
            CallMatch.of(Operation.CAPTURE),
            CallMatch.any().account("sk_test_a"),
            CallMatch.any().path("/capture"),
            CallMatch.any().idempotencyKey("key"),
            CallMatch.any().metadata("operation_id", "op-1"));
    List<CallMatch> others =
        List.of(
            CallMatch.of(Operation.REFUND),
            CallMatch.any().account("sk_test_b"),
            CallMatch.any().path("/confirm"),
            CallMatch.any().idempotencyKey("other"),
            CallMatch.any().metadata("operation_id", "op-2"));

    assertThat(matching).allMatch(match -> match.test(capture()));
    assertThat(others).noneMatch(match -> match.test(capture()));
  }

  @Test
  void happensInOrderOfTheScript() {
    faults.next(CallMatch.any(), Fault.serverError(500));
    faults.next(CallMatch.any(), Fault.rateLimited(Duration.ofSeconds(1)));

    assertThat(faults.plan(capture()).fault()).isEqualTo(Fault.serverError(500));
    assertThat(faults.plan(capture()).fault()).isEqualTo(Fault.rateLimited(Duration.ofSeconds(1)));
    assertThat(faults.plan(capture()).fault()).isNull();
  }

  @Test
  void delaysComeOnTopOfAnotherFault() {
    faults.latency(new Latency.Fixed(Duration.ofMillis(5)));
    faults.next(CallMatch.any(), Fault.delay(Duration.ofMillis(20)));
    faults.next(CallMatch.any(), Fault.answerLate(Duration.ofMillis(7)));
    faults.next(CallMatch.any(), Fault.answerLost());

    assertThat(faults.plan(capture()))
        .isEqualTo(
            new Faults.Plan(Duration.ofMillis(25), Duration.ofMillis(7), Fault.answerLost()));
  }

  @Test
  void ratesAreDrawnFromTheSeed() {
    List<Boolean> first = drawn(new Faults(7, Latency.NONE));
    List<Boolean> again = drawn(new Faults(7, Latency.NONE));
    List<Boolean> other = drawn(new Faults(8, Latency.NONE));

    assertThat(again).isEqualTo(first);
    assertThat(other).isNotEqualTo(first);
    assertThat(first.stream().filter(struck -> struck).count()).isBetween(200L, 400L);
  }

  private static List<Boolean> drawn(Faults faults) {
    faults.atRate(0.3, CallMatch.any(), Fault.reset());
    List<Boolean> struck = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      struck.add(faults.plan(capture()).fault() != null);
    }
    return struck;
  }

  @Test
  void refusesRatesThatAreNone() {
    assertThatThrownBy(() -> faults.atRate(1.5, CallMatch.any(), Fault.reset()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void clearedIsCleared() {
    faults.always(CallMatch.any(), Fault.reset());
    faults.clear();

    assertThat(faults.plan(capture()).fault()).isNull();
  }

  @Test
  void latenciesStayWithinTheirShape() {
    Random random = new Random(1);
    Latency uniform = new Latency.Uniform(Duration.ofMillis(10), Duration.ofMillis(20));
    Latency lognormal = new Latency.LogNormal(Duration.ofMillis(100), Duration.ofMillis(500));
    int overMedian = 0;
    int overP99 = 0;
    for (int i = 0; i < 10_000; i++) {
      assertThat(uniform.sample(random)).isBetween(Duration.ofMillis(10), Duration.ofMillis(20));
      long millis = lognormal.sample(random).toMillis();
      overMedian += millis >= 100 ? 1 : 0;
      overP99 += millis >= 500 ? 1 : 0;
    }
    assertThat(overMedian).isBetween(4_700, 5_300);
    assertThat(overP99).isBetween(50, 150);
  }
}
