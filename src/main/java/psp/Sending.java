package psp;

import java.time.Instant;
import money.Money;
import org.jspecify.annotations.Nullable;
import payments.OperationKind;

/**
 * One sending of an operation to its PSP account, or one question about it.
 *
 * @param operationId the reference of our operation in the PSP's metadata
 * @param amount what the operation means to move
 * @param reference the PSP's id where we know it already
 * @param attempt 1 for the first sending
 * @param begunAt when the operation began: what the PSP did long before is of another one, which
 *     had the same key
 */
public record Sending(
    String accountId,
    OperationKind kind,
    String operationId,
    Money amount,
    PspCall call,
    String idempotencyKey,
    @Nullable String reference,
    int attempt,
    Instant begunAt) {}
