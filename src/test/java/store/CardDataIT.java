package store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static store.StoreFixture.creation;
import static store.StoreFixture.finish;
import static store.StoreFixture.result;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import payments.CardChecks;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Parameters;
import payments.Payment;
import payments.PaymentMethod;
import payments.PaymentStatus;
import support.Await;

/**
 * Card data is in the database until its PSP has answered, whichever statement writes the answer.
 */
final class CardDataIT {
  private static final String KEPT = "OVER /x\nwithout";
  private static final String COMPONENT = "{\"type\":\"scheme\"}";

  private static StoreFixture store;

  @BeforeAll
  static void open() {
    store = new StoreFixture();
  }

  @AfterAll
  static void close() {
    store.close();
  }

  /** An authorization on its way, with a card that a component encrypted. */
  private static Operation underWay(String methodId, String token) {
    Payment payment = store.payment(PaymentStatus.PROCESSING, 1_000);
    Operation plain = store.operation(payment, OperationKind.AUTHORIZE, 1_000);
    Operation operation =
        new Operation(
            plain.merchantId(),
            plain.livemode(),
            plain.id(),
            plain.paymentId(),
            plain.kind(),
            plain.status(),
            plain.amount(),
            plain.pspAccountId(),
            plain.pspIdempotencyKey(),
            plain.request(),
            null,
            null,
            1,
            null,
            0,
            0,
            methodId,
            null,
            CardChecks.NONE,
            plain.outcome(),
            null,
            Parameters.EMPTY,
            false,
            null,
            null,
            plain.updatedAt());
    var method =
        new PaymentMethod(
            payment.merchantId(),
            payment.livemode(),
            methodId,
            Instant.now(),
            null,
            null,
            CardChecks.NONE,
            Map.of(operation.pspAccountId(), token, "acct_other", COMPONENT),
            Parameters.EMPTY);
    Write plainly = creation(payment, operation, null);
    result(
        store.writes.create(
            new Write(
                payment,
                null,
                0,
                new Write.Begin(operation, "node_test", 60_000, null, KEPT),
                null,
                method,
                plainly.cause())));
    return operation;
  }

  private static String tokens(Operation operation) {
    return store.text(
        "SELECT tokens FROM payment_method WHERE payment_method_id = '"
            + operation.paymentMethodId()
            + "'");
  }

  @ParameterizedTest
  @EnumSource(OperationStatus.class)
  void isForgottenWithTheAnswerAndNotBefore(OperationStatus status) {
    Operation operation = underWay("pm_" + status.wire(), COMPONENT);
    result(store.writes.finish(finish(operation, status, Finish.PaymentChange.NONE, null, null)));
    boolean answered = status != OperationStatus.PENDING && status != OperationStatus.UNKNOWN;
    assertThat(store.read(operation).request()).isEqualTo(answered ? KEPT : operation.request());
    assertThat(tokens(operation))
        .doesNotContain(operation.pspAccountId())
        // Another account's is another authorization's.
        .contains("acct_other");
  }

  @Test
  void isForgottenByWhatEndsWithAnother() {
    Operation charge = underWay("pm_also", COMPONENT);
    Payment payment = store.payment(PaymentStatus.PROCESSING, 1_000);
    Operation completion = store.operation(payment, OperationKind.COMPLETE_AUTHENTICATION, 1_000);
    result(store.writes.create(creation(payment, completion, null)));
    Finish alone =
        finish(completion, OperationStatus.FAILED, Finish.PaymentChange.NONE, null, null);
    result(
        store.writes.finish(
            new Finish(
                alone.at(),
                alone.operation(),
                alone.status(),
                null,
                null,
                null,
                alone.checks(),
                alone.outcome(),
                null,
                null,
                null,
                alone.change(),
                null,
                null,
                null,
                null,
                alone.cause(),
                new Finish.Also(charge.id(), OperationStatus.FAILED))));
    assertThat(store.read(charge).request()).isEqualTo(KEPT);
  }

  /** A statement that did not let go of it would be undone. */
  @Test
  void cannotStayBesideAnAnswer() {
    Operation operation = underWay("pm_stays", COMPONENT);
    assertThatThrownBy(
            () ->
                store.change(
                    "UPDATE operation SET status = 'failed' WHERE operation_id = '"
                        + operation.id()
                        + "'"))
        .hasRootCauseInstanceOf(SQLException.class)
        .rootCause()
        .hasMessageContaining("operation_forgets");
  }

  @Test
  void isForgottenWhereNoAnswerComes() {
    Operation operation = underWay("pm_silent", COMPONENT);
    Instant begun = operation.createdAt();
    assertThat(forgotten(begun.minusSeconds(1))).isZero();
    assertThat(store.read(operation).request()).isEqualTo(operation.request());
    forgotten(begun.plusSeconds(1));
    assertThat(store.read(operation).request()).isEqualTo(KEPT);
    assertThat(store.read(operation).status()).isEqualTo(OperationStatus.PENDING);
  }

  private static int forgotten(Instant before) {
    return result(store.log.forgetCardData(before, Instant.EPOCH, 100));
  }

  /** Without a name of its PSP's it is of no use once it is not sent any more. */
  @Test
  void isForgottenSoonerWhereThePspHasNoNameForIt() {
    Operation unnamed = underWay("pm_unnamed", COMPONENT);
    Operation named = underWay("pm_named", COMPONENT);
    store.change(
        "UPDATE operation SET psp_reference = 'psp_1' WHERE operation_id = '" + named.id() + "'");
    Instant after = named.createdAt().plusSeconds(1);
    result(store.log.forgetCardData(Instant.EPOCH, after, 100));
    assertThat(store.read(unnamed).request()).isEqualTo(KEPT);
    assertThat(store.read(named).request()).isEqualTo(named.request());
  }

  /** As versions before the fifth wrote them, closed or not. */
  @ParameterizedTest
  @EnumSource(OperationStatus.class)
  void isScrubbedFromWhatWasKeptBeforeItWasForgotten(OperationStatus status) throws IOException {
    Operation operation = underWay("pm_old_" + status.wire(), COMPONENT);
    String body =
        "{\"reference\":\"a \\\"encryptedX\\\":\\\"b\",\"paymentMethod\":{\"type\":\"scheme\","
            + "\"encryptedCardNumber\":\"eyJ%1$s\",\"encryptedSecurityCode\":\"adyen$0_1$%1$s\","
            + "\"holderName\":\"Ann\"}}";
    String old = "POST /v71/payments\n" + body.formatted("secret");
    store.change(
        "UPDATE operation SET kept_request = NULL, request = $r$%s$r$, status = '%s' WHERE operation_id = '%s'"
            .formatted(old, status.wire(), operation.id()));
    try (var migration =
        CardDataIT.class.getResourceAsStream("/db/migration/V8__old_card_data.sql")) {
      byte[] sql = Objects.requireNonNull(migration).readAllBytes();
      store.change(new String(sql, StandardCharsets.UTF_8));
    }
    String scrubbed =
        "OVER /v71/payments\n" + body.replace("eyJ%1$s", "***").replace("adyen$0_1$%1$s", "***");
    boolean answered = status != OperationStatus.PENDING && status != OperationStatus.UNKNOWN;
    assertThat(store.read(operation).request()).isEqualTo(answered ? scrubbed : old);
    forgotten(Instant.now().plusSeconds(60));
    assertThat(store.read(operation).request()).isEqualTo(scrubbed);
  }

  /** An answer is being written: what it lets go of is gone when the sweep comes to it. */
  @Test
  void isForgottenOnceWhereAnAnswerComesWithTheSweep() throws SQLException {
    Operation answered = underWay("pm_answered", COMPONENT);
    Operation silent = underWay("pm_silent_too", COMPONENT);
    Future<Integer> sweep;
    try (var answer = store.server.connect();
        var statement = answer.createStatement()) {
      answer.setAutoCommit(false);
      statement.execute(
          "UPDATE operation SET status = 'failed', request = kept_request, kept_request = NULL"
              + " WHERE operation_id = '"
              + answered.id()
              + "'");
      sweep = store.log.forgetCardData(silent.createdAt().plusSeconds(1), Instant.EPOCH, 100);
      Await.until(
          "the sweep waits for the answer",
          () ->
              store.server.number(
                      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND"
                          + " wait_event_type = 'Lock'")
                  > 0);
      answer.commit();
    }
    result(sweep);
    assertThat(store.read(answered).request()).isEqualTo(KEPT);
    assertThat(store.read(silent).request()).isEqualTo(KEPT);
  }

  /** A PSP may tell nothing of a card that it has stored. */
  @Test
  void leavesTheStoredCardWithItsCustomerWhateverIsToldOfIt() {
    Operation operation = underWay("pm_unseen", COMPONENT);
    UUID customer = store.ids.next();
    Finish plain =
        finish(operation, OperationStatus.SUCCEEDED, Finish.PaymentChange.NONE, null, null);
    result(
        store.writes.finish(
            new Finish(
                plain.at(),
                plain.operation(),
                plain.status(),
                plain.pspReference(),
                null,
                null,
                plain.checks(),
                plain.outcome(),
                null,
                null,
                null,
                plain.change(),
                null,
                "shopper/8",
                customer,
                null,
                plain.cause(),
                null)));
    PaymentMethod method =
        result(
                new PaymentMethods(store.database)
                    .find(operation.merchantId(), operation.livemode(), "pm_unseen"))
            .orElseThrow();
    assertThat(method.card()).isNull();
    assertThat(method.customerId()).isEqualTo(customer);
    assertThat(method.tokens()).containsEntry(operation.pspAccountId(), "shopper/8");
  }

  @Test
  void isSpentByItsPayment() {
    Operation operation = underWay("pm_spent", COMPONENT);
    var methods = new PaymentMethods(store.database);
    PaymentMethod method =
        result(methods.find(operation.merchantId(), operation.livemode(), "pm_spent"))
            .orElseThrow();
    result(methods.spend(method, "acct_other"));
    assertThat(tokens(operation)).isEqualTo("{}");
  }

  @Test
  void isNotTheTokenOfAStoredCard() {
    Operation operation = underWay("pm_stored", "shopper/8");
    var methods = new PaymentMethods(store.database);
    PaymentMethod method =
        result(methods.find(operation.merchantId(), operation.livemode(), "pm_stored"))
            .orElseThrow();
    result(methods.spend(method, operation.pspAccountId()));
    assertThat(tokens(operation)).contains("shopper/8");
  }
}
