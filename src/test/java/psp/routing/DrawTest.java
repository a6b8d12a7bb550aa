package psp.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ranks of a split. */
class DrawTest {

  /**
   * A merchant's retry after a deploy has to go where the first request went: if this fails, it
   * would be charged at another account. Do not change the literals; change back the code. They are
   * -ln((h + 0.5) / 2^53) / weight, with h the upper 53 bits of SHA-256 of the draw's length, a
   * colon, the draw and the account.
   */
  @ParameterizedTest
  @CsvSource({
    "payment-1, a, 70, 0.005046933151518559",
    "payment-1, b, 70, 0.0036429269318463504",
    "payment-2, a, 20, 0.031540603467491414",
    "payment-3, a, 1, 2.345445803504669",
    "payment-4, a, 1, 2.4706833139569593",
  })
  void theRankIsPinned(String draw, String accountId, int weight, double rank) {
    assertThat(Draw.rank(draw, accountId, weight)).isEqualTo(rank);
  }

  @Test
  void anAccountWithoutWeightComesBehindEveryOther() {
    assertThat(Draw.rank("payment-1", "a", 0)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(Draw.rank("payment-1", "a", 1)).isFinite();
  }
}
