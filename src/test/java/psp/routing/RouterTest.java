package psp.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import psp.routing.Decision.Candidate;
import psp.routing.Decision.Verdict;
import psp.routing.Router.Account;
import psp.routing.Router.Bounds;
import psp.routing.Router.Question;
import psp.routing.Router.Standing;

/** Which PSP account takes a payment, and which one may be asked after it. */
class RouterTest {
  private static final boolean LIVE = true;
  private static final boolean TEST = false;
  private static final Set<String> ALL = Set.of("a", "b", "c", "first", "second", "third", "live");

  private final Map<String, Standing> standings = new HashMap<>();

  @Test
  void theMerchantsFirstAccountByPriorityTakesIt() {
    Router router = router(account("second", 20), account("first", 10), account("third", 30));

    assertThat(first(router, "draw").chosen()).contains("first");
    assertThat(router.home("acme", TEST)).contains("first");
  }

  @Test
  void withoutBoundsEachAccountIsAskedAlone() {
    assertThat(new Router(List.of(account("a", 1))).bounds()).isEqualTo(Bounds.ONE);
  }

  @Test
  void testPaymentsNeverReachALiveAccount() {
    Router router = router(new Account("acme", "live", LIVE, 1), new Account("acme", "a", TEST, 2));

    assertThat(first(router, "draw").chosen()).contains("a");
    assertThat(router.first(new Question("acme", LIVE, "draw", ALL, Set.of())).chosen())
        .contains("live");
    assertThat(router(new Account("acme", "live", LIVE, 1)).home("acme", TEST)).isEmpty();
    assertThat(first(router(new Account("acme", "live", LIVE, 1)), "draw").candidates()).isEmpty();
  }

  @Test
  void anotherMerchantsAccountIsNeverUsed() {
    Router router = router(account("a", 1), new Account("other", "b", TEST, 0));

    assertThat(first(router, "draw").candidates())
        .extracting(Candidate::accountId)
        .containsExactly("a");
    assertThat(router.home("ACME", TEST)).isEmpty();
  }

  @Test
  void aSplitIsDrawnByWeight() {
    Router router =
        router(
            new Account("acme", "a", TEST, 1, 70),
            new Account("acme", "b", TEST, 1, 20),
            new Account("acme", "c", TEST, 1, 10));
    int payments = 20_000;

    var counts = new HashMap<String, Integer>();
    IntStream.range(0, payments)
        .forEach(
            i ->
                counts.merge(
                    first(router, "payment-" + i).chosen().orElseThrow(), 1, Integer::sum));

    assertThat(counts.get("a")).isCloseTo(payments * 70 / 100, Percentage.withPercentage(3));
    assertThat(counts.get("b")).isCloseTo(payments * 20 / 100, Percentage.withPercentage(6));
    assertThat(counts.get("c")).isCloseTo(payments * 10 / 100, Percentage.withPercentage(9));
  }

  @Test
  void theSameDrawGoesTheSameWayWhateverTheOrderOfTheAccounts() {
    Router one = router(account("a", 1), account("b", 1), account("c", 1));
    Router other = router(account("c", 1), account("b", 1), account("a", 1));

    for (int i = 0; i < 200; i++) {
      assertThat(first(one, "payment-" + i)).isEqualTo(first(other, "payment-" + i));
    }
    // Pinned: another way of drawing would send retries elsewhere after a deploy.
    assertThat(first(one, "payment-1").candidates())
        .extracting(Candidate::accountId)
        .containsExactlyElementsOf(PINNED);
  }

  private static final List<String> PINNED = List.of("b", "a", "c");

  @Test
  void whenAnAccountIsNotWellOnlyItsOwnShareGoesElsewhere() {
    Router router = router(account("a", 1), account("b", 1), account("c", 1));
    for (int i = 0; i < 200; i++) {
      standings.clear();
      String before = first(router, "payment-" + i).chosen().orElseThrow();
      standings.put("b", Standing.OPEN);
      String after = first(router, "payment-" + i).chosen().orElseThrow();
      assertThat(after).isNotEqualTo("b");
      if (!before.equals("b")) {
        assertThat(after).isEqualTo(before);
      }
    }
  }

  @Test
  void anAccountWithoutAShareOnlyStandsBy() {
    Router router =
        router(new Account("acme", "a", TEST, 1, 0), new Account("acme", "b", TEST, 1, 1));
    for (int i = 0; i < 200; i++) {
      assertThat(first(router, "payment-" + i).chosen()).contains("b");
    }
    standings.put("b", Standing.OPEN);
    assertThat(first(router, "payment-1").chosen()).contains("a");
  }

  @Test
  void passesOverWhatIsOpenForcedOpenOrDoesNotKnowTheMethodAndSaysWhy() {
    Router router = router(account("a", 1), account("b", 2), account("c", 3), account("third", 4));
    standings.put("a", Standing.OPEN);
    standings.put("b", Standing.FORCED_OPEN);

    Decision decision =
        router.first(new Question("acme", TEST, "draw", Set.of("a", "b", "third"), Set.of()));

    assertThat(decision.chosen()).contains("third");
    assertThat(decision.candidates())
        .extracting(Candidate::accountId, Candidate::verdict, Candidate::standing)
        .containsExactly(
            tuple("a", Verdict.PASSED_OVER, Standing.OPEN),
            tuple("b", Verdict.PASSED_OVER, Standing.FORCED_OPEN),
            tuple("c", Verdict.PASSED_OVER, Standing.TAKES),
            tuple("third", Verdict.TAKEN, Standing.TAKES));
    assertThat(decision.candidates())
        .extracting(Candidate::why)
        .containsExactly(
            "its breaker is open",
            "an operator keeps its breaker open",
            "the payment method has no token there",
            "the first of priority 4 by its share, and well");
    assertThat(decision.reason()).isEqualTo(decision.candidates().getLast().why());
  }

  private static org.assertj.core.groups.Tuple tuple(Object... values) {
    return org.assertj.core.groups.Tuple.tuple(values);
  }

  @Test
  void whereNoneIsWellTheFirstThatKnowsTheMethodIsAskedAllTheSame() {
    Router router = router(account("a", 1), account("b", 2), account("c", 3));
    ALL.forEach(account -> standings.put(account, Standing.OPEN));

    Decision decision =
        router.first(new Question("acme", TEST, "draw", Set.of("b", "c"), Set.of()));

    assertThat(decision.chosen()).contains("b");
    assertThat(decision.reason())
        .isEqualTo("its breaker is open; asked all the same, since no other account would take it");
  }

  @Test
  void nextIsTheFirstInReserveThatWasNotAskedYet() {
    Router router = router(account("a", 1), account("b", 2), account("c", 3));

    assertThat(next(router, Set.of("a")).chosen()).contains("b");
    assertThat(next(router, Set.of("a", "b")).chosen()).contains("c");
    assertThat(next(router, Set.of("a", "b")).candidates())
        .extracting(Candidate::why)
        .startsWith("tried already", "tried already");
    assertThat(first(router, "draw").candidates())
        .extracting(Candidate::verdict)
        .containsExactly(Verdict.TAKEN, Verdict.IN_RESERVE, Verdict.IN_RESERVE);
  }

  @Test
  void nextIsNobodyWhereNoneIsWellOrAllWereAsked() {
    Router router = router(account("a", 1), account("b", 2));
    assertThat(next(router, Set.of("a", "b")).chosen()).isEmpty();

    standings.put("b", Standing.OPEN);
    assertThat(next(router, Set.of("a")).chosen()).isEmpty();
    assertThat(next(router, Set.of("a")).reason()).isEqualTo("no account can take it");
  }

  @Test
  void anotherMayBeAskedOnlyWithinTheBounds() {
    var bounds = new Bounds(2, Duration.ofSeconds(27), Duration.ofSeconds(24));

    assertThat(bounds.allow(1, Duration.ofSeconds(3))).isTrue();
    assertThat(bounds.allow(1, Duration.ofMillis(3_001))).as("its answer could be late").isFalse();
    assertThat(bounds.allow(2, Duration.ZERO)).isFalse();
    assertThat(bounds.inTime(Duration.ofSeconds(3))).isTrue();
    assertThat(bounds.inTime(Duration.ofMillis(3_001))).isFalse();
    assertThat(Bounds.ONE.allow(1, Duration.ZERO)).isFalse();
  }

  private static Account account(String id, int priority) {
    return new Account("acme", id, TEST, priority);
  }

  private Router router(Account... accounts) {
    return new Router(
        List.of(accounts),
        (account, kind) -> standings.getOrDefault(account, Standing.TAKES),
        Bounds.ONE);
  }

  private static Decision first(Router router, String draw) {
    return router.first(new Question("acme", TEST, draw, ALL, Set.of()));
  }

  private static Decision next(Router router, Set<String> asked) {
    return router.next(new Question("acme", TEST, "draw", ALL, asked));
  }
}
