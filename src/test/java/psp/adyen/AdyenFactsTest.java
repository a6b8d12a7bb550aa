package psp.adyen;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import money.Money;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import payments.DeclineCode;
import payments.OperationKind;
import psp.PspFact;
import psp.PspFact.Dispute.Stage;
import psp.PspResult;
import psp.PspResult.Approved;
import psp.PspResult.Declined;
import psp.PspResult.Details;

/** What Adyen's events say. */
final class AdyenFactsTest {
  private static final Money AMOUNT = Money.of(1099, "eur");

  private final AdyenWebhooks webhooks =
      AdyenWebhooksTest.webhooks(false, List.of(AdyenWebhooksTest.KEY));

  private static JsonObject item(String code) {
    return new JsonObject()
        .put("pspReference", "MOD1")
        .put("originalReference", "PSP1")
        .put("merchantAccountCode", Commands.MERCHANT_ACCOUNT)
        .put("merchantReference", "sluice-authorize-1")
        .put("amount", new JsonObject().put("currency", "EUR").put("value", 1099))
        .put("eventCode", code)
        .put("eventDate", "2026-01-01T01:00:00+01:00")
        .put("success", "true")
        .put("reason", "")
        .put("additionalData", new JsonObject());
  }

  private static JsonObject authorisation() {
    JsonObject item = item("AUTHORISATION").put("pspReference", "PSP1");
    item.remove("originalReference");
    return item;
  }

  private PspFact read(JsonObject item) {
    return webhooks.read(item.getString("eventCode"), item.encode());
  }

  private static PspResult done(boolean captured) {
    return new Approved("MOD1", null, AMOUNT, captured, null, Details.NONE);
  }

  private static DeclineCode declined(PspResult result) {
    return ((Declined) result).decline().code();
  }

  // ---- authorizations

  @Test
  void anAuthorisationIsToldWithoutAWordAboutItsCapture() {
    JsonObject item = authorisation();
    item.getJsonObject("additionalData")
        .put("authCode", "123456")
        .put("cardSummary", "1111")
        .put("expiryDate", "03/2030");
    assertThat(read(item.put("paymentMethod", "mc")))
        .isInstanceOfSatisfying(
            PspFact.Authorized.class,
            fact -> {
              assertThat(fact.reference()).isEqualTo("PSP1");
              assertThat(fact.operationKey()).isEqualTo("sluice-authorize-1");
              assertThat(fact.result())
                  .isInstanceOfSatisfying(
                      Approved.class,
                      approved -> {
                        assertThat(approved.amount()).isEqualTo(AMOUNT);
                        assertThat(approved.details().card()).isNotNull();
                        assertThat(approved.details().outcome().authorizationCode())
                            .isEqualTo("123456");
                      });
            });
  }

  @ParameterizedTest
  @CsvSource({
    "Not enough balance, INSUFFICIENT_FUNDS",
    "CVC Declined, INCORRECT_CVC",
    "Something new, UNLISTED_DECLINE",
    ", GENERIC_DECLINE",
  })
  void aRefusedAuthorisationTellsWhy(@Nullable String reason, DeclineCode code) {
    PspFact fact = read(authorisation().put("success", "false").put("reason", reason));
    assertThat(fact)
        .isInstanceOfSatisfying(
            PspFact.Authorized.class, told -> assertThat(declined(told.result())).isEqualTo(code));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EXPIRE",
        "CHARGEBACK",
        "CHARGEBACK_REVERSED",
        "SECOND_CHARGEBACK",
        "REQUEST_FOR_INFORMATION"
      })
  void whatDidNotSucceedIsNotBelieved(String code) {
    assertThat(read(item(code).put("success", "false"))).isInstanceOf(PspFact.Unreadable.class);
    assertThat(read(item(code))).isNotInstanceOf(PspFact.Unreadable.class);
  }

  @Test
  void theMerchantsOtherTrafficCarriesNoKeyOfOurs() {
    assertThat(read(authorisation().put("merchantReference", "order 7")))
        .isInstanceOfSatisfying(
            PspFact.Authorized.class, fact -> assertThat(fact.operationKey()).isNull());
  }

  @Test
  void whatIsLeftOfAHoldRunsOut() {
    for (boolean original : new boolean[] {true, false}) {
      JsonObject item = item("EXPIRE");
      if (!original) {
        item.put("pspReference", "PSP1").remove("originalReference");
      }
      assertThat(read(item))
          .isInstanceOfSatisfying(
              PspFact.Authorization.class,
              fact -> {
                assertThat(fact.reference()).isEqualTo("PSP1");
                assertThat(fact.ended()).isTrue();
                assertThat(fact.endReason()).isEqualTo("expired");
              });
    }
  }

  // ---- modifications

  @ParameterizedTest
  @CsvSource({
    "CAPTURE, true, CAPTURE, true",
    "CAPTURE, false, CAPTURE, false",
    "CAPTURE_FAILED, true, CAPTURE, false",
    "CANCELLATION, true, VOID, true",
    "CANCELLATION, false, VOID, false",
    "TECHNICAL_CANCEL, true, VOID, true",
    "TECHNICAL_CANCEL, false, VOID, false",
  })
  void modificationsHaveReferencesOfTheirOwn(
      String code, String success, OperationKind kind, boolean done) {
    String key = "sluice-" + kind.wire() + "-1";
    PspFact fact =
        read(
            item(code)
                .put("success", success)
                .put("merchantReference", AdyenReferences.ofModification(kind, key)));
    assertThat(fact)
        .isInstanceOfSatisfying(
            PspFact.Modification.class,
            told -> {
              assertThat(told.kind()).isEqualTo(kind);
              assertThat(told.reference()).isEqualTo("MOD1");
              assertThat(told.operationKey()).isEqualTo(key);
              assertThat(told.authorizationReference()).isEqualTo("PSP1");
              assertThat(told.authorizationKey()).isNull();
              assertThat(told.takenBack()).isEqualTo(code.equals("CAPTURE_FAILED"));
              if (done) {
                assertThat(told.result()).isEqualTo(done(kind == OperationKind.CAPTURE));
              } else {
                assertThat(declined(told.result())).isEqualTo(DeclineCode.REFUSED_BY_PSP);
              }
            });
  }

  /** But its payment's: Adyen tells of it under that one's reference. */
  @ParameterizedTest
  @CsvSource({"sluice-1, sluice-1", "order-1, ", "capture/sluice-1, ", "refund/sluice-1, "})
  void aModificationFromTheCustomerAreaCarriesNoKeyOfItsOwn(
      String reference, @Nullable String key) {
    assertThat(read(item("CAPTURE_FAILED").put("merchantReference", reference)))
        .isInstanceOfSatisfying(
            PspFact.Modification.class, fact -> assertThat(fact.authorizationKey()).isEqualTo(key));
    assertThat(read(item("REFUND_FAILED").put("merchantReference", reference)))
        .isInstanceOfSatisfying(
            PspFact.Refund.class, fact -> assertThat(fact.authorizationKey()).isEqualTo(key));
    assertThat(read(item("EXPIRE").put("merchantReference", reference)))
        .isInstanceOfSatisfying(
            PspFact.Authorization.class, fact -> assertThat(fact.operationKey()).isEqualTo(key));
    assertThat(read(item("CAPTURE").put("merchantReference", "sluice-1")))
        .isInstanceOfSatisfying(
            PspFact.Modification.class, fact -> assertThat(fact.operationKey()).isNull());
    assertThat(read(item("REFUND").put("merchantReference", "sluice-1")))
        .isInstanceOfSatisfying(
            PspFact.Refund.class, fact -> assertThat(fact.operationKey()).isNull());
  }

  @Test
  void aReversalWasACancelOrARefund() {
    JsonObject item = item("CANCEL_OR_REFUND");
    assertThat(read(item)).isInstanceOf(PspFact.Unreadable.class);
    item.getJsonObject("additionalData").put("modification.action", "cancel");
    assertThat(read(item)).isInstanceOf(PspFact.Modification.class);
    item.getJsonObject("additionalData").put("modification.action", "refund");
    assertThat(read(item)).isInstanceOf(PspFact.Refund.class);
    assertThat(read(item("CANCEL_OR_REFUND").put("success", "false")))
        .isInstanceOf(PspFact.Modification.class);
  }

  /** Which of both it was does not matter to us: all is given back. */
  @ParameterizedTest
  @CsvSource({"cancel, true", "refund, true", "cancel, false", "refund, false", ", false"})
  void ourReversalIsARefund(@Nullable String action, String success) {
    JsonObject item =
        item("CANCEL_OR_REFUND")
            .put("success", success)
            .put("merchantReference", "refund/sluice-give-back-1");
    if (action != null) {
      item.getJsonObject("additionalData").put("modification.action", action);
    }
    assertThat(read(item))
        .isInstanceOfSatisfying(
            PspFact.Refund.class,
            told -> {
              assertThat(told.operationKey()).isEqualTo("sluice-give-back-1");
              assertThat(told.result() instanceof Approved).isEqualTo(success.equals("true"));
            });
  }

  @Test
  void ourReversalThatDoesNotTellWhatItDidIsNotBelieved() {
    assertThat(read(item("CANCEL_OR_REFUND").put("merchantReference", "refund/sluice-give-back-1")))
        .isInstanceOf(PspFact.Unreadable.class);
  }

  // ---- refunds

  @ParameterizedTest
  @CsvSource({
    "REFUND, true, true",
    "REFUND, false, false",
    "REFUND_FAILED, true, false",
    "REFUNDED_REVERSED, true, false",
  })
  void refundsTellWhereTheyStand(String code, String success, boolean done) {
    PspFact fact =
        read(
            item(code)
                .put("success", success)
                .put("merchantReference", "refund/sluice-give-back-1"));
    assertThat(fact)
        .isInstanceOfSatisfying(
            PspFact.Refund.class,
            told -> {
              assertThat(told.reference()).isEqualTo("MOD1");
              assertThat(told.operationKey()).isEqualTo("sluice-give-back-1");
              assertThat(told.authorizationReference()).isEqualTo("PSP1");
              assertThat(told.amount()).isEqualTo(AMOUNT);
              assertThat(told.result() instanceof Approved).isEqualTo(done);
              assertThat(told.result() instanceof Declined).isEqualTo(!done);
            });
  }

  // ---- disputes

  @ParameterizedTest
  @CsvSource({
    "REQUEST_FOR_INFORMATION, MOD1, INQUIRY",
    "NOTIFICATION_OF_CHARGEBACK, MOD1, INQUIRY",
    "CHARGEBACK, MOD1, OPEN",
    "CHARGEBACK_REVERSED, MOD1, WON",
    "SECOND_CHARGEBACK, MOD1:2, LOST",
    "PREARBITRATION_OPEN, MOD1:2, INQUIRY",
    "PREARBITRATION_ISSUER_WITHDRAWN, MOD1:2, INQUIRY_CLOSED",
    "PREARBITRATION_WON, MOD1:2, WON",
    "PREARBITRATION_LOST, MOD1:2, LOST",
    "PREARBITRATION_ACCEPTED, MOD1:2, LOST",
    "SCHEME_ARBITRATION_WON, MOD1:2, WON",
    "SCHEME_ARBITRATION_LOST, MOD1:2, LOST",
  })
  void disputesTellTheirStage(String code, String reference, Stage stage) {
    JsonObject item = item(code);
    item.getJsonObject("additionalData").put("chargebackReasonCode", " 13.1");
    assertThat(read(item))
        .isEqualTo(
            new PspFact.Dispute(
                reference,
                "PSP1",
                AMOUNT,
                stage,
                "product_not_received",
                Instant.parse("2026-01-01T00:00:00Z")));
  }

  @ParameterizedTest
  @CsvSource({
    "Lost, chargebackReasonCode, lost",
    "Accepted, chargebackReasonCode, lost",
    "Expired, chargebackReasonCode, lost",
    "Expired, rfiReasonCode, nothing",
    "Pending, chargebackReasonCode, nothing",
    ", chargebackReasonCode, nothing",
  })
  void whoDoesNotDefendAChargebackLosesIt(@Nullable String status, String field, String expected) {
    JsonObject item = item("DISPUTE_DEFENSE_PERIOD_ENDED");
    item.getJsonObject("additionalData").put(field, "10.4").put("disputeStatus", status);
    PspFact fact = read(item);
    if (expected.equals("lost")) {
      assertThat(fact)
          .isInstanceOfSatisfying(
              PspFact.Dispute.class, told -> assertThat(told.stage()).isEqualTo(Stage.LOST));
    } else {
      assertThat(fact).isInstanceOf(PspFact.Irrelevant.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "10.4, fraudulent",
    "12.6.1, duplicate",
    "13.3, product_unacceptable",
    "13.6, credit_not_processed",
    "13.9, general",
    "4837, fraudulent",
    "4863, unrecognized",
    "4853, general",
    "F29, fraudulent",
    "C08, product_not_received",
    ", general",
  })
  void callsReasonsAsStripeDoes(@Nullable String code, String reason) {
    assertThat(AdyenDisputes.reason(new JsonObject().put("chargebackReasonCode", code)))
        .isEqualTo(reason);
  }

  @Test
  void aDisputeThatCannotBePlacedIsForAPerson() {
    JsonObject item = item("CHARGEBACK");
    item.remove("originalReference");
    assertThat(read(item)).isInstanceOf(PspFact.Unreadable.class);
    assertThat(read(item("CHARGEBACK").put("eventDate", "yesterday")))
        .isInstanceOf(PspFact.Unreadable.class);
  }

  // ---- the rest

  @ParameterizedTest
  @ValueSource(
      strings = {
        "REPORT_AVAILABLE",
        "OFFER_CLOSED",
        "RECURRING_CONTRACT",
        "AUTHORISATION_ADJUSTMENT",
        "INFORMATION_SUPPLIED",
        "ISSUER_COMMENTS",
        "ISSUER_RESPONSE_TIMEFRAME_EXPIRED",
        "NOTIFICATION_OF_FRAUD",
        "PREARBITRATION_DECLINED",
        "POSTPONED_REFUND",
        "VOID_PENDING_REFUND",
        "MANUAL_REVIEW_ACCEPT",
        "SOMETHING_NEW",
      })
  void otherEventsAreKeptAndLeftAlone(String code) {
    assertThat(read(item(code))).isInstanceOf(PspFact.Irrelevant.class);
    assertThat(AdyenFacts.irrelevance(code)).isNotNull();
    assertThat(AdyenFacts.irrelevance("AUTHORISATION")).isNull();
    assertThat(AdyenFacts.irrelevance("CHARGEBACK")).isNull();
  }

  @Test
  void leavesWhatHappensInOtherMerchantAccountsAlone() {
    assertThat(read(item("CHARGEBACK").put("merchantAccountCode", "AnotherOne")))
        .isInstanceOf(PspFact.Irrelevant.class);
  }

  /** Adyen's example tells it under the payment's reference; the simulator under the cancel's. */
  @ParameterizedTest
  @ValueSource(strings = {"sluice-1", "void/sluice-let-go-1"})
  void aCancelByOurKeyMayHaveFoundNothing(String merchantReference) {
    JsonObject nothing =
        item("TECHNICAL_CANCEL")
            .put("success", "false")
            .put("merchantReference", merchantReference);
    nothing.remove("originalReference");
    assertThat(read(nothing))
        .isInstanceOfSatisfying(
            PspFact.Modification.class,
            told -> {
              assertThat(told.authorizationReference()).isNull();
              assertThat(told.reference()).isEqualTo("MOD1");
              assertThat(told.result()).isInstanceOf(Declined.class);
            });
    assertThat(read(nothing.put("merchantReference", "order 1")))
        .isInstanceOf(PspFact.Unreadable.class);
  }

  /** As an answer does, whose place a notification takes where that is lost. */
  @ParameterizedTest
  @CsvSource({"500, EUR, 500", "1099, EUR, 1099", ", , 1099"})
  void anAuthorisationTellsWhatWasAuthorisedAndNotWhatWasAskedFor(
      @Nullable String value, @Nullable String currency, long minor) {
    JsonObject item = authorisation();
    item.getJsonObject("additionalData")
        .put("authorisedAmountValue", value)
        .put("authorisedAmountCurrency", currency);
    assertThat(read(item))
        .isInstanceOfSatisfying(
            PspFact.Authorized.class,
            told ->
                assertThat(((Approved) told.result()).amount()).isEqualTo(Money.of(minor, "eur")));
  }

  @Test
  void anAuthorisedAmountThatCannotBeReadIsForAPerson() {
    JsonObject item = authorisation();
    item.getJsonObject("additionalData")
        .put("authorisedAmountValue", "5,00")
        .put("authorisedAmountCurrency", "EUR");
    assertThat(read(item)).isInstanceOf(PspFact.Unreadable.class);
  }

  /** A payment that is not authorised holds nothing; any other reason tells of something there. */
  @ParameterizedTest
  @CsvSource({
    "Transaction not authorised,",
    "Transaction not authorized,",
    "Original transaction not found,",
    "'Transaction has been captured or cancelled, cancel not possible', PSP1",
    "'', PSP1",
  })
  void aCancelByOurKeyTellsWhetherSomethingIsThere(String reason, @Nullable String found) {
    PspFact fact =
        read(
            item("TECHNICAL_CANCEL")
                .put("success", "false")
                .put("reason", reason)
                .put("merchantReference", "void/sluice-let-go-1"));
    assertThat(((PspFact.Modification) fact).authorizationReference()).isEqualTo(found);
  }

  /** What becomes of a refund that waits is told as any refund's. */
  @Test
  void aRefundThatWaitsForItsCaptureIsNoNews() {
    assertThat(read(item("POSTPONED_REFUND"))).isInstanceOf(PspFact.Irrelevant.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"AUTHORISATION", "CAPTURE", "CANCELLATION", "REFUND", "CHARGEBACK"})
  void whatMovesMoneyWithoutAnAmountIsForAPerson(String code) {
    assertThat(read(item(code).put("amount", new JsonObject().put("currency", "XXX"))))
        .isInstanceOf(PspFact.Unreadable.class);
    assertThat(webhooks.read(code, "{broken")).isInstanceOf(PspFact.Unreadable.class);
    assertThat(webhooks.read(code, "{}")).isInstanceOf(PspFact.Irrelevant.class);
    JsonObject nameless = item(code);
    nameless.remove("pspReference");
    assertThat(read(nameless)).isInstanceOf(PspFact.Unreadable.class);
  }
}
