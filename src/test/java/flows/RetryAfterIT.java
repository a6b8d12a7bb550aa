package flows;

import static org.assertj.core.api.Assertions.assertThat;

import flows.FactBench.Paid;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import payments.CaptureMethod;
import payments.Command;
import payments.Operation;
import payments.OperationStatus;
import payments.RequestContext;
import psp.PspCall;
import psp.PspResult;
import psp.PspResult.ActionRequired;
import psp.PspResult.Details;
import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;
import psp.Sending;
import support.Books;

/**
 * A PSP that asks for a longer wait than an authorization has left: it is sent again while it still
 * may be kept.
 */
final class RetryAfterIT {
  private static final Duration LONG = Duration.ofMinutes(15);

  private static FactBench bench;

  /** What the PSP was sent since the test began. */
  private final List<Sending> sent = new ArrayList<>();

  @BeforeAll
  static void start() {
    bench = new FactBench(true);
  }

  @AfterAll
  static void close() {
    Books.balance(bench.postgres);
    bench.close();
  }

  @BeforeEach
  void empty() {
    bench.script.clear();
  }

  @Test
  void anAuthorizationIsSentAgainBeforeItsDeadline() {
    script(sending -> tooMany());
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    Operation due = due(bench.operation(paid.charge()));
    script(FactBench::yes);
    assertThat(bench.recover(due)).isEqualTo(OperationStatus.SUCCEEDED);
    assertThat(bench.state(paid.id())).startsWith("succeeded");
    assertThat(sent).hasSize(2);
  }

  @Test
  void theCompletionOfAnAuthenticationIsSentAgainBeforeItsDeadline() {
    script(
        sending ->
            new ActionRequired("psp_" + sending.operationId(), "https://psp.test", Details.NONE));
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    script(sending -> tooMany());
    visit(paid);
    Operation due = due(bench.operations("complete_authentication").getFirst());
    script(sending -> FactBench.approved("psp_" + paid.key(), 1_000, true));
    assertThat(bench.recover(due)).isEqualTo(OperationStatus.SUCCEEDED);
    assertThat(bench.state(paid.id())).startsWith("succeeded");
    assertThat(sent).hasSize(3);
  }

  private void script(Function<Sending, PspResult> answer) {
    bench.script.add(
        sending -> {
          sent.add(sending);
          return Future.succeededFuture(answer.apply(sending));
        });
  }

  private static PspResult tooMany() {
    return new Unknown(UnknownReason.RATE_LIMITED, "HTTP 429").withRetryAfter(LONG);
  }

  private static void visit(Paid paid) {
    String url = PspCall.ofStored(bench.operation(paid.charge()).request()).path();
    ReturnAddress address = ReturnAddress.parse(URI.create(url).getPath()).orElseThrow();
    var context =
        new RequestContext(
            FactBench.MERCHANT, false, "req_test", "customer", true, null, List.of());
    bench.run(
        new Command.ReturnCustomer(
            context, address.operationKey(), address.proof(), Map.of("redirectResult", "passed")));
  }

  /** The operation as it is when it is to be looked at next. */
  private static Operation due(Operation operation) {
    assertThat(operation.status()).isEqualTo(OperationStatus.UNKNOWN);
    long dueSeconds =
        bench.number(
            "SELECT ceil(extract(epoch FROM recover_at)) FROM operation WHERE operation_id = '"
                + operation.id()
                + "'");
    Duration wait = Duration.between(operation.createdAt(), Instant.ofEpochSecond(dueSeconds));
    assertThat(wait).as("it is not asked at once").isGreaterThan(Duration.ofMinutes(5));
    return bench.operation(bench.age(operation.id(), wait));
  }
}
