package payments;

import java.time.Instant;

/**
 * A PSP account's breaker that an operator keeps open.
 *
 * @param kind the operations that are not sent
 * @param reason why, in the operator's words
 */
public record ForcedBreaker(
    String merchantId,
    String accountId,
    OperationKind kind,
    String operator,
    String reason,
    Instant since) {}
