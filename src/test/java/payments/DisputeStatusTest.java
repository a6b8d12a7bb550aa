package payments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Where disputes stand. */
class DisputeStatusTest {

  @Test
  void onlyWhatIsWonOrLostIsDecided() {
    assertThat(Arrays.stream(DisputeStatus.values()).filter(DisputeStatus::decided))
        .containsExactly(DisputeStatus.WON, DisputeStatus.LOST);
  }
}
