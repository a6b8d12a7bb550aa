package simulator;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request for money on a card, as a dialect hands it to the bank.
 *
 * @param capture take the money at once
 * @param offSession the cardholder is not there to be asked
 * @param setUp the card was set up for later use before
 * @param challengeWanted the merchant asks for an authentication where the card supports one
 * @param authenticated the cardholder has passed the challenge for this payment
 */
public record AuthorizationRequest(
    String id,
    String account,
    String payment,
    String instrument,
    TestCard card,
    @Nullable String idempotencyKey,
    Map<String, String> metadata,
    long amountMinor,
    String currency,
    boolean capture,
    boolean offSession,
    boolean setUp,
    boolean challengeWanted,
    boolean authenticated) {}
