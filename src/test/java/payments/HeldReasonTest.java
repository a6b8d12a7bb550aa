package payments;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operation is held for, and how long (docs/runbooks/held-operation.md). */
class HeldReasonTest {

  @Test
  void whatThePspSaidThatItDidOrMayHaveDoneStands() {
    assertThat(HeldReason.standing())
        .containsExactlyInAnyOrder(
            "amount_mismatch",
            "capture_mismatch",
            "unknown_status",
            "illegal_transition",
            "end_refused");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "amount_mismatch",
        "capture_mismatch",
        "unknown_status",
        "illegal_transition",
        "end_refused"
      })
  void whatStandsIsKeptThroughALookInVain(String reason) {
    assertThat(HeldReason.kept(Records.operation(OperationKind.REFUND, reason))).isEqualTo(reason);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"unsettled", "no_result", "unexpected_challenge", "give_back_refused"})
  void whatOnlySaysThatNobodyKnowsIsNotKept(@Nullable String reason) {
    assertThat(HeldReason.kept(Records.operation(OperationKind.REFUND, reason))).isNull();
  }
}
