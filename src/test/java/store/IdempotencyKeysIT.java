package store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import payments.Answer;
import payments.RequestContext;
import payments.RequestContext.Idempotency;
import support.TestDatabase;

/** Claims of idempotency keys by work that is not in the operation log. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class IdempotencyKeysIT {
  private static final UUID FIRST = new UUID(1, 1);
  private static final UUID SECOND = new UUID(2, 2);
  private static final Answer ANSWER = new Answer(200, "done", false);

  private final Vertx vertx = Vertx.vertx();
  private final TestDatabase postgres = TestDatabase.create();
  private final Database database = Database.open(vertx, postgres.options(), "test", 4);
  private final IdempotencyKeys keys = new IdempotencyKeys(database);

  @AfterAll
  void close() {
    database.close().await();
    vertx.close().await();
  }

  @Test
  void givesAKeyToTheFirstWhoClaimsIt() {
    var key = key("first");

    assertThat(keys.claim(context(key), key, FIRST).await()).contains(FIRST);
    assertThat(keys.claim(context(key), key, SECOND).await()).isEmpty();
  }

  @Test
  void passesALeftClaimOnWithTheIdItReserved() {
    var key = key("left");
    keys.claim(context(key), key, FIRST).await();

    keys.leave(context(key), key).await();

    var other = new Idempotency("left", "/path", "another request");
    assertThat(keys.claim(context(other), other, SECOND).await()).isEmpty();
    assertThat(keys.claim(context(key), key, SECOND).await()).contains(FIRST);
    assertThat(keys.claim(context(key), key, SECOND).await()).isEmpty();
  }

  @Test
  void forgetsAReleasedClaim() {
    var key = key("released");
    keys.claim(context(key), key, FIRST).await();

    keys.release(context(key), key).await();

    assertThat(keys.claim(context(key), key, SECOND).await()).contains(SECOND);
  }

  @Test
  void keepsTheFirstAnswerAgainstAllThatFollows() {
    var key = key("answered");
    keys.claim(context(key), key, FIRST).await();
    keys.answer(context(key), key, ANSWER).await();

    keys.answer(context(key), key, new Answer(500, "later", false)).await();
    keys.release(context(key), key).await();
    keys.leave(context(key), key).await();

    assertThat(keys.claim(context(key), key, SECOND).await()).isEmpty();
    assertThat(keys.find("m_1", false, "answered").await().orElseThrow().answer())
        .isEqualTo(ANSWER.asReplay());
  }

  @Test
  void trimsOldAnswersAndOldClaimsButNoOpenOperation() {
    for (String name : List.of("old-answer", "old-claim", "old-operation", "new-answer")) {
      keys.claim(context(key(name)), key(name), FIRST).await();
    }
    keys.answer(context(key("old-answer")), key("old-answer"), ANSWER).await();
    keys.answer(context(key("new-answer")), key("new-answer"), ANSWER).await();
    postgres.execute(
        "UPDATE idempotency_key SET created_at = now() - interval '31 days' WHERE key LIKE"
            + " 'old-%'");
    postgres.execute(
        "UPDATE idempotency_key SET operation_id = object_id WHERE key = 'old-operation'");

    assertThat(keys.trim(30 * 24 * 3600, 100).await()).isEqualTo(2);

    assertThat(keys.find("m_1", false, "old-answer").await()).isEmpty();
    assertThat(keys.find("m_1", false, "old-claim").await()).isEmpty();
    assertThat(keys.find("m_1", false, "old-operation").await()).isPresent();
    assertThat(keys.find("m_1", false, "new-answer").await()).isPresent();
  }

  private static Idempotency key(String name) {
    return new Idempotency(name, "/path", "print");
  }

  private static RequestContext context(Idempotency idempotency) {
    return new RequestContext("m_1", false, "req_1", "key_1", false, idempotency, List.of());
  }
}
