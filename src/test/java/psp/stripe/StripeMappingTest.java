package psp.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static psp.stripe.Answers.error;
import static psp.stripe.Answers.failure;
import static psp.stripe.Answers.intent;
import static psp.stripe.Answers.readIntent;
import static psp.stripe.Answers.readRefund;
import static psp.stripe.Answers.refund;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import money.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import payments.AttemptOutcome;
import payments.CardChecks;
import payments.CardDetails;
import payments.Decline;
import payments.DeclineCode;
import payments.OperationKind;
import psp.PspCall;
import psp.PspResult;
import psp.PspResult.Accepted;
import psp.PspResult.ActionRequired;
import psp.PspResult.Approved;
import psp.PspResult.Declined;
import psp.PspResult.Details;
import psp.PspResult.NotSent;
import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;
import psp.Results;
import psp.Sending;
import psp.Sendings;
import psp.TransportFailure;

final class StripeMappingTest {
  private static final Map<String, String> FRESH = Map.of("Request-Id", "req_1");
  private static final Map<String, String> REPLAYED =
      Map.of("Request-Id", "req_1", "Idempotent-Replayed", "true");
  private static final Details CARD =
      new Details(
          new CardDetails("visa", "4242", 12, 2034, "credit", "US", "fp", "visa"),
          new CardChecks(null, "fail", "pass"),
          new AttemptOutcome(
              "approved_by_network",
              "authorized",
              null,
              "normal",
              12,
              "Payment complete.",
              null,
              "nti",
              "A1",
              null,
              null));

  // ---- whose answer it is

  @Test
  void anotherOperationsAnswerSaysNothing() {
    String ours = ",\"metadata\":{\"operation_id\":\"ch_operation\"}";
    String another = ",\"metadata\":{\"operation_id\":\"ch_another\"}";
    var held = new PspCall("POST", "/v1/payment_intents/pi_psp/capture", "");
    var otherHeld = new PspCall("POST", "/v1/payment_intents/pi_other/capture", "");

    for (var kind : List.of(OperationKind.CAPTURE, OperationKind.VOID)) {
      String done = intent(kind == OperationKind.VOID ? "canceled" : "succeeded", another);
      assertThat(sent(kind, held, 200, done)).isInstanceOf(Approved.class);
      assertAnothers(sent(kind, otherHeld, 200, done));
    }
    assertThat(sent(OperationKind.AUTHORIZE, held, 200, intent("succeeded", ours)))
        .isInstanceOf(Approved.class);
    assertAnothers(sent(OperationKind.AUTHORIZE, held, 200, intent("succeeded", another)));
    assertAnothers(
        sent(
            OperationKind.AUTHORIZE,
            held,
            402,
            error(
                "card_error",
                ",\"code\":\"card_declined\",\"payment_intent\":"
                    + intent("requires_payment_method", another))));
    assertAnothers(
        sent(
            OperationKind.REFUND,
            new PspCall("POST", "/v1/refunds", "payment_intent=pi_psp"),
            200,
            refund("succeeded").replace("ch_operation", "ch_another")));
  }

  private static PspResult sent(OperationKind kind, PspCall call, int status, String body) {
    return StripeMapping.ofAnswer(
        Sendings.of(kind, call, 1), new StripeAnswer(status, body, "req_1", false, null));
  }

  private static void assertAnothers(PspResult result) {
    assertThat(result)
        .isInstanceOfSatisfying(
            Unknown.class,
            unknown -> {
              assertThat(unknown.reason()).isEqualTo(UnknownReason.UNREADABLE);
              assertThat(unknown.detail()).contains("another operation");
            });
  }

  // ---- objects

  @Test
  void aSucceededIntentIsApprovedWithWhatWasReceived() {
    assertThat(of(OperationKind.AUTHORIZE, intent("succeeded")))
        .isEqualTo(new Approved("pi_psp", "ch_psp", Money.of(1099, "usd"), true, "pm_psp", CARD));
  }

  @Test
  void aHeldIntentIsApprovedWithWhatCanBeCaptured() {
    assertThat(of(OperationKind.AUTHORIZE, intent("requires_capture")))
        .isEqualTo(new Approved("pi_psp", "ch_psp", Money.of(1099, "usd"), false, "pm_psp", CARD));
  }

  @Test
  void tellsThePspsAmountEvenWhenItIsAnother() {
    String other =
        """
        {"id":"pi_psp","object":"payment_intent","status":"succeeded","amount_received":7,
         "currency":"jpy","latest_charge":"ch_psp"}\
        """;
    assertThat(of(OperationKind.CAPTURE, other))
        .isEqualTo(new Approved("pi_psp", "ch_psp", Money.of(7, "jpy"), true, null, Details.NONE));
  }

  @Test
  void aRedirectIsAnActionAndAnyOtherActionIsUnreadable() {
    String redirect =
        ",\"next_action\":{\"type\":\"redirect_to_url\",\"redirect_to_url\":{\"url\":\"https://x.test\"}}";
    assertThat(of(OperationKind.AUTHORIZE, intent("requires_action", redirect)))
        .isEqualTo(new ActionRequired("pi_psp", "https://x.test", CARD));
    assertThat(
            reason(
                OperationKind.AUTHORIZE,
                intent("requires_action", ",\"next_action\":{\"type\":\"use_stripe_sdk\"}")))
        .isEqualTo(UnknownReason.UNREADABLE);
  }

  @Test
  void processingIsAccepted() {
    assertThat(of(OperationKind.AUTHORIZE, intent("processing")))
        .isEqualTo(new Accepted("pi_psp", "ch_psp"));
    assertThat(of(OperationKind.CAPTURE, intent("processing")))
        .isEqualTo(new Accepted("pi_psp", "ch_psp"));
  }

  @Test
  void anIntentThatKeepsItsErrorIsDeclined() {
    String why =
        ",\"last_payment_error\":{\"type\":\"card_error\",\"code\":\"card_declined\","
            + "\"decline_code\":\"insufficient_funds\",\"charge\":\"ch_1\"}";
    assertThat(of(OperationKind.AUTHORIZE, intent("requires_payment_method", why)))
        .isInstanceOfSatisfying(
            Declined.class,
            declined -> {
              assertThat(declined.decline().code()).isEqualTo(DeclineCode.INSUFFICIENT_FUNDS);
              assertThat(declined.chargeReference()).isEqualTo("ch_1");
            });
  }

  /** The charge tells more than the error; the error tells something where there is no charge. */
  @Test
  void anIntentThatKeepsItsErrorTellsOfTheCardByItsChargeAndElseByTheError() {
    String why =
        ",\"last_payment_error\":{\"type\":\"card_error\",\"code\":\"card_declined\","
            + "\"payment_method\":{\"id\":\"pm_1\",\"object\":\"payment_method\",\"card\":{"
            + "\"brand\":\"visa\",\"last4\":\"0002\",\"exp_month\":1,\"exp_year\":2030,"
            + "\"funding\":\"debit\"}}}";
    String expanded = intent("requires_payment_method", why);
    String byId = expanded.replace(Answers.CHARGE, "\"ch_psp\"");

    assertThat(of(OperationKind.AUTHORIZE, expanded))
        .isInstanceOfSatisfying(Declined.class, no -> assertThat(no.details()).isEqualTo(CARD));
    assertThat(of(OperationKind.AUTHORIZE, byId))
        .isInstanceOfSatisfying(
            Declined.class,
            no ->
                assertThat(no.details().card())
                    .isEqualTo(
                        new CardDetails("visa", "0002", 1, 2030, "debit", null, null, null)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"requires_payment_method", "requires_confirmation"})
  void anIntentWithoutAnAttemptIsNoAnswerYet(String status) {
    assertThat(reason(OperationKind.AUTHORIZE, intent(status)))
        .isEqualTo(UnknownReason.IN_PROGRESS);
  }

  @Test
  void aCanceledIntentIsAVoidDoneAndAnythingElseRefused() {
    assertThat(of(OperationKind.VOID, intent("canceled"))).isInstanceOf(Approved.class);
    assertThat(of(OperationKind.CAPTURE, intent("canceled"))).isInstanceOf(Declined.class);
    assertThat(of(OperationKind.AUTHORIZE, intent("canceled"))).isInstanceOf(Declined.class);
    assertThat(of(OperationKind.VOID, intent("succeeded"))).isInstanceOf(Declined.class);
  }

  @Test
  void aCanceledIntentTellsWhatBecameOfTheChargeBefore() {
    String declined =
        ",\"last_payment_error\":{\"type\":\"card_error\",\"code\":\"card_declined\","
            + "\"decline_code\":\"insufficient_funds\",\"charge\":\"ch_1\"}";
    assertThat(of(OperationKind.AUTHORIZE, intent("canceled", declined)))
        .isInstanceOfSatisfying(
            Declined.class,
            no -> assertThat(no.decline().code()).isEqualTo(DeclineCode.INSUFFICIENT_FUNDS));
    assertThat(of(OperationKind.AUTHORIZE, intent("canceled")))
        .isInstanceOfSatisfying(
            Declined.class, no -> assertThat(no.details().outcome().approved()).isTrue());
  }

  @ParameterizedTest
  @EnumSource(
      value = OperationKind.class,
      names = {"CAPTURE", "VOID"})
  void aHoldThatStillStandsProvesNothing(OperationKind kind) {
    assertThat(reason(kind, intent("requires_capture"))).isEqualTo(UnknownReason.NOT_FOUND);
  }

  @ParameterizedTest
  @EnumSource(
      value = OperationKind.class,
      names = {"AUTHORIZE", "CAPTURE", "VOID"})
  void aStatusWeDoNotKnowIsUnknownNeverFailed(OperationKind kind) {
    assertThat(of(kind, intent("charmed"))).isEqualTo(Unknown.status("charmed", "pi_psp", null));
  }

  @Test
  void anIntentThatLacksWhatItMustHaveIsUnreadable() {
    for (String json :
        List.of(
            "{\"object\":\"payment_intent\",\"id\":\"pi_1\",\"status\":\"succeeded\"}",
            "{\"object\":\"payment_intent\",\"id\":\"pi_1\",\"status\":\"succeeded\","
                + "\"amount_received\":1,\"currency\":\"xxx\"}")) {
      assertThat(reason(OperationKind.AUTHORIZE, json)).isEqualTo(UnknownReason.UNREADABLE);
    }
  }

  @Test
  void whatIsNoIntentIsGarbled() {
    for (String json :
        List.of(
            "{\"object\":\"payment_intent\"}", "{\"object\":\"payment_intent\",\"id\":\"pi_1\"}")) {
      assertThat(reason(OperationKind.AUTHORIZE, json)).isEqualTo(UnknownReason.GARBLED);
    }
  }

  @Test
  void aRefundThatLacksWhatItMustHaveIsNoAnswer() {
    for (String lacking : List.of("\"id\":\"re_psp\",", "\"status\":\"succeeded\",")) {
      String json = refund("succeeded").replace(lacking, "");
      assertThat(Results.reason(StripeMapping.ofRefund(readRefund(json))))
          .as(lacking)
          .isEqualTo(UnknownReason.GARBLED);
    }
    String json = refund("succeeded").replace("\"amount\":500,", "");
    assertThat(Results.reason(StripeMapping.ofRefund(readRefund(json))))
        .isEqualTo(UnknownReason.UNREADABLE);
  }

  @Test
  void refundStatuses() {
    assertThat(StripeMapping.ofRefund(readRefund(refund("succeeded"))))
        .isEqualTo(
            new Approved("re_psp", "ch_psp", Money.of(500, "usd"), true, null, Details.NONE));
    for (String status : List.of("pending", "requires_action")) {
      assertThat(StripeMapping.ofRefund(readRefund(refund(status))))
          .isEqualTo(new Accepted("re_psp", "ch_psp"));
    }
    for (String status : List.of("failed", "canceled")) {
      assertThat(StripeMapping.ofRefund(readRefund(refund(status))))
          .isInstanceOfSatisfying(
              Declined.class,
              declined -> assertThat(declined.decline().rawCode()).isEqualTo(status));
    }
    assertThat(StripeMapping.ofRefund(readRefund(refund("charmed"))))
        .isEqualTo(Unknown.status("charmed", "re_psp", null));
  }

  // ---- declines

  @ParameterizedTest
  @CsvSource({
    "card_declined, insufficient_funds, INSUFFICIENT_FUNDS, card_declined/insufficient_funds",
    "card_declined, lost_card, LOST_CARD, card_declined/lost_card",
    "card_declined, do_not_try_again, DO_NOT_TRY_AGAIN, card_declined/do_not_try_again",
    "card_declined, invalid_pin, INCORRECT_PIN, card_declined/invalid_pin",
    "card_declined, brand_new_code, UNLISTED_DECLINE, card_declined/brand_new_code",
    "card_declined, , GENERIC_DECLINE, card_declined",
    "expired_card, , EXPIRED_CARD, expired_card",
    "incorrect_cvc, incorrect_cvc, INCORRECT_CVC, incorrect_cvc/incorrect_cvc",
    "payment_intent_authentication_failure, , AUTHENTICATION_FAILED,"
        + " payment_intent_authentication_failure",
    "authentication_required, authentication_required, AUTHENTICATION_REQUIRED,"
        + " authentication_required/authentication_required",
    "expired_card, brand_new_code, EXPIRED_CARD, expired_card/brand_new_code",
    "made_up, , UNLISTED_DECLINE, made_up"
  })
  void cardErrorsAreDeclinesInOurWords(
      String code, String declineCode, DeclineCode expected, String rawCode) {
    String more =
        ",\"code\":\"%s\",\"param\":\"number\",\"advice_code\":\"try_again_later\",\"charge\":\"ch_1\""
                .formatted(code)
            + (declineCode == null ? "" : ",\"decline_code\":\"" + declineCode + "\"");
    for (int attempt : new int[] {1, 2}) {
      assertThat(
              StripeMapping.ofFailure(
                  Sendings.authorize(attempt), failure(402, FRESH, error("card_error", more))))
          .isEqualTo(
              new Declined(
                  new Decline(expected, rawCode, "What Stripe says.", "try_again_later", "number"),
                  null,
                  "ch_1",
                  Details.NONE));
    }
  }

  @Test
  void aDeclineTellsOfTheCardByItsMethodAndOfTheChargeById() {
    String more =
        """
        ,"code":"card_declined","network_decline_code":"51","network_advice_code":"24",
        "payment_intent":{"id":"pi_1","object":"payment_intent","status":"requires_payment_method",
          "latest_charge":"ch_2"},
        "payment_method":{"id":"pm_1","object":"payment_method","card":{"brand":"visa",
          "last4":"0002","exp_month":1,"exp_year":2030,"funding":"debit",
          "checks":{"cvc_check":"fail"}}}\
        """;
    assertThat(
            StripeMapping.ofFailure(
                Sendings.authorize(1), failure(402, FRESH, error("card_error", more))))
        .isInstanceOfSatisfying(
            Declined.class,
            declined -> {
              assertThat(declined.reference()).isEqualTo("pi_1");
              assertThat(declined.chargeReference()).isEqualTo("ch_2");
              assertThat(declined.details().card())
                  .isEqualTo(new CardDetails("visa", "0002", 1, 2030, "debit", null, null, null));
              assertThat(declined.details().checks()).isEqualTo(new CardChecks(null, null, "fail"));
              assertThat(declined.details().outcome().networkDeclineCode()).isEqualTo("51");
              assertThat(declined.details().outcome().networkAdviceCode()).isEqualTo("24");
            });
  }

  @Test
  void aDeclineTellsOfTheChargeWhereItIsExpanded() {
    String more =
        ",\"code\":\"card_declined\",\"payment_intent\":" + intent("requires_payment_method");
    assertThat(
            StripeMapping.ofFailure(
                Sendings.authorize(1), failure(402, FRESH, error("card_error", more))))
        .isInstanceOfSatisfying(
            Declined.class, declined -> assertThat(declined.details()).isEqualTo(CARD));
  }

  // ---- refusals

  @ParameterizedTest
  @CsvSource({
    "400, parameter_missing",
    "400, charge_already_refunded",
    "400, amount_too_large",
    "404, resource_missing",
    "402, payout_failed",
  })
  void aRefusalOfTheFirstSendingIsADecline(int status, String code) {
    assertThat(
            StripeMapping.ofFailure(Sendings.authorize(1), failure(status, FRESH, refusal(code))))
        .isInstanceOfSatisfying(
            Declined.class,
            declined -> {
              assertThat(declined.decline().code()).isEqualTo(DeclineCode.REFUSED_BY_PSP);
              assertThat(declined.decline().rawCode()).isEqualTo(code);
            });
  }

  @ParameterizedTest
  @CsvSource({"401, api_key_expired", "403, account_invalid"})
  void aRefusalOfOurKeySaysNothingOfTheCard(int status, String code) {
    assertThat(
            StripeMapping.ofFailure(Sendings.authorize(1), failure(status, FRESH, refusal(code))))
        .isInstanceOfSatisfying(
            Declined.class,
            declined -> {
              assertThat(declined.decline().code()).isEqualTo(DeclineCode.KEY_REFUSED);
              assertThat(declined.decline().rawCode()).isEqualTo(code);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "400, parameter_missing, REFUSED_AGAIN",
    "400, charge_already_refunded, REFUSED_AGAIN",
    "402, payout_failed, REFUSED_AGAIN",
    "404, resource_missing, REFUSED_AGAIN",
    "401, api_key_expired, UNAUTHORIZED",
    "403, account_invalid, UNAUTHORIZED"
  })
  void aRefusalOfARepeatProvesNothingOfTheEarlierSending(
      int status, String code, UnknownReason reason) {
    for (OperationKind kind : OperationKind.values()) {
      Sending repeat = Sendings.sending("stripe_test", kind, 2);
      assertThat(
              Results.reason(
                  StripeMapping.ofFailure(repeat, failure(status, FRESH, refusal(code)))))
          .isEqualTo(reason);
    }
  }

  @Test
  void aReplayedRefusalIsStripesWordOnTheFirstSending() {
    assertThat(
            StripeMapping.ofFailure(
                Sendings.authorize(3), failure(400, REPLAYED, refusal("amount_too_large"))))
        .isInstanceOf(Declined.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void neverKeepsStripesTextAboutAKey(int status) {
    PspResult result =
        StripeMapping.ofFailure(
            Sendings.authorize(1), failure(status, FRESH, refusal("api_key_expired")));
    assertThat(result.toString()).doesNotContain("What Stripe says.");
  }

  @Test
  void aKeyThatMetAnotherBodyIsUnknownAlways() {
    for (int attempt : new int[] {1, 2}) {
      assertThat(
              Results.reason(
                  StripeMapping.ofFailure(
                      Sendings.authorize(attempt),
                      failure(400, FRESH, error("idempotency_error", "")))))
          .isEqualTo(UnknownReason.UNREADABLE);
    }
  }

  @ParameterizedTest
  @CsvSource({"409, IN_PROGRESS", "429, RATE_LIMITED", "500, PSP_ERROR", "503, PSP_ERROR"})
  void whatIsNoAnswerIsUnknownOnEveryAttemptAlsoReplayed(int status, UnknownReason reason) {
    for (int attempt : new int[] {1, 2}) {
      for (var headers : List.of(FRESH, REPLAYED)) {
        for (String body :
            List.of(error("api_error", ""), "<html>", "", "null", "[]", "{\"error\":1}")) {
          assertThat(
                  Results.reason(
                      StripeMapping.ofFailure(
                          Sendings.authorize(attempt), failure(status, headers, body))))
              .as("%d %s", status, body)
              .isEqualTo(reason);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 400, 401, 402, 403, 404, 418})
  void aPageThatIsNotStripesIsGarbled(int status) {
    for (String body : List.of("<html>", "", "null", "{}", "{\"error\":{}}", "{\"error\":\"x\"}")) {
      assertThat(
              Results.reason(
                  StripeMapping.ofFailure(Sendings.authorize(1), failure(status, FRESH, body))))
          .as("%d %s", status, body)
          .isEqualTo(UnknownReason.GARBLED);
    }
  }

  @Test
  void anUnexpectedStateThatShowsWhatWeWantedIsDone() {
    assertThat(unexpectedState(OperationKind.VOID, "canceled", 1)).isInstanceOf(Approved.class);
    assertThat(unexpectedState(OperationKind.VOID, "canceled", 2)).isInstanceOf(Approved.class);
    assertThat(unexpectedState(OperationKind.CAPTURE, "succeeded", 2))
        .isInstanceOfSatisfying(
            Approved.class,
            approved -> assertThat(approved.amount()).isEqualTo(Money.of(1099, "usd")));
  }

  @Test
  void anUnexpectedStateThatRulesOutWhatWeWantedIsADecline() {
    for (int attempt : new int[] {1, 2}) {
      assertThat(unexpectedState(OperationKind.CAPTURE, "canceled", attempt))
          .isInstanceOf(Declined.class);
      assertThat(unexpectedState(OperationKind.VOID, "succeeded", attempt))
          .isInstanceOf(Declined.class);
    }
    assertThat(unexpectedState(OperationKind.CAPTURE, "requires_payment_method", 1))
        .isInstanceOf(Declined.class);
  }

  @Test
  void anUnexpectedStateThatRulesOutNothingIsUnknownOnARepeat() {
    assertThat(unexpectedState(OperationKind.CAPTURE, "requires_payment_method", 2))
        .isInstanceOf(Unknown.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"succeeded", "requires_capture", "processing"})
  void aRefusalWhoseIntentShowsMoneyIsNoDecline(String status) {
    String more = ",\"code\":\"card_declined\",\"payment_intent\":" + intent(status);
    assertThat(
            Results.reason(
                StripeMapping.ofFailure(
                    Sendings.authorize(1), failure(402, FRESH, error("card_error", more)))))
        .isEqualTo(UnknownReason.UNREADABLE);
  }

  // ---- transport and look-ups

  @ParameterizedTest
  @EnumSource(TransportFailure.Stage.class)
  void onlyAFirstSendingWithoutAConnectionIsNotSent(TransportFailure.Stage stage) {
    var failure = new TransportFailure(stage, new IOException("broken"));
    boolean notSent = stage == TransportFailure.Stage.NOT_SENT;
    assertThat(failure.of(Sendings.authorize(1)) instanceof NotSent).isEqualTo(notSent);
    assertThat(failure.of(Sendings.authorize(2))).isInstanceOf(Unknown.class);
    assertThat(failure.ofQuestion()).isInstanceOf(Unknown.class);
  }

  @ParameterizedTest
  @CsvSource({
    "400, UNREADABLE",
    "401, UNAUTHORIZED",
    "403, UNAUTHORIZED",
    "402, UNREADABLE",
    "404, NOT_FOUND",
    "409, IN_PROGRESS",
    "429, RATE_LIMITED",
    "500, PSP_ERROR"
  })
  void aFailedLookupIsNeverAnAnswer(int status, UnknownReason reason) {
    assertThat(
            Results.reason(
                StripeMapping.ofFailedLookup(failure(status, FRESH, refusal("whatever")))))
        .isEqualTo(reason);
  }

  @Test
  void aFailedLookupThatIsNotStripesIsGarbled() {
    for (String body : List.of("<html>", "", "{}", "{\"error\":{}}")) {
      assertThat(Results.reason(StripeMapping.ofFailedLookup(failure(400, FRESH, body))))
          .as(body)
          .isEqualTo(UnknownReason.GARBLED);
    }
  }

  @Test
  void detailsNameStatusCodesAndRequestAndNothingElse() {
    assertThat(
            StripeMapping.ofFailure(
                Sendings.authorize(2), failure(400, FRESH, refusal("amount_too_large"))))
        .isEqualTo(
            new Unknown(
                UnknownReason.REFUSED_AGAIN,
                "HTTP 400 invalid_request_error amount_too_large request req_1 on a repeat"));
  }

  /** Whatever it is in the way of, and whatever the wait is for. */
  @Test
  void onlyStripesOwnWishToBeLeftAloneIsKept() {
    Map<String, String> asks =
        Map.of("Request-Id", "req_1", StripeAnswer.RETRY_AFTER, "7", "Via", "proxy");
    var limited =
        new Unknown(
            UnknownReason.RATE_LIMITED,
            "HTTP 429 invalid_request_error rate_limit request req_1 retry after 7");
    StripeAnswer answer = failure(429, asks, refusal("rate_limit"));

    assertThat(StripeMapping.ofFailure(Sendings.authorize(1), answer))
        .isEqualTo(limited.withRetryAfter(Duration.ofSeconds(7)));
    assertThat(StripeMapping.ofFailedLookup(answer))
        .isEqualTo(limited.withRetryAfter(Duration.ofSeconds(7)));

    var others = new Unknown(UnknownReason.RATE_LIMITED, "HTTP 429");
    StripeAnswer page = failure(429, asks, "<html>");
    assertThat(StripeMapping.ofFailure(Sendings.authorize(1), page)).isEqualTo(others);
    assertThat(StripeMapping.ofFailedLookup(page)).isEqualTo(others);

    assertThat(StripeMapping.ofFailedLookup(failure(409, asks, refusal("lock_timeout"))))
        .isEqualTo(
            new Unknown(
                UnknownReason.IN_PROGRESS,
                "HTTP 409 invalid_request_error lock_timeout request req_1 retry after 7"));
  }

  private static PspResult unexpectedState(OperationKind kind, String status, int attempt) {
    Sending sending =
        Sendings.of(kind, new PspCall("POST", "/v1/payment_intents/pi_psp/x", ""), attempt);
    String more =
        ",\"code\":\"payment_intent_unexpected_state\",\"payment_intent\":" + intent(status);
    return StripeMapping.ofFailure(
        sending, failure(400, FRESH, error("invalid_request_error", more)));
  }

  private static String refusal(String code) {
    return error("invalid_request_error", ",\"code\":\"" + code + "\"");
  }

  private static PspResult of(OperationKind kind, String json) {
    return StripeMapping.ofIntent(kind, readIntent(json));
  }

  private static UnknownReason reason(OperationKind kind, String json) {
    return Results.reason(of(kind, json));
  }
}
