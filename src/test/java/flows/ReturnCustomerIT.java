package flows;

import static org.assertj.core.api.Assertions.assertThat;

import flows.FactBench.Paid;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import payments.Answer;
import payments.CaptureMethod;
import payments.Command;
import payments.Operation;
import payments.OperationStatus;
import payments.Parameters;
import payments.RequestContext;
import psp.PspCall;
import psp.PspResult;
import psp.PspResult.Accepted;
import psp.PspResult.ActionRequired;
import psp.PspResult.Details;
import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;
import psp.Sending;
import support.Books;

/**
 * Customers who come back from an authentication through us, at a PSP that decides only by what we
 * then tell it (DESIGN 3): whatever is reloaded, forged, lost or told at the same moment, the PSP
 * is told once, and the charge ends once.
 */
final class ReturnCustomerIT {
  private static final String SHOP = "https://shop.example/back?order=7#paid";
  private static final Map<String, String> PASSED = Map.of("redirectResult", "passed");

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
    bench.asked = sending -> new Unknown(UnknownReason.NOT_FOUND, "it has no look-up");
  }

  // ---- what the customer and the PSP do

  /** A payment whose customer is away to authenticate. */
  private Paid challenged(CaptureMethod method) {
    return challenged(
        method,
        sending ->
            new ActionRequired(
                "psp_" + sending.operationId(), "https://psp.test/3ds", Details.NONE));
  }

  private Paid challenged(
      CaptureMethod method, java.util.function.Function<Sending, PspResult> answered) {
    script(answered);
    Answer answer = bench.run(payment(method, false));
    Operation charge = bench.operations("authorize").getFirst();
    assertThat(charge.status()).as(answer.body()).isEqualTo(OperationStatus.AWAITING_CUSTOMER);
    sent.clear();
    return new Paid(charge.paymentId(), charge.id(), charge.pspIdempotencyKey(), answer);
  }

  private static Command payment(CaptureMethod method, boolean offSession) {
    return new Command.CreatePayment(
        request("/v1/payment_intents"),
        money.Money.of(1_000, "usd"),
        method,
        null,
        new Command.Confirmation(
            "pm_card_visa", null, Parameters.EMPTY, offSession, null, Parameters.EMPTY),
        true,
        new Parameters(Map.of("return_url", SHOP)));
  }

  private static RequestContext request(String path) {
    return new RequestContext(FactBench.MERCHANT, false, "req_test", path, false, null, List.of());
  }

  private void script(java.util.function.Function<Sending, PspResult> answer) {
    scriptLater(sending -> Future.succeededFuture(answer.apply(sending)));
  }

  private void scriptLater(java.util.function.Function<Sending, Future<PspResult>> answer) {
    bench.script.add(
        sending -> {
          sent.add(sending);
          return answer.apply(sending);
        });
  }

  private static ReturnAddress address(Paid paid) {
    String url = PspCall.ofStored(bench.operation(paid.charge()).request()).path();
    assertThat(url).startsWith("https://pay.example/v1/redirects/demo/test_");
    return ReturnAddress.parse(URI.create(url).getPath()).orElseThrow();
  }

  private static Command returning(Paid paid, Map<String, String> details) {
    ReturnAddress address = address(paid);
    return new Command.ReturnCustomer(
        request("customer"), address.operationKey(), address.proof(), details);
  }

  private static Answer visit(Paid paid, Map<String, String> details) {
    return bench.run(returning(paid, details));
  }

  /** A visit that is on its way. */
  private static Future<Answer> visiting(Paid paid) {
    Command visit = returning(paid, PASSED);
    return bench.onContextLater(() -> new CommandFlows(bench.services).run(visit));
  }

  private static PspResult approved(Sending sending, boolean captured) {
    return FactBench.approved("psp_final_" + sending.operationId(), 1_000, captured);
  }

  private static void landed(Answer answer, Paid paid, String status) {
    String secret =
        bench.text("SELECT client_secret FROM payment WHERE payment_id = '" + paid.id() + "'");
    assertThat(answer.status()).isEqualTo(302);
    assertThat(answer.body())
        .isEqualTo(
            "https://shop.example/back?order=7&payment_intent="
                + payments.PublicId.PAYMENT.of(paid.id())
                + "&payment_intent_client_secret="
                + secret
                + "&redirect_status="
                + status
                + "#paid");
  }

  private static String status(Paid paid) {
    return bench.text("SELECT status FROM payment WHERE payment_id = '" + paid.id() + "'");
  }

  private static String operations(Paid paid) {
    return bench.text(
        "SELECT concat_ws(' ', kind, status) FROM operation WHERE payment_id = '"
            + paid.id()
            + "' ORDER BY operation_id");
  }

  private static Operation completion() {
    return bench.operations("complete_authentication").getFirst();
  }

  // ---- the ways back

  @ParameterizedTest
  @EnumSource(
      value = CaptureMethod.class,
      names = {"AUTOMATIC", "MANUAL"})
  void endsBothOperationsInOneStepAndSendsTheCustomerOn(CaptureMethod method) {
    boolean byHand = method == CaptureMethod.MANUAL;
    Paid paid = challenged(method);
    script(sending -> approved(sending, !byHand));
    landed(visit(paid, PASSED), paid, "succeeded");
    assertThat(status(paid)).isEqualTo(byHand ? "requires_capture" : "succeeded");
    assertThat(operations(paid))
        .isEqualTo("authorize succeeded\ncomplete_authentication succeeded");
    assertThat(bench.history(paid.id()))
        .containsExactly(
            "created_and_confirmed",
            "action_required",
            "authentication_begun",
            byHand ? "authorized" : "captured");
    assertThat(sent).hasSize(1);
    assertThat(sent.getFirst().call().body()).isEqualTo("{redirectResult=passed}");
    assertThat(sent.getFirst().call().path()).isEqualTo("psp_" + paid.key());
    Operation charge = bench.operation(paid.charge());
    assertThat(charge.pspReference()).startsWith("psp_final_");
    if (byHand) {
      bench.capture(paid, null);
      assertThat(status(paid)).isEqualTo("succeeded");
    }
  }

  @Test
  void failsTheChargeByTheAnswerToWhatTheCustomerBrought() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    script(sending -> FactBench.declined("psp_final"));
    landed(visit(paid, PASSED), paid, "failed");
    assertThat(status(paid)).isEqualTo("requires_payment_method");
    assertThat(operations(paid)).isEqualTo("authorize failed\ncomplete_authentication failed");
    assertThat(bench.history(paid.id())).endsWith("authentication_begun", "declined");
  }

  @Test
  void sendsEveryLaterVisitWhereTheFirstOneWasAndTellsThePspNothingMore() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    script(sending -> approved(sending, true));
    landed(visit(paid, PASSED), paid, "succeeded");
    String state = bench.state(paid.id());
    landed(visit(paid, PASSED), paid, "succeeded");
    landed(visit(paid, Map.of()), paid, "succeeded");
    landed(visit(paid, Map.of("redirectResult", "forged")), paid, "succeeded");
    assertThat(sent).hasSize(1);
    assertThat(bench.state(paid.id())).isEqualTo(state);
  }

  @Test
  void tellsThePspOnceHoweverManyVisitsComeAtOnce() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    Promise<PspResult> answer = Promise.promise();
    scriptLater(sending -> answer.future());
    List<Future<Answer>> visits = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      visits.add(visiting(paid));
    }
    bench.awaitNumber(
        "SELECT count(*) FROM operation WHERE kind = 'complete_authentication' AND status ="
            + " 'pending'");
    answer.complete(FactBench.approved("psp_final_" + paid.key(), 1_000, true));
    Future.join(visits).await();
    visits.forEach(visit -> landed(visit.result(), paid, "succeeded"));
    assertThat(sent).hasSize(1);
    assertThat(operations(paid))
        .isEqualTo("authorize succeeded\ncomplete_authentication succeeded");
  }

  @Test
  void knowsNoAddressThatItHasNotMade() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    ReturnAddress other = address(challenged(CaptureMethod.AUTOMATIC));
    for (String proof : List.of("", "x", other.proof(), address(paid).proof() + "x")) {
      Answer answer =
          bench.run(new Command.ReturnCustomer(request("customer"), paid.key(), proof, PASSED));
      assertThat(answer.status()).isEqualTo(404);
    }
    assertThat(
            bench
                .run(
                    new Command.ReturnCustomer(
                        request("customer"), paid.key() + "0", address(paid).proof(), PASSED))
                .status())
        .isEqualTo(404);
    assertThat(sent).isEmpty();
    assertThat(status(paid)).isEqualTo("requires_action");
  }

  /** They came to the PSP with the address as it was proved then. */
  @Test
  void knowsItsAddressesAfterTheAccountsSecretWasChanged() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    bench.secret = "changed";
    script(sending -> approved(sending, true));
    landed(visit(paid, PASSED), paid, "succeeded");
    assertThat(address(challenged(CaptureMethod.AUTOMATIC)).proof())
        .isNotEqualTo(address(paid).proof());
  }

  @Test
  void tellsThePspOfWhatWasBroughtOnlyWhatIsItsOwn() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    landed(visit(paid, Map.of("payload", "x", "utm_source", "mail")), paid, "pending");
    assertThat(operations(paid)).isEqualTo("authorize awaiting_customer");
    script(sending -> approved(sending, true));
    landed(visit(paid, Map.of("redirectResult", "passed", "payload", "x")), paid, "succeeded");
    assertThat(sent.getFirst().call().body()).isEqualTo("{redirectResult=passed}");
    landed(visit(paid, PASSED), paid, "succeeded");
    assertThat(sent).hasSize(1);
  }

  /** Some PSPs name a payment only once its customer has been there. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void completesWhatThePspHasNotNamedYet(boolean comes) {
    Paid paid =
        challenged(
            CaptureMethod.AUTOMATIC,
            sending -> new ActionRequired(null, "https://psp.test/3ds", Details.NONE));
    assertThat(bench.operation(paid.charge()).pspReference()).isNull();
    assertThat(bench.recover(bench.operation(paid.charge())))
        .isEqualTo(OperationStatus.AWAITING_CUSTOMER);
    if (comes) {
      script(sending -> approved(sending, true));
      landed(visit(paid, PASSED), paid, "succeeded");
      assertThat(bench.operation(paid.charge()).pspReference()).startsWith("psp_final_");
      assertThat(bench.refund(paid, 400).status()).isEqualTo(OperationStatus.SUCCEEDED);
    } else {
      assertThat(bench.cancel(paid).body()).contains("\"status\":\"canceled\"");
      landed(visit(paid, PASSED), paid, "failed");
      assertThat(sent).isEmpty();
    }
  }

  @Test
  void beginsNothingForAVisitThatBringsNothing() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    landed(visit(paid, Map.of()), paid, "pending");
    assertThat(status(paid)).isEqualTo("requires_action");
    assertThat(operations(paid)).isEqualTo("authorize awaiting_customer");
  }

  @Test
  void leavesTheAuthenticationOpenWhereOnlyWhatWasBroughtIsRefused() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    script(sending -> new PspResult.Declined(FactBench.NO, null, null, Details.NONE));
    Map<String, String> forged = Map.of("redirectResult", "forged");
    landed(visit(paid, forged), paid, "failed");
    assertThat(status(paid)).isEqualTo("requires_action");
    assertThat(operations(paid))
        .isEqualTo("authorize awaiting_customer\ncomplete_authentication failed");
    landed(visit(paid, forged), paid, "failed");
    assertThat(sent).as("the same again is not told again").hasSize(1);
    script(sending -> approved(sending, true));
    landed(visit(paid, PASSED), paid, "succeeded");
    assertThat(status(paid)).isEqualTo("succeeded");
    assertThat(sent).hasSize(2);
  }

  @Test
  void tellsTheSameAgainWhereThePspDidNotLookAtIt() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    script(
        sending ->
            new PspResult.Declined(
                new payments.Decline(
                    payments.DeclineCode.KEY_REFUSED, "security/010", null, null, null),
                null,
                null,
                Details.NONE));
    landed(visit(paid, PASSED), paid, "failed");
    assertThat(status(paid)).isEqualTo("requires_action");
    script(sending -> approved(sending, true));
    landed(visit(paid, PASSED), paid, "succeeded");
    assertThat(status(paid)).isEqualTo("succeeded");
    assertThat(sent).hasSize(2);
  }

  /** One authentication never pays for two orders (a customer who swaps what they bring). */
  @Test
  void believesNoAnswerThatIsAboutAnotherPayment() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    Paid other = challenged(CaptureMethod.AUTOMATIC);
    Details theirs = about(other);
    List<PspResult> answers =
        List.of(
            new PspResult.Approved(
                "psp_" + other.key(), null, money.Money.of(1_000, "usd"), true, null, theirs),
            new PspResult.Declined(FactBench.NO, "psp_" + other.key(), null, theirs),
            new ActionRequired("psp_" + other.key(), "https://psp.test/3ds/other", theirs),
            new Accepted("psp_" + other.key(), null, other.key()));
    for (int i = 0; i < answers.size(); i++) {
      PspResult answer = answers.get(i);
      script(sending -> answer);
      landed(visit(paid, Map.of("redirectResult", "theirs" + i)), paid, "failed");
      assertThat(status(paid)).as(answer.toString()).isEqualTo("requires_action");
      assertThat(bench.operation(paid.charge()).status())
          .isEqualTo(OperationStatus.AWAITING_CUSTOMER);
      assertThat(completion().status()).isEqualTo(OperationStatus.FAILED);
    }
    assertThat(
            bench.number(
                "SELECT count(*) FROM anomaly WHERE kind = 'another_payment' AND payment_id = '"
                    + paid.id()
                    + "'"))
        .isEqualTo(answers.size());
    script(sending -> answers.getFirst());
    landed(visit(other, PASSED), other, "succeeded");
    script(
        sending ->
            new PspResult.Approved(
                "psp_" + paid.key(), null, money.Money.of(1_000, "usd"), true, null, about(paid)));
    landed(visit(paid, PASSED), paid, "succeeded");
  }

  /** Nor where it is a webhook that has the PSP asked once more. */
  @Test
  void believesNoAnswerAboutAnotherPaymentWhenAWebhookHasItAsked() {
    Paid paid = challenged(CaptureMethod.MANUAL);
    Paid other = challenged(CaptureMethod.MANUAL);
    script(sending -> new Unknown(UnknownReason.TIMEOUT, "no answer in time"));
    landed(visit(paid, PASSED), paid, "pending");
    bench.age(new Paid(paid.id(), completion().id(), paid.key(), paid.answer()));
    bench.asked =
        sending ->
            new PspResult.Approved(
                "psp_" + other.key(),
                null,
                money.Money.of(1_000, "usd"),
                false,
                null,
                about(other));
    bench.tell(
        new psp.PspFact.Authorization(
            "psp_" + paid.key(),
            paid.key(),
            FactBench.approved("psp_" + paid.key(), 1_000, false),
            new Unknown(UnknownReason.NOT_FOUND, "not told"),
            new Unknown(UnknownReason.NOT_FOUND, "not told"),
            false,
            null));
    assertThat(bench.operation(paid.charge()).pspReference()).isEqualTo("psp_" + paid.key());
    assertThat(
            bench.number(
                "SELECT count(*) FROM anomaly WHERE kind = 'another_payment' AND payment_id = '"
                    + paid.id()
                    + "'"))
        .isEqualTo(1);
  }

  @Test
  void believesNoAnswerAboutAnotherPaymentWhenItIsToldAgain() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    Paid other = challenged(CaptureMethod.AUTOMATIC);
    script(sending -> new Unknown(UnknownReason.TIMEOUT, "no answer in time"));
    landed(visit(paid, PASSED), paid, "pending");
    Operation completion = completion();
    Paid late = bench.age(new Paid(paid.id(), completion.id(), paid.key(), paid.answer()));
    script(
        sending ->
            new PspResult.Approved(
                "psp_" + other.key(),
                null,
                money.Money.of(1_000, "usd"),
                true,
                null,
                about(other)));
    assertThat(bench.recover(bench.operation(late.charge()))).isEqualTo(OperationStatus.FAILED);
    assertThat(status(paid)).isEqualTo("requires_action");
    assertThat(
            bench.number(
                "SELECT count(*) FROM operation WHERE gives_back AND payment_id = '"
                    + paid.id()
                    + "'"))
        .isZero();
  }

  @Test
  void appliesNoFactToAPaymentWhoseKeyItDoesNotCarry() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    Paid other = challenged(CaptureMethod.AUTOMATIC);
    PspResult taken = FactBench.approved("psp_" + paid.key(), 1_000, true);
    psp.PspFact swapped =
        new psp.PspFact.Authorization(
            "psp_" + paid.key(),
            other.key(),
            taken,
            taken,
            new Unknown(UnknownReason.NOT_FOUND, "not done"),
            false,
            null);
    assertThat(bench.tell(swapped)).isInstanceOf(FactOutcome.NotYet.class);
    assertThat(status(paid)).isEqualTo("requires_action");
    assertThat(status(other)).isEqualTo("requires_action");
  }

  private static Details about(Paid paid) {
    return new Details(null, payments.CardChecks.NONE, payments.AttemptOutcome.NONE, paid.key());
  }

  @Test
  void givesUpOnSomeoneWhoBringsOneForgeryAfterTheOther() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    for (int i = 0; i < 12; i++) {
      if (i < 10) {
        script(sending -> new PspResult.Declined(FactBench.NO, null, null, Details.NONE));
      }
      landed(visit(paid, Map.of("redirectResult", "forged" + i)), paid, "failed");
    }
    assertThat(sent).hasSize(10);
    assertThat(status(paid)).isEqualTo("requires_action");
  }

  @Test
  void sendsTheCustomerToTheNextChallengeWhereThereIsOne() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    script(sending -> new ActionRequired("psp_2", "https://psp.test/3ds/2", Details.NONE));
    assertThat(visit(paid, Map.of("redirectResult", "fingerprint")).body())
        .isEqualTo("https://psp.test/3ds/2");
    assertThat(status(paid)).isEqualTo("requires_action");
    assertThat(visit(paid, Map.of("redirectResult", "fingerprint")).body())
        .isEqualTo("https://psp.test/3ds/2");
    script(sending -> approved(sending, true));
    landed(visit(paid, PASSED), paid, "succeeded");
    assertThat(sent).hasSize(2);
  }

  // ---- what is not known at once

  @Test
  void settlesAnUnknownAnswerByTellingTheSameAgain() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    script(sending -> new Unknown(UnknownReason.TIMEOUT, "no answer in time"));
    landed(visit(paid, PASSED), paid, "pending");
    assertThat(status(paid)).isEqualTo("processing");
    script(sending -> approved(sending, true));
    assertThat(bench.recover(completion())).isEqualTo(OperationStatus.SUCCEEDED);
    assertThat(status(paid)).isEqualTo("succeeded");
    assertThat(sent).hasSize(2);
    assertThat(sent.get(1).idempotencyKey()).isEqualTo(sent.get(0).idempotencyKey());
    assertThat(sent.get(1).call()).isEqualTo(sent.get(0).call());
    landed(visit(paid, PASSED), paid, "succeeded");
  }

  /** The node dies once the visit is written and before the PSP has answered. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void settlesWhatACrashLeft(boolean passed) {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    scriptLater(sending -> Promise.<PspResult>promise().future());
    Future<Answer> dying = visiting(paid);
    bench.awaitNumber(
        "SELECT count(*) FROM operation WHERE kind = 'complete_authentication' AND payment_id = '"
            + paid.id()
            + "'");
    script(sending -> passed ? approved(sending, true) : FactBench.declined("psp_1"));
    OperationStatus end = passed ? OperationStatus.SUCCEEDED : OperationStatus.FAILED;
    assertThat(bench.recover(completion())).isEqualTo(end);
    assertThat(status(paid)).isEqualTo(passed ? "succeeded" : "requires_payment_method");
    assertThat(operations(paid))
        .isEqualTo("authorize " + end.wire() + "\ncomplete_authentication " + end.wire());
    landed(visit(paid, PASSED), paid, passed ? "succeeded" : "failed");
    assertThat(dying.isComplete()).isFalse();
  }

  @Test
  void takesAWebhookThatOvertakesTheAnswerForTheAnswer() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    Promise<PspResult> answer = Promise.promise();
    scriptLater(sending -> answer.future());
    Future<Answer> visit = visiting(paid);
    bench.awaitNumber(
        "SELECT count(*) FROM operation WHERE kind = 'complete_authentication' AND payment_id = '"
            + paid.id()
            + "'");
    bench.tell(fact(paid, FactBench.approved("psp_" + paid.key(), 1_000, true)));
    assertThat(status(paid)).isEqualTo("succeeded");
    assertThat(operations(paid))
        .isEqualTo("authorize succeeded\ncomplete_authentication succeeded");
    String state = bench.state(paid.id());
    answer.complete(FactBench.approved("psp_" + paid.key(), 1_000, true));
    landed(visit.await(), paid, "succeeded");
    assertThat(bench.state(paid.id())).isEqualTo(state);
  }

  /** As during an incident: the answer is lost, and what the customer brought is no longer good. */
  @Test
  void holdsWhatIsRefusedOnARepeatAndSendsItNoMore() {
    Paid paid = refusedAgain();
    Operation completion = completion();
    assertThat(completion.heldReason()).isEqualTo("unsettled");
    assertThat(recovers(completion)).isFalse();
    assertThat(sent).hasSize(2);
    assertThat(bench.closeAsFailed(completion))
        .as("the first sending may be on its way")
        .isInstanceOf(payments.OperatorOutcome.Refused.class);
    bench.postgres.execute(
        "UPDATE operation SET updated_at = now() - interval '36 seconds' WHERE operation_id = '"
            + completion.id()
            + "'");
    assertThat(bench.closeAsFailed(completion())).isInstanceOf(payments.OperatorOutcome.Done.class);
    assertThat(status(paid)).isEqualTo("requires_action");
    assertThat(operations(paid))
        .isEqualTo("authorize awaiting_customer\ncomplete_authentication failed");

    // The first sending had authorized it after all.
    bench.tell(fact(paid, FactBench.approved("psp_" + paid.key(), 1_000, true)));
    assertThat(status(paid)).isEqualTo("succeeded");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void settlesWhatIsRefusedOnARepeatByTheWebhook(boolean passed) {
    Paid paid = refusedAgain();
    bench.tell(
        fact(
            paid,
            passed
                ? FactBench.approved("psp_" + paid.key(), 1_000, true)
                : FactBench.declined("psp_" + paid.key())));
    assertThat(status(paid)).isEqualTo(passed ? "succeeded" : "requires_payment_method");
    assertThat(completion().heldReason()).isNull();
  }

  @Test
  void looksOnceMoreAtWhatIsRefusedOnARepeatWhereAnOperatorAsks() {
    Paid paid = refusedAgain();
    assertThat(bench.lookAgain(completion())).isInstanceOf(payments.OperatorOutcome.Done.class);
    script(sending -> approved(sending, true));
    assertThat(bench.recover(completion())).isEqualTo(OperationStatus.SUCCEEDED);
    assertThat(status(paid)).isEqualTo("succeeded");
  }

  /** A word that nobody knows is no refusal, and a refusal does not take it back. */
  @Test
  void holdsAWordThatNobodyKnowsAndNeverClosesIt() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    script(sending -> Unknown.status("Charmed", "psp_" + paid.key(), paid.key()));
    landed(visit(paid, PASSED), paid, "pending");
    assertThat(completion().heldReason()).isEqualTo("unknown_status");
    assertThat(recovers(completion())).isTrue();
    script(sending -> new Unknown(UnknownReason.REFUSED_AGAIN, "HTTP 422 on a repeat"));
    bench.recover(completion());
    assertThat(completion().heldReason()).isEqualTo("unknown_status");
    assertThat(bench.closeAsFailed(completion()))
        .isInstanceOf(payments.OperatorOutcome.Refused.class);
    bench.tell(fact(paid, FactBench.approved("psp_" + paid.key(), 1_000, true)));
    assertThat(status(paid)).isEqualTo("succeeded");
  }

  @Test
  void takesAWordThatNobodyKnowsForThisPaymentsOnly() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    Paid other = challenged(CaptureMethod.AUTOMATIC);
    script(sending -> Unknown.status("Charmed", "psp_" + other.key(), other.key()));
    landed(visit(paid, PASSED), paid, "failed");
    assertThat(status(paid)).isEqualTo("requires_action");
  }

  /** A visit whose answer is lost, and whose repeat is refused. */
  private Paid refusedAgain() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    script(sending -> new Unknown(UnknownReason.TIMEOUT, "no answer in time"));
    landed(visit(paid, PASSED), paid, "pending");
    script(sending -> new Unknown(UnknownReason.REFUSED_AGAIN, "HTTP 422 on a repeat"));
    assertThat(bench.recover(completion())).isEqualTo(OperationStatus.UNKNOWN);
    assertThat(status(paid)).isEqualTo("processing");
    return paid;
  }

  private static boolean recovers(Operation operation) {
    return bench.number(
            "SELECT count(*) FROM operation WHERE recover_at IS NOT NULL AND operation_id = '"
                + operation.id()
                + "'")
        == 1;
  }

  @Test
  void waitsForTheWebhookWhereThePspDecidesLater() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    script(sending -> new Accepted("psp_" + paid.key(), null));
    landed(visit(paid, PASSED), paid, "pending");
    assertThat(status(paid)).isEqualTo("processing");
    bench.tell(fact(paid, FactBench.declined("psp_" + paid.key())));
    assertThat(status(paid)).isEqualTo("requires_payment_method");
    landed(visit(paid, PASSED), paid, "failed");
  }

  @Test
  void holdsAnotherAmountForAnOperator() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    script(sending -> FactBench.approved("psp_final", 900, true));
    landed(visit(paid, PASSED), paid, "pending");
    assertThat(status(paid)).isEqualTo("processing");
    assertThat(completion().heldReason()).isEqualTo("amount_mismatch");
    assertThat(bench.operation(paid.charge()).status())
        .isEqualTo(OperationStatus.AWAITING_CUSTOMER);
  }

  /** The customer has gone, and so may the goods have. */
  @Test
  void givesBackASuccessThatComesTooLate() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    script(sending -> new Unknown(UnknownReason.TIMEOUT, "no answer in time"));
    landed(visit(paid, PASSED), paid, "pending");
    Operation completion = completion();
    Paid late = bench.age(new Paid(paid.id(), completion.id(), paid.key(), paid.answer()));
    script(sending -> FactBench.approved("psp_" + paid.key(), 1_000, true));
    assertThat(bench.recover(bench.operation(late.charge()))).isEqualTo(OperationStatus.CANCELED);
    assertThat(status(paid)).isEqualTo("canceled");
    assertThat(bench.operation(paid.charge()).status()).isEqualTo(OperationStatus.CANCELED);
    Operation back = bench.operations("refund").getFirst();
    assertThat(back.givesBack()).isTrue();
    assertThat(back.chargeId()).isEqualTo(paid.charge());
    bench.tell(fact(paid, FactBench.approved("psp_" + paid.key(), 1_000, true)));
    assertThat(
            bench.number(
                "SELECT count(*) FROM operation WHERE gives_back AND payment_id = '"
                    + paid.id()
                    + "'"))
        .as("what came late is given back once")
        .isEqualTo(1);
    assertThat(bench.recover(back)).isEqualTo(OperationStatus.SUCCEEDED);
    landed(visit(paid, PASSED), paid, "failed");
  }

  // ---- customers who do not come back, and merchants who do not wait

  @Test
  void endsAnAuthenticationThatNobodyFinishedInTimeAndTakesNothingAfterwards() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    assertThat(bench.recover(bench.operation(paid.charge())))
        .as("before the deadline")
        .isEqualTo(OperationStatus.AWAITING_CUSTOMER);
    assertThat(status(paid)).isEqualTo("requires_action");
    Paid old = bench.age(paid, Duration.ofMinutes(61));
    bench.recover(bench.operation(old.charge()));
    assertThat(status(old)).isEqualTo("requires_payment_method");
    assertThat(operations(old)).isEqualTo("authorize failed\nvoid pending");
    assertThat(
            bench.text(
                "SELECT last_error ->> 'reason' FROM payment WHERE payment_id = '"
                    + old.id()
                    + "'"))
        .isEqualTo("AUTHENTICATION_FAILED");
    assertThat(sent).as("there is nothing to void").isEmpty();
    landed(visit(old, PASSED), old, "failed");
    assertThat(sent).isEmpty();
    assertThat(status(old)).isEqualTo("requires_payment_method");
  }

  /** Whoever is sent to a second challenge has as long for it as for the first. */
  @Test
  void endsASecondChallengeOnlyAfterATimeOfItsOwn() {
    Paid old = bench.age(challenged(CaptureMethod.AUTOMATIC), Duration.ofMinutes(61));
    script(sending -> new ActionRequired("psp_2", "https://psp.test/3ds/2", Details.NONE));
    assertThat(visit(old, PASSED).body()).isEqualTo("https://psp.test/3ds/2");
    bench.recover(bench.operation(old.charge()));
    assertThat(status(old)).isEqualTo("requires_action");
    bench.age(
        new Paid(old.id(), completion().id(), old.key(), old.answer()), Duration.ofMinutes(61));
    bench.recover(bench.operation(old.charge()));
    assertThat(status(old)).isEqualTo("requires_payment_method");
  }

  @Test
  void givesBackWhatThePspAuthorizesAllTheSame() {
    Paid old = bench.age(challenged(CaptureMethod.AUTOMATIC), Duration.ofMinutes(61));
    bench.recover(bench.operation(old.charge()));
    bench.tell(fact(old, FactBench.approved("psp_" + old.key(), 1_000, true)));
    assertThat(status(old)).isEqualTo("requires_payment_method");
    Operation back = bench.operations("refund").getFirst();
    assertThat(back.chargeId()).isEqualTo(old.charge());
    assertThat(bench.recover(back)).isEqualTo(OperationStatus.SUCCEEDED);
  }

  /** The deadline is reached while the PSP is being told: the payment was read before. */
  @Test
  void doesNotEndAnAuthenticationWhoseCustomerIsJustComingBack() {
    Paid old = bench.age(challenged(CaptureMethod.AUTOMATIC), Duration.ofMinutes(61));
    var before =
        bench
            .onContext(() -> bench.services.reads().find(FactBench.MERCHANT, false, old.id()))
            .orElseThrow();
    Operation charge = bench.operation(old.charge());
    Promise<PspResult> answer = Promise.promise();
    scriptLater(sending -> answer.future());
    Future<Answer> visit = visiting(old);
    bench.awaitNumber(
        "SELECT count(*) FROM operation WHERE kind = 'complete_authentication' AND payment_id = '"
            + old.id()
            + "'");
    bench.onContext(() -> new EndChallenge(bench.services).abandon(before, charge, "recovery"));
    assertThat(status(old)).isEqualTo("processing");
    bench.recover(charge);
    assertThat(status(old)).isEqualTo("processing");
    answer.complete(FactBench.approved("psp_" + old.key(), 1_000, true));
    landed(visit.await(), old, "succeeded");
    assertThat(status(old)).isEqualTo("succeeded");
  }

  /** The other way round: the deadline wins, and the visit that was under way tells nothing. */
  @Test
  void tellsThePspNothingWhereTheAuthenticationHasJustEnded() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    var before =
        bench
            .onContext(() -> bench.services.reads().find(FactBench.MERCHANT, false, paid.id()))
            .orElseThrow();
    Operation charge = bench.operation(paid.charge());
    bench.onContext(() -> new EndChallenge(bench.services).abandon(before, charge, "recovery"));
    assertThat(status(paid)).isEqualTo("requires_payment_method");
    landed(visit(paid, PASSED), paid, "failed");
    assertThat(sent).isEmpty();
  }

  @Test
  void cancelsWithoutAskingThePsp() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    assertThat(bench.cancel(paid).body()).contains("\"status\":\"canceled\"");
    assertThat(operations(paid)).isEqualTo("authorize canceled\nvoid pending");
    landed(visit(paid, PASSED), paid, "failed");
    assertThat(sent).isEmpty();
  }

  /** A restored database may have forgotten that it was authorized: recovery asks by our key. */
  @Test
  void letsGoByOurKeyOfWhatMayBeThere() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    bench.cancel(paid);
    Operation inCase = bench.operations("void").getFirst();
    assertThat(inCase.chargeId()).isEqualTo(paid.charge());
    assertThat(inCase.request()).contains(paid.key()).contains(FactBench.LET_GO_BY_KEY);
    for (payments.DeclineCode refusal :
        List.of(payments.DeclineCode.KEY_REFUSED, payments.DeclineCode.REFUSED_BY_PSP)) {
      var declined =
          new PspResult.Declined(
              new payments.Decline(refusal, "no", null, null, null), null, null, Details.NONE);
      bench.script.add(FactBench.answer(sending -> declined));
      assertThat(bench.recover(inCase))
          .as("a refusal of the call says nothing of what is held")
          .isEqualTo(OperationStatus.UNKNOWN);
    }
    assertThat(
            bench.number(
                "SELECT count(*) FROM operation WHERE recover_at IS NOT NULL AND held_reason IS"
                    + " NULL AND operation_id = '"
                    + inCase.id()
                    + "'"))
        .as("it is sent again")
        .isEqualTo(1);
    bench.script.add(FactBench.answer(sending -> FactBench.declined("psp_let_go")));
    assertThat(bench.recover(inCase)).isEqualTo(OperationStatus.FAILED);
    assertThat(
            bench.text("SELECT count(*)::text FROM anomaly WHERE payment_id = '" + paid.id() + "'"))
        .isEqualTo("0");
    assertThat(status(paid)).isEqualTo("canceled");
  }

  @Test
  void mayBeConfirmedWithAnotherCardWhileTheCustomerIsAway() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    ReturnAddress first = address(paid);
    script(sending -> approved(sending, true));
    Answer answer = bench.run(confirming(paid, "pm_card_mastercard"));
    assertThat(answer.body()).contains("\"status\":\"succeeded\"");
    assertThat(operations(paid)).isEqualTo("authorize canceled\nvoid pending\nauthorize succeeded");
    landed(
        bench.run(
            new Command.ReturnCustomer(
                request("customer"), first.operationKey(), first.proof(), PASSED)),
        paid,
        "failed");
    assertThat(sent).as("only the new card's authorization").hasSize(1);
    assertThat(status(paid)).isEqualTo("succeeded");
  }

  private static Command confirming(Paid paid, @Nullable String method) {
    return new Command.ConfirmPayment(
        request("/confirm"),
        paid.id(),
        null,
        new Command.Confirmation(method, null, Parameters.EMPTY, false, null, Parameters.EMPTY));
  }

  @Test
  void refusesAnotherCardWhileThePspIsBeingTold() {
    Paid paid = challenged(CaptureMethod.AUTOMATIC);
    Promise<PspResult> answer = Promise.promise();
    scriptLater(sending -> answer.future());
    Future<Answer> visit = visiting(paid);
    bench.awaitNumber(
        "SELECT count(*) FROM operation WHERE kind = 'complete_authentication' AND payment_id = '"
            + paid.id()
            + "'");
    assertThat(bench.run(confirming(paid, "pm_card_mastercard")).status()).isEqualTo(409);
    assertThat(bench.cancel(paid).status()).isEqualTo(409);
    answer.complete(FactBench.approved("psp_" + paid.key(), 1_000, true));
    landed(visit.await(), paid, "succeeded");
    assertThat(sent).hasSize(1);
  }

  @Test
  void declinesAChallengeWhereTheCustomerIsNotThere() {
    script(sending -> new ActionRequired("psp_1", "https://psp.test/3ds", Details.NONE));
    Answer answer = bench.run(payment(CaptureMethod.AUTOMATIC, true));
    assertThat(answer.status()).isEqualTo(402);
    assertThat(answer.body()).contains("\"authentication_required\"");
    Operation charge = bench.operations("authorize").getFirst();
    assertThat(charge.status()).isEqualTo(OperationStatus.FAILED);
    assertThat(Optional.ofNullable(charge.decline()).map(decline -> decline.code().errorCode()))
        .contains("authentication_required");
  }

  private static psp.PspFact fact(Paid paid, PspResult asAuthorize) {
    return new psp.PspFact.Authorization(
        "psp_" + paid.key(),
        paid.key(),
        asAuthorize,
        asAuthorize,
        new Unknown(UnknownReason.NOT_FOUND, "not done"),
        false,
        null);
  }
}
