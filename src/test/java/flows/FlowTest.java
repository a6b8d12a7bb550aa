package flows;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import payments.Answer;
import store.StoreException;

/** How stories end that no one expected: what may be said of what was done. */
final class FlowTest {
  private static StoreException absent() {
    return new StoreException.Unavailable("no connection", null);
  }

  private static StoreException inDoubt() {
    return new StoreException.InDoubt("no answer", null);
  }

  @Test
  void anAbsentDatabaseBeforeAnyWriteMayBeAskedAgain() {
    assertThat(code(Future.failedFuture(absent()))).isEqualTo("UNAVAILABLE");
  }

  /**
   * PostgreSQL has rolled it back. Too slow, its disk full, no more connections, a standby: none of
   * it is the request's fault.
   */
  @ParameterizedTest
  @ValueSource(strings = {"57014", "53100", "53300", "25006"})
  void whatADatabaseRefusesThatIsNotWellMayBeAskedAgain(String sqlState) {
    var refused = new StoreException.Refused("not now", sqlState, null, null);
    assertThat(code(Future.failedFuture(refused))).isEqualTo("UNAVAILABLE");
    assertThat(code(Durably.afterwards(Future.failedFuture(refused)))).isEqualTo("OUTCOME_UNKNOWN");
  }

  /** An SDK that was told to repeat a request without a key would pay twice. */
  @Test
  void aWriteInDoubtIsAnUnknownOutcome() {
    assertThat(code(Future.failedFuture(inDoubt()))).isEqualTo("OUTCOME_UNKNOWN");
  }

  /** The operation is written and recovery will send it, whatever the request is told. */
  @Test
  void aDatabaseThatGoesAfterTheWriteIsAnUnknownOutcomeToo() {
    assertThat(code(Durably.afterwards(Future.failedFuture(absent()))))
        .isEqualTo("OUTCOME_UNKNOWN");
  }

  @Test
  void aBrokenAssumptionIsOurFaultAndTellsNothingOfItself() {
    Answer answer = answer(Future.failedFuture(new IllegalStateException("secret detail")));
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.body()).doesNotContain("secret detail");
  }

  @Test
  void aStoryThatThrowsAtOnceEndsTheSameWay() {
    Answer answer =
        Flow.answer(
                new PlainRenderer(),
                Given.context(null),
                () -> {
                  throw new IllegalStateException("at once");
                })
            .result();
    assertThat(answer.status()).isEqualTo(500);
  }

  private static String code(Future<Answer> story) {
    return new JsonObject(answer(story).body()).getString("code");
  }

  private static Answer answer(Future<Answer> story) {
    return Flow.answer(new PlainRenderer(), Given.context(null), () -> story).result();
  }
}
