package flows;

import static org.assertj.core.api.Assertions.assertThat;

import flows.FactBench.Paid;
import io.vertx.core.Future;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import payments.Answer;
import payments.CaptureMethod;
import payments.Command;
import payments.RequestContext;
import psp.PspCall;
import psp.PspResult;
import psp.PspResult.ActionRequired;
import psp.PspResult.Details;
import psp.Sending;
import support.Await;
import support.Books;

/**
 * Customers who come back through us from a PSP that finishes authentications by itself: nothing is
 * begun for them, the PSP is asked what became of it, and they go on once that is known.
 */
final class ReturnOnItsOwnIT {
  /** What such a PSP adds to the address: its own names for the payment. */
  private static final Map<String, String> BROUGHT =
      Map.of(
          "payment_intent", "pi_of_psp",
          "payment_intent_client_secret", "pi_of_psp_secret",
          "redirect_status", "succeeded",
          "redirectResult", "passed");

  private static FactBench bench;

  @BeforeAll
  static void start() {
    bench = new FactBench(false);
  }

  @AfterAll
  static void close() {
    Books.balance(bench.postgres);
    bench.close();
  }

  @BeforeEach
  void empty() {
    bench.script.clear();
    bench.reachable = true;
    bench.asked = ReturnOnItsOwnIT::stillWaiting;
  }

  private static PspResult stillWaiting(Sending sending) {
    return new ActionRequired("pi_" + sending.operationId(), "https://psp.test/3ds", Details.NONE);
  }

  /** A payment whose customer is away, at which nobody has looked for a while. */
  private static Paid challenged() {
    bench.script.add(FactBench.answer(ReturnOnItsOwnIT::stillWaiting));
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    bench.postgres.execute(
        "UPDATE operation SET updated_at = now() - interval '1 minute', recover_at = now() +"
            + " interval '1 hour' WHERE operation_id = '"
            + paid.charge()
            + "'");
    return paid;
  }

  private static String givenUrl(Paid paid) {
    return PspCall.ofStored(bench.operation(paid.charge()).request()).path();
  }

  private static Future<Answer> visiting(Paid paid) {
    return visiting(paid, new CommandFlows(bench.services));
  }

  private static Future<Answer> visiting(Paid paid, CommandFlows flows) {
    ReturnAddress address = ReturnAddress.parse(URI.create(givenUrl(paid)).getPath()).orElseThrow();
    var context =
        new RequestContext(
            FactBench.MERCHANT, false, "req_test", "customer", true, null, List.of());
    var visit =
        new Command.ReturnCustomer(context, address.operationKey(), address.proof(), BROUGHT);
    return bench.onContextLater(() -> flows.run(visit));
  }

  private static void landed(Answer answer, Paid paid, String status) {
    assertThat(answer.status()).isEqualTo(302);
    assertThat(answer.body())
        .startsWith(
            "https://shop.test/back?payment_intent=" + payments.PublicId.PAYMENT.of(paid.id()))
        .endsWith("&redirect_status=" + status)
        .doesNotContain("pi_of_psp");
  }

  private static String operations(Paid paid) {
    return bench.text(
        "SELECT concat_ws(' ', kind, status) FROM operation WHERE payment_id = '"
            + paid.id()
            + "' ORDER BY operation_id");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void goOnOnceThePspHasSaidWhatBecameOfIt(boolean passed) {
    Paid paid = challenged();
    Future<Answer> visit = visiting(paid);
    bench.awaitNumber(
        "SELECT count(*) FROM operation WHERE recover_at <= now() AND operation_id = '"
            + paid.charge()
            + "'");
    bench.asked =
        sending ->
            passed
                ? FactBench.approved(paid.intent(), 1_000, true)
                : FactBench.declined(paid.intent());
    bench.recover(bench.operation(paid.charge()));
    landed(visit.await(), paid, passed ? "succeeded" : "failed");
    assertThat(operations(paid)).isEqualTo("authorize " + (passed ? "succeeded" : "failed"));
    landed(visiting(paid).await(), paid, passed ? "succeeded" : "failed");
  }

  @Test
  void goOnAfterAWhileWhereNothingIsSaid() {
    Paid paid = challenged();
    landed(visiting(paid).await(), paid, "pending");
    assertThat(operations(paid)).isEqualTo("authorize awaiting_customer");
  }

  /** However often the address is loaded: who waits takes a place from others. */
  @Test
  void doNotAllWaitForTheSamePayment() {
    Paid paid = challenged();
    var flows = new CommandFlows(bench.services);
    List<Future<Answer>> visits =
        IntStream.range(0, 6).mapToObj(visit -> visiting(paid, flows)).toList();
    Await.until(
        "all but two are sent on", () -> visits.stream().filter(Future::isComplete).count() >= 4);
    bench.asked = sending -> FactBench.approved(paid.intent(), 1_000, true);
    bench.recover(bench.operation(paid.charge()));
    List<String> landings = visits.stream().map(visit -> visit.await().body()).toList();
    assertThat(landings).filteredOn(it -> it.endsWith("=pending")).hasSize(4);
    assertThat(landings).filteredOn(it -> it.endsWith("=succeeded")).hasSize(2);
  }

  @Test
  void goStraightToTheMerchantWhereNoAddressOfOursIsSet() {
    bench.reachable = false;
    Paid paid = challenged();
    assertThat(givenUrl(paid)).isEqualTo("https://shop.test/back");
    assertThat(bench.operation(paid.charge()).parameters().text(ReturnAddress.DIGEST)).isNull();
  }
}
