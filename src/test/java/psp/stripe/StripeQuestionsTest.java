package psp.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static psp.Results.await;
import static psp.stripe.Answers.error;
import static psp.stripe.Answers.intent;
import static psp.stripe.Answers.refund;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import money.Money;
import org.junit.jupiter.api.Test;
import payments.DeclineCode;
import payments.OperationKind;
import psp.CardVault.VaultResult;
import psp.HostileServer;
import psp.PspCall;
import psp.PspCommand;
import psp.PspResult;
import psp.PspResult.Approved;
import psp.PspResult.UnknownReason;
import psp.Sending;
import psp.Sendings;

/** Look-ups and cards on file, over real sockets. */
final class StripeQuestionsTest extends StripeFixture {
  @Test
  void looksUpAnAuthorizationByItsReference() {
    server.answers(200, intent("requires_capture"));
    Sending known = withReference(authorize(2), "pi_psp");
    assertThat(await(psp(LONG).lookup(known))).isInstanceOf(Approved.class);
    assertThat(server.received.getFirst().uri())
        .isEqualTo("/v1/payment_intents/pi_psp?expand[0]=latest_charge");
  }

  @Test
  void looksUpAnAuthorizationByItsOperation() {
    server.answers(
        200, found(intent("succeeded", ",\"metadata\":{\"operation_id\":\"ch_operation\"}")));
    assertThat(await(psp(LONG).lookup(authorize(2)))).isInstanceOf(Approved.class);
    assertThat(server.received.getFirst().uri())
        .startsWith("/v1/payment_intents/search?")
        .contains("query=metadata[%27operation_id%27]%3A%27ch_operation%27");
  }

  @Test
  void findingNothingOrAnotherOperationProvesNothing() {
    StripePsp psp = psp(LONG);
    server.answers(200, found(""));
    assertThat(reason(psp.lookup(authorize(2)))).isEqualTo(UnknownReason.NOT_FOUND);
    server.answers(200, found(intent("succeeded", ",\"metadata\":{\"operation_id\":\"other\"}")));
    assertThat(reason(psp.lookup(authorize(2)))).isEqualTo(UnknownReason.NOT_FOUND);
  }

  @Test
  void whatIsOlderThanStripesMemoryIsOfAnEarlierOperationWithTheSameKey() {
    String ours = intent("succeeded", ",\"metadata\":{\"operation_id\":\"ch_operation\"}");
    long dayAndABit = 24 * 3_600 + 1;
    String old =
        ours.replace("1800000000", String.valueOf(Sendings.BEGUN.getEpochSecond() - dayAndABit));
    assertThat(old).isNotEqualTo(ours);
    StripePsp psp = psp(LONG);
    server.answers(200, found(old));
    assertThat(reason(psp.lookup(authorize(2)))).isEqualTo(UnknownReason.NOT_FOUND);
    server.answers(200, found(old + "," + ours));
    assertThat(await(psp.lookup(authorize(2)))).isInstanceOf(Approved.class);
    server.answers(200, list(refund("succeeded").replace("1800000000", "1700000000"), false));
    assertThat(reason(psp.lookup(refundSending(psp, 2)))).isEqualTo(UnknownReason.NOT_FOUND);
  }

  @Test
  void findingTwoIsForSomeoneToLookAt() {
    String one = intent("succeeded", ",\"metadata\":{\"operation_id\":\"ch_operation\"}");
    server.answers(200, found(one + "," + one));
    assertThat(reason(psp(LONG).lookup(authorize(2)))).isEqualTo(UnknownReason.UNREADABLE);
  }

  @Test
  void looksUpCapturesAndVoidsByTheIntentTheyName() {
    StripePsp psp = psp(LONG);
    server.answers(200, intent("succeeded"));
    PspCall capture = psp.prepare(new PspCommand.Capture("x", "pi_psp", Money.of(1099, "usd")));
    assertThat(await(psp.lookup(Sendings.of(OperationKind.CAPTURE, capture, 2))))
        .isInstanceOf(Approved.class);
    server.answers(200, intent("canceled"));
    PspCall cancel = psp.prepare(new PspCommand.VoidHold("x", "pi_psp", null));
    assertThat(await(psp.lookup(Sendings.of(OperationKind.VOID, cancel, 2))))
        .isInstanceOf(Approved.class);
    assertThat(server.received.stream().map(HostileServer.Received::uri))
        .containsOnly("/v1/payment_intents/pi_psp?expand[0]=latest_charge");
  }

  @Test
  void looksUpARefundThroughAllPages() {
    String other =
        "{\"id\":\"re_other\",\"object\":\"refund\",\"status\":\"succeeded\",\"amount\":1,"
            + "\"currency\":\"usd\",\"metadata\":{}}";
    server.behaves(
        request ->
            request
                .response()
                .end(
                    request.uri().contains("starting_after=re_other")
                        ? list(refund("succeeded"), false)
                        : list(other, true)));
    StripePsp psp = psp(LONG);
    assertThat(await(psp.lookup(refundSending(psp, 2))))
        .isInstanceOfSatisfying(
            Approved.class, approved -> assertThat(approved.reference()).isEqualTo("re_psp"));
    assertThat(server.received.getFirst().uri()).contains("payment_intent=pi_psp");
  }

  @Test
  void aRefundThatIsNotListedProvesNothing() {
    StripePsp psp = psp(LONG);
    server.answers(200, list("", false));
    assertThat(reason(psp.lookup(refundSending(psp, 2)))).isEqualTo(UnknownReason.NOT_FOUND);
  }

  @Test
  void looksUpARefundByItsReference() {
    StripePsp psp = psp(LONG);
    server.answers(200, refund("pending"));
    assertThat(await(psp.lookup(withReference(refundSending(psp, 2), "re_psp"))))
        .isEqualTo(new PspResult.Accepted("re_psp", "ch_psp"));
    assertThat(server.received.getFirst().uri()).isEqualTo("/v1/refunds/re_psp");
  }

  // ---- whose answer it is

  @Test
  void whatIsToldOfAnotherIntentSaysNothing() {
    StripePsp psp = psp(LONG);
    server.answers(200, intent("succeeded"));
    assertAnothers(psp.lookup(withReference(authorize(2), "pi_other")));
    server.answers(200, intent("succeeded", ",\"metadata\":{\"operation_id\":\"ch_other\"}"));
    assertAnothers(psp.lookup(withReference(authorize(2), "pi_psp")));
    server.answers(200, intent("succeeded", ",\"metadata\":{\"operation_id\":\"ch_operation\"}"));
    assertThat(await(psp.lookup(withReference(authorize(2), "pi_psp"))))
        .isInstanceOf(Approved.class);

    PspCall capture = psp.prepare(new PspCommand.Capture("x", "pi_other", Money.of(1099, "usd")));
    assertAnothers(psp.lookup(Sendings.of(OperationKind.CAPTURE, capture, 2)));
    server.answers(200, intent("canceled"));
    PspCall cancel = psp.prepare(new PspCommand.VoidHold("x", "pi_other", null));
    assertAnothers(psp.lookup(Sendings.of(OperationKind.VOID, cancel, 2)));
  }

  @Test
  void whatIsToldOfAnotherRefundSaysNothing() {
    StripePsp psp = psp(LONG);
    server.answers(200, refund("succeeded"));
    assertAnothers(psp.lookup(withReference(refundSending(psp, 2), "re_other")));
    server.answers(200, refund("succeeded").replace("ch_operation", "ch_other"));
    assertAnothers(psp.lookup(withReference(refundSending(psp, 2), "re_psp")));
  }

  /** Its key is of an operation that nobody remembers, as after a restored database. */
  @Test
  void aRefundThatWeDidNotMakeIsKnownByItsIdAlone() {
    StripePsp psp = psp(LONG);
    server.answers(200, refund("succeeded").replace("ch_operation", "ch_forgotten"));
    Sending atPsp = Sendings.of(OperationKind.REFUND, new PspCall("NONE", "/", ""), 0);
    assertThat(await(psp.lookup(withReference(atPsp, "re_psp")))).isInstanceOf(Approved.class);
    assertAnothers(psp.lookup(withReference(atPsp, "re_other")));
  }

  private static void assertAnothers(Future<PspResult> result) {
    assertThat(await(result))
        .isInstanceOfSatisfying(
            PspResult.Unknown.class,
            unknown -> {
              assertThat(unknown.reason()).isEqualTo(UnknownReason.UNREADABLE);
              assertThat(unknown.detail()).contains("another operation");
            });
  }

  // ---- vault

  @Test
  void keepsCardsOnFile() {
    String card =
        """
        {"id":"pm_1","object":"payment_method","type":"card","billing_details":{"name":"Ann",
         "address":{"postal_code":"123","line1":null}},"card":{"brand":"visa","last4":"4242",
         "exp_month":1,"exp_year":2034,"funding":"credit","checks":{"cvc_check":"pass"}}}\
        """;
    server.answers(200, card);
    var vault = psp(LONG).vault();
    assertThat(await(vault.retrieve("pm_card_visa")))
        .isInstanceOfSatisfying(
            VaultResult.Done.class,
            done ->
                assertThat(done.value().toString())
                    .contains("pm_1", "4242", "postal_code=123", "cvc=pass"));
    assertThat(await(vault.attach("pm_1", "cus_1", "key-a"))).isInstanceOf(VaultResult.Done.class);
    assertThat(await(vault.detach("pm_1", "key-d"))).isInstanceOf(VaultResult.Done.class);
    server.answers(200, "{\"id\":\"cus_psp\",\"object\":\"customer\"}");
    assertThat(await(vault.createCustomer("cus_ours", Map.of("name", "Ann"), "key-c")))
        .isEqualTo(new VaultResult.Done<>("cus_psp"));

    assertThat(server.received)
        .extracting(one -> one.method() + " " + one.uri() + " " + one.body())
        .containsExactly(
            "GET /v1/payment_methods/pm_card_visa ",
            "POST /v1/payment_methods/pm_1/attach customer=cus_1",
            "POST /v1/payment_methods/pm_1/detach ",
            "POST /v1/customers metadata[customer_id]=cus_ours&name=Ann");
    assertThat(server.received.get(1).headers()).containsEntry("Idempotency-Key", "key-a");
  }

  @Test
  void tellsAVaultsNoFromItsSilence() {
    var vault = psp(LONG).vault();
    server.answers(404, error("invalid_request_error", ",\"code\":\"resource_missing\""));
    assertThat(await(vault.retrieve("pm_1"))).isInstanceOf(VaultResult.NotFound.class);
    server.answers(402, error("card_error", ",\"code\":\"expired_card\""));
    assertThat(await(vault.attach("pm_1", "cus_1", "key")))
        .isInstanceOfSatisfying(
            VaultResult.Refused.class,
            refused -> assertThat(refused.decline().code()).isEqualTo(DeclineCode.EXPIRED_CARD));
    server.answers(400, error("idempotency_error", ""));
    assertThat(await(vault.attach("pm_1", "cus_1", "key")))
        .isInstanceOf(VaultResult.Unavailable.class);
    for (int status : new int[] {401, 409, 429, 500}) {
      server.answers(status, error("api_error", ""));
      assertThat(await(vault.retrieve("pm_1"))).isInstanceOf(VaultResult.Unavailable.class);
    }
    server.answers(200, "nonsense");
    assertThat(await(vault.retrieve("pm_1"))).isInstanceOf(VaultResult.Unavailable.class);
    server.hangs();
    assertThat(await(psp(SHORT).vault().retrieve("pm_1")))
        .isInstanceOf(VaultResult.Unavailable.class);
  }

  @Test
  void aVaultsAnswerAboutAnotherObjectIsNone() {
    var vault = psp(LONG).vault();
    String card = "{\"id\":\"pm_2\",\"object\":\"payment_method\",\"type\":\"card\"%s}";
    server.answers(200, card.formatted(",\"customer\":\"cus_1\""));
    assertAnothers(
        List.of(
            vault.retrieve("pm_1"),
            vault.attach("pm_1", "cus_1", "key"),
            vault.attach("pm_2", "cus_2", "key"),
            vault.attach("pm_card_visa", "cus_2", "key"),
            vault.detach("pm_1", "key")));
    for (String token : List.of("pm_2", "pm_card_visa", "tok_visa")) {
      assertThat(await(vault.attach(token, "cus_1", "key"))).isInstanceOf(VaultResult.Done.class);
    }
    server.answers(200, card.formatted(",\"customer\":null"));
    assertThat(await(vault.detach("pm_2", "key"))).isInstanceOf(VaultResult.Done.class);

    server.answers(
        200,
        "{\"id\":\"cus_psp\",\"object\":\"customer\",\"metadata\":{\"customer_id\":\"cus_1\"}}");
    assertAnothers(List.of(vault.createCustomer("cus_2", Map.of(), "key")));
    assertThat(await(vault.createCustomer("cus_1", Map.of(), "key")))
        .isEqualTo(new VaultResult.Done<>("cus_psp"));
  }

  private static void assertAnothers(List<Future<? extends VaultResult<?>>> results) {
    assertThat(results)
        .allSatisfy(
            result ->
                assertThat(await(result))
                    .isInstanceOfSatisfying(
                        VaultResult.Unavailable.class,
                        none -> assertThat(none.detail()).contains("another")));
  }

  private static Sending refundSending(StripePsp psp, int attempt) {
    return Sendings.of(
        OperationKind.REFUND,
        psp.prepare(new PspCommand.Refund("ch_operation", "pi_psp", Money.of(500, "usd"), null)),
        attempt);
  }

  private static Sending withReference(Sending sending, String reference) {
    return new Sending(
        sending.accountId(),
        sending.kind(),
        sending.operationId(),
        sending.amount(),
        sending.call(),
        sending.idempotencyKey(),
        reference,
        sending.attempt(),
        sending.begunAt());
  }

  private static String found(String intents) {
    return "{\"object\":\"search_result\",\"has_more\":false,\"data\":[" + intents + "]}";
  }

  private static String list(String refunds, boolean more) {
    return "{\"object\":\"list\",\"has_more\":" + more + ",\"data\":[" + refunds + "]}";
  }
}
