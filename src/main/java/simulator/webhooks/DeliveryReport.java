package simulator.webhooks;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What became of one sending of an event.
 *
 * @param state {@code WAITING}, {@code SENDING}, {@code BACKING_OFF}, {@code DELIVERED}, {@code
 *     DROPPED}, {@code GIVEN_UP}, {@code OVERFLOWED} or {@code CANCELED}
 * @param attempts how often it was sent
 * @param lastStatus the receiver's last answer; null where there was none
 * @param lastError why the last attempt had no answer; null where it had one
 */
public record DeliveryReport(
    String state, int attempts, @Nullable Integer lastStatus, @Nullable String lastError) {

  public boolean delivered() {
    return state.equals(Delivery.State.DELIVERED.name());
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("state", state)
        .put("attempts", attempts)
        .put("last_status", lastStatus)
        .put("last_error", lastError);
  }
}
