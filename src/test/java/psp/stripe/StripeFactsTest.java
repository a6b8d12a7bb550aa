package psp.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static psp.stripe.SignedEvents.event;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import money.Money;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import psp.PspFact;
import psp.PspFact.Authorization;
import psp.PspFact.Dispute;
import psp.PspFact.Dispute.Stage;
import psp.PspFact.Irrelevant;
import psp.PspFact.Refund;
import psp.PspFact.Unreadable;
import psp.PspResult;
import psp.PspResult.Accepted;
import psp.PspResult.ActionRequired;
import psp.PspResult.Approved;
import psp.PspResult.Declined;
import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;

/** What Stripe's events say. */
final class StripeFactsTest {
  private static final Path FIXTURES = Path.of("../shared/specs/stripe/fixtures3.json");
  private static final Money AMOUNT = Money.of(1099, "usd");

  private static final String BASIL = "2025-03-31.basil";

  // ---- intents

  @ParameterizedTest
  @CsvSource({
    "payment_intent.succeeded, succeeded, Approved, Approved, Declined",
    "payment_intent.amount_capturable_updated, requires_capture, Approved, Unknown, Unknown",
    "payment_intent.processing, processing, Accepted, Accepted, Unknown",
    "payment_intent.requires_action, requires_action, ActionRequired, Unknown, Unknown",
    "payment_intent.payment_failed, requires_payment_method, Declined, Unknown, Unknown",
    "payment_intent.created, requires_confirmation, Unknown, Unknown, Unknown",
    "payment_intent.canceled, canceled, Declined, Declined, Approved",
    "payment_intent.partially_funded, surprising, Unknown, Unknown, Unknown"
  })
  void anIntentIsReadForEachOperationOnIt(
      String type, String status, String asAuthorize, String asCapture, String asVoid) {
    Authorization fact = (Authorization) read(type, intent(status));
    assertThat(fact.reference()).isEqualTo("pi_1");
    assertThat(fact.operationKey()).isEqualTo("our_key");
    assertThat(names(fact.asAuthorize(), fact.asCapture(), fact.asVoid()))
        .containsExactly(asAuthorize, asCapture, asVoid);
    assertThat(fact.ended()).isEqualTo(status.equals("canceled"));
  }

  @Test
  void anIntentIsReadWithoutItsChargeExpanded() {
    Authorization fact = (Authorization) read("payment_intent.succeeded", intent("succeeded"));
    Approved approved = (Approved) fact.asAuthorize();
    assertThat(approved.amount()).isEqualTo(AMOUNT);
    assertThat(approved.chargeReference()).isEqualTo("ch_1");
    assertThat(approved.captured()).isTrue();
    assertThat(approved.methodToken()).isEqualTo("pm_1");
  }

  @Test
  void anIntentSaysWhyItsAttemptFailed() {
    Authorization fact =
        (Authorization) read("payment_intent.payment_failed", intent("requires_payment_method"));
    Declined declined = (Declined) fact.asAuthorize();
    assertThat(declined.decline().rawCode()).isEqualTo("card_declined/insufficient_funds");
    assertThat(declined.chargeReference()).isEqualTo("ch_1");
  }

  @Test
  void anIntentThatShowsNoAttemptYetSaysNothing() {
    String fresh =
        new JsonObject(intent("requires_payment_method")).putNull("last_payment_error").encode();
    Authorization fact = (Authorization) read("payment_intent.created", fresh);
    assertThat(fact.asAuthorize())
        .isInstanceOfSatisfying(
            Unknown.class,
            unknown -> assertThat(unknown.reason()).isEqualTo(UnknownReason.IN_PROGRESS));
    assertThat(fact.ended()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {"automatic", "requested_by_customer", "-"})
  void anEndedIntentSaysWhy(@Nullable String reason) {
    String canceled =
        new JsonObject(intent("canceled")).put("cancellation_reason", reason).encode();
    Authorization fact = (Authorization) read("payment_intent.canceled", canceled);
    assertThat(fact.ended()).isTrue();
    assertThat(fact.endReason()).isEqualTo(reason);
  }

  @Test
  void anIntentOfTheMerchantsOtherTrafficHasNoKeyOfOurs() {
    for (String metadata : List.of("null", "{}", "{\"order\":\"7\"}")) {
      String other = intent("succeeded").replace("{\"operation_id\":\"our_key\"}", metadata);
      Authorization fact = (Authorization) read("payment_intent.succeeded", other);
      assertThat(fact.operationKey()).isNull();
    }
  }

  private static String intent(String status) {
    return """
    {"id":"pi_1","object":"payment_intent","status":"%s","amount":1099,"amount_received":1099,"amount_capturable":1099,
     "currency":"usd","latest_charge":"ch_1","payment_method":"pm_1","metadata":{"operation_id":"our_key"},
     "next_action":{"type":"redirect_to_url","redirect_to_url":{"url":"https://hooks.test/x","return_url":null}},
     "last_payment_error":{"type":"card_error","code":"card_declined","decline_code":"insufficient_funds","charge":"ch_1"},
     "a_field_of_the_future":{"x":[1]}}\
    """
        .formatted(status);
  }

  // ---- refunds

  @ParameterizedTest
  @CsvSource({
    "refund.created, succeeded, Approved",
    "refund.created, pending, Accepted",
    "refund.updated, requires_action, Accepted",
    "refund.updated, succeeded, Approved",
    "refund.updated, canceled, Declined",
    "refund.failed, failed, Declined",
    "refund.updated, surprising, Unknown"
  })
  void aRefundSaysWhereItStands(String type, String status, String result) {
    Refund fact = (Refund) read(type, refund(status));
    assertThat(names(fact.result())).containsExactly(result);
    assertThat(fact.amount()).isEqualTo(Money.of(400, "usd"));
    assertThat(fact)
        .extracting(
            Refund::reference, Refund::operationKey, Refund::authorizationReference, Refund::reason)
        .containsExactly("re_1", "our_key", "pi_1", "duplicate");
  }

  @Test
  void aRefundMadeAtStripeHasNoKeyOfOurs() {
    String made =
        new JsonObject(refund("succeeded"))
            .put("metadata", new JsonObject())
            .putNull("reason")
            .putNull("payment_intent")
            .encode();
    assertThat((Refund) StripeFacts.of("refund.created", event(BASIL, "refund.created", made)))
        .extracting(Refund::operationKey, Refund::authorizationReference, Refund::reason)
        .containsExactly(null, null, null);
  }

  /** Before, what a partial capture leaves of a hold is released as a refund. */
  @Test
  void aRefundMadeAtStripeIsOnlyBelievedInAVersionInWhichItIsNoRelease() {
    String made = new JsonObject(refund("succeeded")).put("metadata", new JsonObject()).encode();
    for (String old : List.of("2019-02-19", "2024-12-18.acacia", "2025-03-30")) {
      assertThat(StripeFacts.of("refund.created", event(old, "refund.created", made)))
          .asInstanceOf(type(Unreadable.class))
          .extracting(Unreadable::why, STRING)
          .contains("2025-03-31.basil");
    }
    for (String known : List.of(BASIL, "2025-09-30.clover")) {
      assertThat(StripeFacts.of("refund.updated", event(known, "refund.updated", made)))
          .isInstanceOf(Refund.class);
    }
  }

  private static String refund(String status) {
    return """
    {"id":"re_1","object":"refund","status":"%s","amount":400,"currency":"usd","charge":"ch_1","payment_intent":"pi_1",
     "reason":"duplicate","failure_reason":"lost_or_stolen_card","metadata":{"operation_id":"our_key"}}\
    """
        .formatted(status);
  }

  // ---- disputes

  @ParameterizedTest
  @CsvSource({
    "charge.dispute.created, warning_needs_response, INQUIRY",
    "charge.dispute.updated, warning_under_review, INQUIRY",
    "charge.dispute.closed, warning_closed, INQUIRY_CLOSED",
    "charge.dispute.created, needs_response, OPEN",
    "charge.dispute.funds_withdrawn, needs_response, OPEN",
    "charge.dispute.updated, under_review, OPEN",
    "charge.dispute.closed, won, WON",
    "charge.dispute.funds_reinstated, won, WON",
    "charge.dispute.closed, lost, LOST"
  })
  void aDisputeSaysWhereItStands(String type, String status, Stage stage) {
    assertThat(read(type, dispute(status)))
        .isEqualTo(
            new Dispute(
                "dp_1",
                "pi_1",
                Money.of(500, "usd"),
                stage,
                "fraudulent",
                Instant.ofEpochSecond(1_800_000_000)));
  }

  @Test
  void aDisputeOfAStatusThatIsNewToUsIsForAPerson() {
    assertThat(read("charge.dispute.created", dispute("surprising")))
        .isEqualTo(new Unreadable("a dispute of unknown status surprising"));
  }

  private static String dispute(String status) {
    return """
    {"id":"dp_1","object":"dispute","status":"%s","amount":500,"currency":"usd","charge":"ch_1","payment_intent":"pi_1",
     "reason":"fraudulent","created":1800000000}\
    """
        .formatted(status);
  }

  // ---- the rest

  @ParameterizedTest
  @ValueSource(
      strings = {
        "charge.succeeded",
        "charge.captured",
        "charge.failed",
        "charge.expired",
        "charge.pending",
        "charge.updated",
        "charge.refunded",
        "charge.refund.updated",
        "customer.created",
        "payment_method.attached",
        "setup_intent.succeeded",
        "balance.available",
        "v2.core.event",
        "something.new"
      })
  void whatOtherEventsTellBetterIsIrrelevant(String type) {
    assertThat(StripeFacts.of(type, event(type, "\"whatever\""))).isInstanceOf(Irrelevant.class);
  }

  @Test
  void saysWhereItIsTold() {
    assertThat(read("charge.refunded", "{}")).isEqualTo(new Irrelevant("told by refund.*"));
    assertThat(read("charge.captured", "{}")).isEqualTo(new Irrelevant("told by payment_intent.*"));
    assertThat(read("customer.created", "{}"))
        .isEqualTo(new Irrelevant("type not used: customer.created"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "payment_intent.succeeded | amount_received | 'much'",
        "payment_intent.succeeded | amount_received | [1]",
        "payment_intent.succeeded | status | {'a':1}",
        "payment_intent.succeeded | id | null",
        "payment_intent.succeeded | metadata | 'text'",
        "payment_intent.succeeded | object | 'charge'",
        "payment_intent.succeeded | object | 'not_a_kind'",
        "refund.created | amount | null",
        "refund.created | amount | 1.5",
        "refund.created | currency | 'zzz'",
        "refund.created | status | null",
        "payment_intent.succeeded | amount_received | 99999999999999999999",
        "charge.dispute.created | created | 'yesterday'",
        "charge.dispute.created | reason | null",
        "charge.dispute.created | amount | {}"
      })
  void aFieldOfAnOddKindIsUnreadableAndNeverThrown(String type, String field, String value) {
    String object =
        type.startsWith("refund")
            ? refund("succeeded")
            : type.startsWith("charge") ? dispute("won") : intent("succeeded");
    String odd =
        object.replaceFirst(
            "\"" + field + "\":(\"[^\"]*\"|\\{[^}]*}|[0-9]+)",
            "\"" + field + "\":" + value.replace('\'', '"'));
    assertThat(odd).isNotEqualTo(object);
    assertThat(read(type, odd)).isInstanceOf(Unreadable.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nonsense", "{}", "[]", "{\"data\":7}", "{\"data\":{\"object\":7}}"})
  void aBodyThatIsNoEventIsUnreadable(String body) {
    assertThat(StripeFacts.of("payment_intent.succeeded", body)).isInstanceOf(Unreadable.class);
  }

  @Test
  void readsStripesOwnExamples() throws IOException {
    Assumptions.assumeTrue(Files.exists(FIXTURES), "only where the examples are");
    JsonObject resources = new JsonObject(Files.readString(FIXTURES)).getJsonObject("resources");
    var types =
        Map.of(
            "payment_intent",
            "payment_intent.created",
            "refund",
            "refund.created",
            "charge",
            "charge.succeeded",
            "dispute",
            "charge.dispute.created");
    types.forEach(
        (resource, type) ->
            assertThat(
                    StripeFacts.of(
                        type, event(BASIL, type, resources.getJsonObject(resource).encode())))
                .as(type)
                .isNotInstanceOf(Unreadable.class));
  }

  private PspFact read(String type, String object) {
    return StripeFacts.of(type, event(type, object));
  }

  private static List<String> names(PspResult... results) {
    return java.util.Arrays.stream(results)
        .map(
            result ->
                switch (result) {
                  case Approved ignored -> "Approved";
                  case Declined ignored -> "Declined";
                  case ActionRequired ignored -> "ActionRequired";
                  case Accepted ignored -> "Accepted";
                  case Unknown ignored -> "Unknown";
                  case PspResult.NotSent ignored -> "NotSent";
                })
        .toList();
  }
}
