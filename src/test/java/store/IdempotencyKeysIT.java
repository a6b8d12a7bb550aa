package store;

import static org.assertj.core.api.Assertions.assertThat;
import static store.StoreFixture.MERCHANT;
import static store.StoreFixture.context;
import static store.StoreFixture.result;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import payments.Answer;
import payments.OperationKind;
import payments.PaymentStatus;
import payments.RequestContext;
import payments.RequestContext.Idempotency;

/** The life of an idempotency key outside the operation log, and its end. */
final class IdempotencyKeysIT {
  private static StoreFixture store;

  @BeforeAll
  static void open() {
    store = new StoreFixture();
  }

  @AfterAll
  static void close() {
    store.close();
  }

  @Test
  void goesToOneOfManyWhoClaimIt() {
    var claims = new ArrayList<Future<Optional<UUID>>>();
    for (int at = 0; at < 20; at++) {
      claims.add(claim("wanted"));
    }
    assertThat(claims.stream().filter(each -> result(each).isPresent())).hasSize(1);
  }

  @Test
  void passesOnWithTheSameReservedIdWhenItsOwnerCrashed() {
    UUID reserved = result(claim("crashed")).orElseThrow();
    assertThat(result(claim("crashed"))).isEmpty();
    age("crashed", "61 seconds");
    var another = new Idempotency("crashed", "/v1/test", "another body");
    assertThat(result(store.keys.claim(context("crashed"), another, store.ids.next())))
        .as("another request under the key")
        .isEmpty();
    assertThat(result(claim("crashed"))).contains(reserved);
    assertThat(result(claim("crashed"))).as("claimed anew").isEmpty();
  }

  @Test
  void keepsTheFirstAnswerAndIsNotClaimedAgain() {
    result(claim("told"));
    result(store.keys.answer(context("told"), idempotency("told"), new Answer(200, "a", false)));
    result(store.keys.answer(context("told"), idempotency("told"), new Answer(500, "b", false)));
    assertThat(result(store.keys.find(MERCHANT, false, "told")).orElseThrow().answer())
        .isEqualTo(new Answer(200, "a", true));
    age("told", "2 hours");
    assertThat(result(claim("told"))).isEmpty();
    result(store.keys.release(context("told"), idempotency("told")));
    assertThat(result(store.keys.find(MERCHANT, false, "told"))).as("stays").isPresent();
  }

  @Test
  void isFreeAgainWhenReleased() {
    result(claim("freed"));
    result(store.keys.release(context("freed"), idempotency("freed")));
    assertThat(result(claim("freed"))).isPresent();
  }

  @Test
  void isOfOneMerchantAndMode() {
    result(claim("shared"));
    var live =
        new RequestContext(
            MERCHANT, true, "r", "a", false, idempotency("shared"), java.util.List.of());
    assertThat(result(store.keys.claim(live, idempotency("shared"), store.ids.next()))).isPresent();
  }

  @Test
  void isTrimmedByAgeButNeverWhileItsOperationHasNoAnswer() {
    for (String key : java.util.List.of("old-1", "old-2", "old-3", "young")) {
      result(claim(key));
      result(store.keys.answer(context(key), idempotency(key), new Answer(200, "a", false)));
    }
    var payment = store.payment(PaymentStatus.PROCESSING, 100);
    var operation = store.operation(payment, OperationKind.AUTHORIZE, 100, "old-open");
    result(store.writes.create(StoreFixture.create(payment, operation, "old-open")));
    store.server.execute(
        "UPDATE idempotency_key SET created_at = now() - interval '31 days' WHERE key LIKE 'old%'");
    long month = 30L * 24 * 3600;
    assertThat(result(store.keys.trim(month, 2))).as("bounded").isEqualTo(2);
    assertThat(result(store.keys.trim(month, 100))).isEqualTo(1);
    assertThat(result(store.keys.trim(month, 100))).isZero();
    assertThat(result(store.keys.find(MERCHANT, false, "young"))).isPresent();
    assertThat(result(store.keys.find(MERCHANT, false, "old-open"))).isPresent();
  }

  private static Future<Optional<UUID>> claim(String key) {
    return store.keys.claim(context(key), idempotency(key), store.ids.next());
  }

  private static Idempotency idempotency(String key) {
    return new Idempotency(key, "/v1/test", "print");
  }

  private static void age(String key, String interval) {
    store.server.execute(
        "UPDATE idempotency_key SET created_at = now() - interval '"
            + interval
            + "' WHERE key = '"
            + key
            + "'");
  }
}
