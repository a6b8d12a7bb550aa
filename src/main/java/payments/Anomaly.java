package payments;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that should not be.
 *
 * @param resolvedAt when it was dealt with, null while it is not
 */
public record Anomaly(
    String merchantId,
    UUID id,
    UUID paymentId,
    UUID operationId,
    String kind,
    String detail,
    Instant createdAt,
    @Nullable Instant resolvedAt,
    @Nullable String resolution) {}
