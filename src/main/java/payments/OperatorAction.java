package payments;

import java.time.Instant;
import java.util.UUID;

/**
 * What an operator did: a row of the audit log.
 *
 * @param result what it came to
 */
public record OperatorAction(
    UUID id, OperatorRequest request, Parameters result, Instant createdAt) {}
