package payments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who an operator's request is by. */
class OperatorRequestTest {

  @Test
  void theHistoryNamesTheOperatorAsOne() {
    var request =
        new OperatorRequest(
            "alice", "operations.close", new Parameters(Map.of()), "the merchant asked", null);

    assertThat(request.actor()).isEqualTo("operator:alice");
  }
}
