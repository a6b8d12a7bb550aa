package store;

import org.jspecify.annotations.Nullable;
import payments.Operation;

/**
 * A refund that begins: it is written only if its amount can be reserved within what was captured
 * and not yet refunded, reserved or disputed, whatever else happens at the same time.
 */
public record Reservation(Write.Begin operation, Write.@Nullable KeyClaim key, Write.Cause cause) {
  Operation refund() {
    return operation.operation();
  }
}
