package payments;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One event on its way to one webhook endpoint.
 *
 * @param attempts how often it was sent, or may have been
 * @param dueAt when it is sent next, null where it is not pending
 * @param lastStatus the HTTP status of the last answer, null where there was none
 * @param lastError why the last attempt failed, null where it did not
 */
public record Delivery(
    String merchantId,
    UUID endpointId,
    UUID eventId,
    @Nullable UUID paymentId,
    @Nullable Long sequence,
    Status status,
    int attempts,
    @Nullable Instant dueAt,
    @Nullable Integer lastStatus,
    @Nullable String lastError,
    Instant createdAt,
    @Nullable Instant attemptedAt,
    @Nullable Instant deliveredAt) {

  /** Where a delivery stands. */
  public enum Status {
    PENDING("pending"),
    DELIVERED("delivered"),
    /** Given up. */
    FAILED("failed");

    private final String wire;

    Status(String wire) {
      this.wire = wire;
    }

    public String wire() {
      return wire;
    }

    public static Status ofWire(String wire) {
      for (Status status : values()) {
        if (status.wire.equals(wire)) {
          return status;
        }
      }
      throw new IllegalArgumentException("unknown delivery status: " + wire);
    }
  }
}
