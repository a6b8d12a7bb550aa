package simulator;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to give money back, as a dialect or the dashboard hands it to the bank.
 *
 * @param amountMinor null for all that is left
 * @param outside made in the dashboard
 * @param behaviour how it ends; null for what the card says
 */
public record RefundRequest(
    String id,
    String account,
    String charge,
    @Nullable Long amountMinor,
    @Nullable String reason,
    @Nullable String idempotencyKey,
    Map<String, String> metadata,
    boolean outside,
    TestCard.@Nullable RefundBehaviour behaviour) {}
