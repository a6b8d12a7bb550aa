package psp.adyen;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import money.Money;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import payments.DeclineCode;
import payments.OperationKind;
import psp.PspCall;
import psp.PspResult;
import psp.PspResult.Accepted;
import psp.PspResult.ActionRequired;
import psp.PspResult.Approved;
import psp.PspResult.Declined;
import psp.PspResult.UnknownReason;
import psp.Results;
import psp.Sending;
import psp.Sendings;

/** What answers mean, in every way they may come. */
final class AdyenMappingTest {
  private static final AdyenCalls CALLS = new AdyenCalls(Commands.MERCHANT_ACCOUNT, false);

  private static Sending authorize(Commands commands, int attempt) {
    return Sendings.of(OperationKind.AUTHORIZE, CALLS.of(commands.command()), attempt);
  }

  private static Sending authorize(int attempt) {
    return authorize(Commands.plain("pm_card_visa"), attempt);
  }

  private static Sending modification(OperationKind kind, int attempt) {
    return Sendings.of(kind, new PspCall("POST", "/v71/payments/PSP1/captures", "{}"), attempt);
  }

  private static JsonObject json(String text) {
    return new JsonObject(text.replace('\'', '"'));
  }

  private static AdyenAnswer answer(int status, String text) {
    return new AdyenAnswer(status, json(text), false, null);
  }

  private static PspResult ofPayment(Sending sending, String text) {
    return AdyenMapping.ofAnswer(sending, answer(200, text));
  }

  private static String authorised(long value, String currency) {
    return "{'pspReference':'PSP1','resultCode':'Authorised','amount':{'currency':'"
        + currency
        + "','value':"
        + value
        + "}}";
  }

  // ---- payments

  @Test
  void anAuthorisedPaymentIsTakenOrHeldAsItWasAsked() {
    assertThat(ofPayment(authorize(1), authorised(1099, "EUR")))
        .isInstanceOfSatisfying(
            Approved.class,
            approved -> {
              assertThat(approved.reference()).isEqualTo("PSP1");
              assertThat(approved.amount()).isEqualTo(Money.of(1099, "eur"));
              assertThat(approved.captured()).isTrue();
            });
    assertThat(
            ofPayment(authorize(Commands.plain("pm_card_visa").held(), 1), authorised(1099, "EUR")))
        .isInstanceOfSatisfying(
            Approved.class, approved -> assertThat(approved.captured()).isFalse());
  }

  @Test
  void tellsAdyensAmountEvenWhenItIsAnother() {
    assertThat(ofPayment(authorize(1), authorised(7, "JPY")))
        .isInstanceOfSatisfying(
            Approved.class,
            approved -> assertThat(approved.amount()).isEqualTo(Money.of(7, "jpy")));
  }

  @Test
  void aPartThatAnAcquirerAuthorisedIsToldAsThat() {
    for (String code : new String[] {"Authorised", "PartiallyAuthorised"}) {
      assertThat(
              ofPayment(
                  authorize(1),
                  "{'pspReference':'PSP1','resultCode':'"
                      + code
                      + "','amount':{'currency':'EUR','value':1099},'additionalData':"
                      + "{'authorisedAmountValue':'500','authorisedAmountCurrency':'EUR'}}"))
          .isInstanceOfSatisfying(
              Approved.class,
              approved -> assertThat(approved.amount()).isEqualTo(Money.of(500, "eur")));
    }
  }

  @Test
  void aPartIsNeverTheWhole() {
    Sending sending = authorize(1);
    String currency = sending.amount().currency().code().toUpperCase(java.util.Locale.ROOT);
    String whole = authorised(sending.amount().minor(), currency);
    assertThat(ofPayment(sending, whole)).isInstanceOf(Approved.class);
    assertThat(
            Results.reason(ofPayment(sending, whole.replace("Authorised", "PartiallyAuthorised"))))
        .isEqualTo(UnknownReason.UNREADABLE);
  }

  @Test
  void keepsTheTokenOfAStoredCard() {
    assertThat(
            ofPayment(
                authorize(1),
                "{'pspReference':'PSP1','resultCode':'Authorised','amount':{'currency':'EUR',"
                    + "'value':1099},'additionalData':{'tokenization.storedPaymentMethodId':'M5',"
                    + "'tokenization.shopperReference':'cus_1'}}"))
        .isInstanceOfSatisfying(
            Approved.class, approved -> assertThat(approved.methodToken()).isEqualTo("cus_1/M5"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Received", "Pending"})
  void whatIsPendingIsToldLater(String code) {
    assertThat(ofPayment(authorize(1), "{'pspReference':'PSP1','resultCode':'%s'}".formatted(code)))
        .isEqualTo(new Accepted("PSP1", null));
  }

  @Test
  void aRedirectIsAnAction() {
    assertThat(ofPayment(authorize(1), redirect("GET")))
        .isInstanceOfSatisfying(
            ActionRequired.class,
            action -> {
              assertThat(action.reference()).isEqualTo("PSP1");
              assertThat(action.redirectUrl()).isEqualTo("https://issuer.test/3ds");
            });
  }

  /** Checkout v71 may give the reference only with the answer to the details. */
  @Test
  void aRedirectNeedsNoReferenceYet() {
    assertThat(ofPayment(authorize(1), redirect("GET").replace("'pspReference':'PSP1',", "")))
        .isInstanceOfSatisfying(
            ActionRequired.class,
            action -> {
              assertThat(action.reference()).isNull();
              assertThat(action.redirectUrl()).isEqualTo("https://issuer.test/3ds");
            });
  }

  private static String redirect(String method) {
    return "{'pspReference':'PSP1','resultCode':'RedirectShopper','action':{'type':'redirect',"
        + "'method':'"
        + method
        + "','url':'https://issuer.test/3ds'}}";
  }

  @Test
  void aChallengeThatNobodyCanFollowIsADecline() {
    for (Commands commands :
        new Commands[] {
          Commands.plain("pm_card_visa").away(), Commands.plain("pm_card_visa").unfollowed()
        }) {
      for (String text :
          new String[] {
            redirect("GET"), "{'pspReference':'PSP1','resultCode':'ChallengeShopper'}"
          }) {
        assertThat(ofPayment(authorize(commands, 1), text))
            .isInstanceOfSatisfying(
                Declined.class,
                declined ->
                    assertThat(declined.decline().code())
                        .isEqualTo(DeclineCode.AUTHENTICATION_REQUIRED));
      }
    }
  }

  /** Neither a success nor a failure: an operator or a webhook tells. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'resultCode':'Authorised'}",
        "{'pspReference':'PSP1','resultCode':'Authorised'}",
        "{'pspReference':'PSP1','resultCode':'Authorised','amount':{'currency':'XXX','value':1}}",
        "{'pspReference':'PSP1','resultCode':'Authorised','amount':{'currency':'EUR',"
            + "'value':1099},'additionalData':{'authorisedAmountValue':'much',"
            + "'authorisedAmountCurrency':'EUR'}}",
        "{'pspReference':'PSP1','resultCode':'IdentifyShopper'}",
        "{'pspReference':'PSP1','resultCode':'ChallengeShopper'}",
        "{'pspReference':'PSP1','resultCode':'RedirectShopper'}",
        "{'pspReference':'PSP1','resultCode':'RedirectShopper','action':{'type':'sdk',"
            + "'url':'https://x.test'}}",
        "{'resultCode':'Received'}",
      })
  void whatWeDoNotUnderstandIsUnknown(String text) {
    assertThat(Results.reason(ofPayment(authorize(1), text))).isEqualTo(UnknownReason.UNREADABLE);
    assertThat(Results.reason(ofPayment(authorize(2), text))).isEqualTo(UnknownReason.UNREADABLE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{'pspReference':'PSP1'}", "{'resultCode':7}"})
  void whatNamesNoResultIsNotAdyensAnswer(String text) {
    assertThat(Results.reason(ofPayment(authorize(1), text))).isEqualTo(UnknownReason.GARBLED);
    assertThat(Results.reason(ofPayment(authorize(2), text))).isEqualTo(UnknownReason.GARBLED);
  }

  /** Its own word, of a payment that there is: an operator looks what it means. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Charmed",
        "authorised",
        "Success",
        "AuthenticationFinished",
        "AuthenticationNotRequired",
        "PresentToShopper"
      })
  void aResultThatWeDoNotKnowKeepsItsReference(String word) {
    String text = "{'pspReference':'PSP1','resultCode':'" + word + "'}";
    for (int attempt : new int[] {1, 2}) {
      assertThat(ofPayment(authorize(attempt), text))
          .isEqualTo(PspResult.Unknown.status(word, "PSP1", null));
    }
  }

  @Test
  void keepsOfAWordWhatIsAWord() {
    assertThat(PspResult.Unknown.status("a\u0000b\n" + "x".repeat(500), null, null).detail())
        .isEqualTo("status a?b?" + "x".repeat(60));
  }

  // ---- whose answer it is

  @Test
  void anAnswerAboutAnotherPaymentProvesNothing() {
    String body =
        "{'pspReference':'PSP1','merchantReference':'%s','resultCode':'Authorised',"
            + "'amount':{'currency':'EUR','value':1099}}";
    Sending sending = authorize(1);
    assertThat(ofPayment(sending, body.formatted(sending.operationId())))
        .isInstanceOf(Approved.class);
    assertThat(ofPayment(sending, body.formatted("sluice-authorize-other")))
        .isEqualTo(new PspResult.Unknown(UnknownReason.UNREADABLE, "it is about another payment"));
  }

  @Test
  void whatAnswersDetailsWithoutAReferenceNamesNoPaymentOfOurs() {
    assertThat(ofPayment(of(OperationKind.COMPLETE_AUTHENTICATION, 1), authorised(1099, "EUR")))
        .isEqualTo(
            new PspResult.Unknown(
                UnknownReason.UNREADABLE, "an answer that names no payment of ours"));
  }

  /** Of a card with two brands the one that was used, which is within the payment method. */
  @Test
  void aRefusalTellsOfTheCardByTheBrandOfItsMethod() {
    var brands =
        Map.of(
            "'paymentMethod':{'type':'scheme','brand':'visa'},", "visa",
            "'paymentMethod':{'type':'scheme'},", "mastercard",
            "", "mastercard");
    brands.forEach(
        (method, brand) -> {
          String body =
              "{'pspReference':'PSP1','resultCode':'Refused','refusalReasonCode':'2',"
                  + method
                  + "'additionalData':{'cardSummary':'0002','expiryDate':'3/2030',"
                  + "'paymentMethod':'mc'}}";
          assertThat(ofPayment(authorize(1), body))
              .isInstanceOfSatisfying(
                  Declined.class,
                  declined ->
                      assertThat(declined.details().card())
                          .isNotNull()
                          .satisfies(card -> assertThat(card.brand()).isEqualTo(brand)));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorised", "Refused", "Received", "RedirectShopper"})
  void whatAnswersDetailsTellsWhosePaymentItIs(String code) {
    String body =
        "'pspReference':'PSP1','resultCode':'%s','amount':{'currency':'EUR','value':1099},"
            + "'action':{'type':'redirect','method':'GET','url':'https://issuer.test/3ds'}}";
    Sending sending = of(OperationKind.COMPLETE_AUTHENTICATION, 1);
    assertThat(Results.reason(ofPayment(sending, "{" + body.formatted(code))))
        .isEqualTo(UnknownReason.UNREADABLE);
    PspResult result =
        ofPayment(sending, "{'merchantReference':'sluice-authorize-7'," + body.formatted(code));
    assertThat(key(result)).isEqualTo("sluice-authorize-7");
  }

  private static @Nullable String key(PspResult result) {
    return switch (result) {
      case Approved approved -> approved.details().operationKey();
      case Declined declined -> declined.details().operationKey();
      case ActionRequired action -> action.details().operationKey();
      case Accepted accepted -> accepted.operationKey();
      default -> throw new AssertionError(result.toString());
    };
  }

  @Test
  void aRedirectThatWantsAFormIsUnknown() {
    assertThat(Results.reason(ofPayment(authorize(1), redirect("POST"))))
        .isEqualTo(UnknownReason.UNREADABLE);
  }

  // ---- modifications

  @ParameterizedTest
  @EnumSource(
      value = OperationKind.class,
      names = {"CAPTURE", "VOID", "REFUND"})
  void aModificationIsTakenInUnderItsOwnReference(OperationKind kind) {
    assertThat(
            AdyenMapping.ofAnswer(
                modification(kind, 1),
                answer(
                    201,
                    "{'pspReference':'MOD1','paymentPspReference':'PSP1','status':'received'}")))
        .isEqualTo(new Accepted("MOD1", null));
    for (String text : new String[] {"{}", "{'status':'received'}", "{'pspReference':'MOD1'}"}) {
      assertThat(Results.reason(AdyenMapping.ofAnswer(modification(kind, 1), answer(201, text))))
          .isEqualTo(UnknownReason.GARBLED);
    }
    assertThat(
            AdyenMapping.ofAnswer(
                modification(kind, 1), answer(201, "{'pspReference':'MOD1','status':'done'}")))
        .isEqualTo(PspResult.Unknown.status("done", "MOD1", null));
  }

  @Test
  void anotherModificationsAnswerSaysNothing() {
    Sending capture =
        Sendings.of(
            OperationKind.CAPTURE,
            new PspCall("POST", "/v71/payments/PSP1/captures", "{\"reference\":\"capture/1\"}"),
            1);
    String answer = "{'pspReference':'MOD1','status':'received','reference':'capture/%s'}";

    assertThat(AdyenMapping.ofAnswer(capture, answer(201, answer.formatted("1"))))
        .isEqualTo(new Accepted("MOD1", null));
    assertThat(Results.reason(AdyenMapping.ofAnswer(capture, answer(201, answer.formatted("2")))))
        .isEqualTo(UnknownReason.UNREADABLE);
  }

  // ---- failures

  /** What each failure is at first, and on a repeat. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | validation | 702 | | declined | REFUSED_AGAIN",
        "422 | validation | 101 | | declined | REFUSED_AGAIN",
        "422 | validation | 704 | | IN_PROGRESS | IN_PROGRESS",
        "422 | validation | 704 | true | IN_PROGRESS | IN_PROGRESS",
        "422 | validation | 130 | true | PSP_ERROR | PSP_ERROR",
        "404 | validation | 000 | | declined | REFUSED_AGAIN",
        "401 | security | 000 | | declined | UNAUTHORIZED",
        "403 | security | 901 | | declined | UNAUTHORIZED",
        "409 | validation | 000 | | IN_PROGRESS | IN_PROGRESS",
        "429 | internal | 000 | | RATE_LIMITED | RATE_LIMITED",
        "500 | internal | 905 | | PSP_ERROR | PSP_ERROR",
        "500 | configuration | 905 | | PSP_ERROR | PSP_ERROR",
        "503 | internal | 000 | true | PSP_ERROR | PSP_ERROR",
        "418 | validation | 101 | | UNREADABLE | UNREADABLE",
        "302 | validation | 101 | | UNREADABLE | UNREADABLE",
      })
  void mapsEachWayOfFailing(
      int status, String type, String code, @Nullable String passing, String first, String again) {
    var body =
        new JsonObject()
            .put("status", status)
            .put("errorCode", code)
            .put("errorType", type)
            .put("message", "quotes secrets")
            .put("pspReference", "REQ1");
    var answer = new AdyenAnswer(status, body, passing != null, null);
    for (OperationKind kind : OperationKind.values()) {
      assertThat(name(AdyenMapping.ofAnswer(of(kind, 1), answer))).as(kind.wire()).isEqualTo(first);
      assertThat(name(AdyenMapping.ofAnswer(of(kind, 2), answer))).as(kind.wire()).isEqualTo(again);
    }
  }

  private static Sending of(OperationKind kind, int attempt) {
    return kind == OperationKind.AUTHORIZE ? authorize(attempt) : modification(kind, attempt);
  }

  private static String name(PspResult result) {
    return result instanceof Declined ? "declined" : Results.reason(result).name();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 422})
  void aRefusalThatIsNotAdyensProvesNothing(int status) {
    for (JsonObject body :
        new JsonObject[] {new JsonObject(), new JsonObject().put("message", "proxy"), null}) {
      assertThat(
              Results.reason(
                  AdyenMapping.ofAnswer(authorize(1), new AdyenAnswer(status, body, false, null))))
          .isEqualTo(UnknownReason.GARBLED);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "101, INVALID_NUMBER", "103, INVALID_CVC", "129, INVALID_EXPIRY_YEAR",
    "141, INVALID_EXPIRY_MONTH", "153, INVALID_CVC", "133, INCORRECT_ZIP",
    "137, INVALID_AMOUNT", "138, CURRENCY_NOT_SUPPORTED", "167, REFUSED_BY_PSP",
    "010, REFUSED_BY_PSP",
  })
  void whatAdyenWillNotTakeInIsADecline(String code, DeclineCode ours) {
    PspResult result =
        AdyenMapping.ofAnswer(
            authorize(1),
            answer(
                422,
                "{'status':422,'errorCode':'%s','errorType':'validation','message':'why'}"
                    .formatted(code)));
    assertThat(result)
        .isInstanceOfSatisfying(
            Declined.class,
            declined -> {
              assertThat(declined.decline().code()).isEqualTo(ours);
              assertThat(declined.decline().rawCode()).isEqualTo("validation/" + code);
              assertThat(declined.decline().rawMessage()).isEqualTo("why");
            });
  }

  /**
   * An error's reference is the request's: an authorization that is told later has another. Of
   * details it says nothing either: the authentication still stands.
   */
  @Test
  void anErrorNamesNoObject() {
    String error = "{'errorCode':'14_007','errorType':'validation','pspReference':'REQ1'}";
    for (OperationKind kind : OperationKind.values()) {
      for (int status : new int[] {400, 401, 403, 404, 422}) {
        assertThat(AdyenMapping.ofAnswer(of(kind, 1), answer(status, error)))
            .isInstanceOfSatisfying(
                Declined.class, declined -> assertThat(declined.reference()).isNull());
      }
    }
  }

  @Test
  void detailsThatWereNotLookedAtMayBeToldAgain() {
    String error = "{'errorCode':'010','errorType':'security','pspReference':'REQ1'}";
    assertThat(
            AdyenMapping.ofAnswer(of(OperationKind.COMPLETE_AUTHENTICATION, 1), answer(403, error)))
        .isInstanceOfSatisfying(
            Declined.class,
            declined -> assertThat(declined.decline().code()).isEqualTo(DeclineCode.KEY_REFUSED));
  }

  @Test
  void readsTheNewerFormOfErrorsToo() {
    assertThat(
            AdyenMapping.ofAnswer(
                authorize(1),
                answer(
                    422,
                    "{'type':'https://docs.adyen.com/errors','errorCode':'00_422',"
                        + "'detail':'why','status':422}")))
        .isInstanceOfSatisfying(
            Declined.class,
            declined -> assertThat(declined.decline().rawMessage()).isEqualTo("why"));
  }

  @Test
  void tellsHowLongToWaitAndNothingOfTheText() {
    var answer =
        new AdyenAnswer(
            429,
            new JsonObject()
                .put("errorCode", "000")
                .put("errorType", "internal")
                .put("message", "quotes secrets"),
            true,
            "7");
    assertThat(AdyenMapping.ofAnswer(authorize(1), answer))
        .isEqualTo(
            new PspResult.Unknown(UnknownReason.RATE_LIMITED, "HTTP 429 internal/000 retry after 7")
                .withRetryAfter(Duration.ofSeconds(7)));
  }

  // ---- look-ups

  @Test
  void aLookUpTellsHowLongToWaitOnlyWhereAdyenLimitsTheRate() {
    JsonObject error = json("{'errorCode':'000','errorType':'internal'}");
    assertThat(AdyenMapping.ofLookup(authorize(1), new AdyenAnswer(429, error, true, "7")))
        .isEqualTo(
            new PspResult.Unknown(UnknownReason.RATE_LIMITED, "HTTP 429 internal/000 retry after 7")
                .withRetryAfter(Duration.ofSeconds(7)));
    assertThat(AdyenMapping.ofLookup(authorize(1), new AdyenAnswer(503, error, true, "7")))
        .isEqualTo(
            new PspResult.Unknown(UnknownReason.PSP_ERROR, "HTTP 503 internal/000 retry after 7"));
  }

  @Test
  void aLookUpThatSomebodyElseAnswersIsGarbled() {
    assertThat(Results.reason(AdyenMapping.ofLookup(authorize(1), answer(400, "{}"))))
        .isEqualTo(UnknownReason.GARBLED);
  }

  @ParameterizedTest
  @CsvSource({
    "400, UNREADABLE",
    "401, UNAUTHORIZED",
    "403, UNAUTHORIZED",
    "404, NOT_FOUND",
    "409, IN_PROGRESS",
    "422, UNREADABLE",
    "429, RATE_LIMITED",
    "500, PSP_ERROR",
  })
  void aFailedLookUpProvesNothing(int status, UnknownReason reason) {
    assertThat(
            Results.reason(
                AdyenMapping.ofLookup(
                    authorize(1), answer(status, "{'errorCode':'101','errorType':'validation'}"))))
        .isEqualTo(reason);
  }

  @Test
  void aLookUpThatIsAnsweredTellsWhatTheFirstAnswerTold() {
    assertThat(AdyenMapping.ofLookup(authorize(3), answer(200, authorised(1099, "EUR"))))
        .isInstanceOf(Approved.class);
    assertThat(
            AdyenMapping.ofLookup(
                authorize(3),
                answer(
                    200, "{'pspReference':'PSP1','resultCode':'Refused','refusalReasonCode':'2'}")))
        .isInstanceOf(Declined.class);
  }
}
