package payments;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the network said of an attempt. */
class AttemptOutcomeTest {

  @Test
  void onlyTheNetworksOwnApprovalIsOne() {
    assertThat(AttemptOutcome.NETWORK_STATUSES)
        .filteredOn(status -> outcome(status).approved())
        .containsExactly("approved_by_network");
    assertThat(AttemptOutcome.NONE.approved()).isFalse();
  }

  private static AttemptOutcome outcome(String networkStatus) {
    return new AttemptOutcome(
        networkStatus, null, null, null, null, null, null, null, null, null, null);
  }
}
