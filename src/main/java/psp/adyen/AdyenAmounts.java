package psp.adyen;

import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import money.Currency;
import money.Money;
import org.jspecify.annotations.Nullable;

/**
 * Amounts as Adyen writes them (Adyen docs: "Currency codes and minor units"), pure. For a few
 * currencies Adyen counts other decimals than the wire does, so the same number would be another
 * amount.
 */
final class AdyenAmounts {
  /** Adyen's decimals where they are not those of {@link Currency#exponent}. */
  static final Map<String, Integer> EXPONENTS = Map.of("clp", 2, "cve", 0, "idr", 0, "ugx", 0);

  private AdyenAmounts() {}

  /** The amount object, or empty where Adyen's minor unit is too coarse for it. */
  static Optional<JsonObject> of(Money amount) {
    long step = step(amount.currency());
    boolean finer = finer(amount.currency());
    if (!finer && amount.minor() % step != 0) {
      return Optional.empty();
    }
    return Optional.of(
        new JsonObject()
            .put("currency", amount.currency().code().toUpperCase(Locale.ROOT))
            .put(
                "value", finer ? Math.multiplyExact(amount.minor(), step) : amount.minor() / step));
  }

  /** The amount that an object tells, or empty where it cannot be read. */
  static Optional<Money> read(@Nullable JsonObject amount) {
    if (amount == null || !(amount.getValue("currency") instanceof String code)) {
      return Optional.empty();
    }
    Object value = amount.getValue("value");
    if (!(value instanceof Long) && !(value instanceof Integer)) {
      return Optional.empty();
    }
    long told = ((Number) value).longValue();
    return Currency.find(code).flatMap(currency -> read(told, currency));
  }

  /**
   * What an answer or a notification says was authorised: acquirers may authorise a part, which has
   * fields of its own beside the amount that was asked for.
   */
  static Optional<Money> authorised(JsonObject told) {
    JsonObject additional = AdyenJson.object(told, "additionalData");
    String value = AdyenJson.filled(additional, "authorisedAmountValue");
    String currency = AdyenJson.filled(additional, "authorisedAmountCurrency");
    if (value != null && currency != null) {
      return value.matches("\\d{1,18}")
          ? read(new JsonObject().put("currency", currency).put("value", Long.valueOf(value)))
          : Optional.empty();
    }
    return read(AdyenJson.object(told, "amount"));
  }

  private static Optional<Money> read(long told, Currency currency) {
    long step = step(currency);
    if (!finer(currency)) {
      return Optional.of(new Money(Math.multiplyExact(told, step), currency));
    }
    return told % step == 0 ? Optional.of(new Money(told / step, currency)) : Optional.empty();
  }

  /** Whether Adyen counts more decimals than we do. */
  private static boolean finer(Currency currency) {
    return exponent(currency) > currency.exponent();
  }

  private static long step(Currency currency) {
    long step = 1;
    for (int i = Math.abs(exponent(currency) - currency.exponent()); i > 0; i--) {
      step *= 10;
    }
    return step;
  }

  private static int exponent(Currency currency) {
    return EXPONENTS.getOrDefault(currency.code(), currency.exponent());
  }
}
