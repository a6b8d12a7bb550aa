package routes.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import payments.Refusal.Code;

/** How much is let in at once. */
class AdmissionTest {
  private static final ApiKey ONE = new ApiKey("one", "m1", false, false);
  private static final ApiKey TWO = new ApiKey("two", "m2", false, false);

  @Test
  void refusesOneKeysExcessAndLeavesRoomForOthers() {
    var admission = new Admission(3, 2);
    admission.enter(ONE);
    admission.enter(ONE);
    assertThat(Refusals.of(() -> admission.enter(ONE)).code()).isEqualTo(Code.RATE_LIMIT);
    admission.enter(TWO);
    assertThat(Refusals.of(() -> admission.enter(TWO)).code()).isEqualTo(Code.UNAVAILABLE);
    admission.leave(ONE);
    admission.enter(ONE);
    assertThat(admission.inFlight()).isEqualTo(3);
  }
}
