package flows;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import payments.Parameters;

/**
 * What a payment asks of a card. The options of the card itself go before what is said of the whole
 * payment (Stripe API: {@code payment_method_options}).
 *
 * @param threeDSecure any, automatic, challenge or null: whether the cardholder is to be
 *     authenticated
 * @param setupFutureUsage on_session, off_session or null: what the card is saved for
 */
record CardOptions(@Nullable String threeDSecure, @Nullable String setupFutureUsage) {

  static CardOptions of(Parameters given) {
    Map<?, ?> card =
        given.map("payment_method_options").get("card") instanceof Map<?, ?> options
            ? options
            : Map.of();
    String usage =
        card.get("setup_future_usage") instanceof String own
            ? own
            : given.text("setup_future_usage");
    return new CardOptions(
        card.get("request_three_d_secure") instanceof String asked ? asked : null,
        "none".equals(usage) ? null : usage);
  }
}
