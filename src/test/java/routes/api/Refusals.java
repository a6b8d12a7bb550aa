package routes.api;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import payments.Refusal;

/** Catches the refusal of a step that must be refused. */
final class Refusals {
  private Refusals() {}

  static Refusal of(ThrowingCallable step) {
    RefusedException refused = catchThrowableOfType(RefusedException.class, step);
    if (refused == null) {
      throw new AssertionError("was not refused");
    }
    return refused.refusal();
  }
}
