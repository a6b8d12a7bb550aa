package psp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import payments.Decline;
import payments.DeclineCode;

final class PspResultTest {
  @Test
  void saysInOurOwnWordsWhatCameOfIt() {
    var decline =
        new Decline(DeclineCode.INSUFFICIENT_FUNDS, "51 their word", "their text", null, null);

    assertThat(new PspResult.Declined(decline, null, null, PspResult.Details.NONE).why())
        .isEqualTo("declined insufficient_funds");
    assertThat(new PspResult.Unknown(PspResult.UnknownReason.TIMEOUT, "their text").why())
        .isEqualTo("unknown timeout");
    assertThat(new PspResult.NotSent("the breaker is open").why())
        .isEqualTo("not_sent the breaker is open");
  }
}
