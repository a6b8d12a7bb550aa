package store;

import static org.assertj.core.api.Assertions.assertThat;
import static store.StoreFixture.creation;
import static store.StoreFixture.finish;
import static store.StoreFixture.result;

import java.time.Instant;
import java.util.Map;
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

  private static void set(Operation operation, OperationStatus status) {
    store.change(
        "UPDATE operation SET status = '"
            + status.wire()
            + "' WHERE operation_id = '"
            + operation.id()
            + "'");
  }

  @ParameterizedTest
  @EnumSource(OperationStatus.class)
  void isForgottenWithTheAnswerAndNotBefore(OperationStatus status) {
    Operation operation = underWay("pm_" + status.wire(), COMPONENT);
    set(operation, status);
    boolean answered = status != OperationStatus.PENDING && status != OperationStatus.UNKNOWN;
    assertThat(store.read(operation).request()).isEqualTo(answered ? KEPT : operation.request());
    assertThat(tokens(operation).contains(operation.pspAccountId())).isEqualTo(!answered);
    // Another account's is another authorization's.
    assertThat(tokens(operation)).contains("acct_other");
  }

  @Test
  void isForgottenByTheEndThatWritesTheCardsNewToken() {
    Operation operation = underWay("pm_end", COMPONENT);
    result(store.writes.finish(store.captured(operation)));
    assertThat(store.read(operation).request()).isEqualTo(KEPT);
    assertThat(tokens(operation)).doesNotContain(operation.pspAccountId());
  }

  @Test
  void leavesTheTokenOfAStoredCard() {
    Operation operation = underWay("pm_stored", "shopper/8");
    result(
        store.writes.finish(
            finish(
                operation,
                OperationStatus.FAILED,
                Finish.PaymentChange.move(
                    PaymentStatus.PROCESSING, PaymentStatus.REQUIRES_PAYMENT_METHOD),
                null,
                null)));
    assertThat(tokens(operation)).contains("shopper/8");
  }
}
