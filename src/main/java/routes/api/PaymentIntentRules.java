package routes.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import money.Currency;
import money.Money;
import org.jspecify.annotations.Nullable;
import payments.CaptureMethod;
import payments.Command.Confirmation;
import payments.Parameters;
import payments.Refusal.Code;

/** The rules between a payment's parameters that a catalogue of single parameters cannot say. */
final class PaymentIntentRules {
  private static final List<String> CONFIRMATION_ONLY =
      List.of("error_on_requires_action", "mandate_data", "off_session", "return_url");

  private PaymentIntentRules() {}

  static void checkNew(CheckedParameters given) {
    checkMethods(given);
    if ("manual".equals(given.text("confirmation_method"))) {
      throw new RefusedException(
          Code.PARAMETER_UNSUPPORTED,
          "Sluice does not support `confirmation_method=manual` yet.",
          "confirmation_method");
    }
    Map<String, Object> automatic = given.hash("automatic_payment_methods");
    if (Boolean.TRUE.equals(automatic.get("enabled"))) {
      given.exclusive("automatic_payment_methods", "payment_method_types");
    } else if (automatic.containsKey("allow_redirects")) {
      throw new RefusedException(
          Code.PARAMETER_INVALID,
          "You cannot set `automatic_payment_methods[allow_redirects]` when"
              + " `automatic_payment_methods[enabled]` is false.",
          "automatic_payment_methods[allow_redirects]");
    }
    if (!given.flag("confirm")) {
      for (String name : CONFIRMATION_ONLY) {
        if (given.has(name)) {
          throw new RefusedException(
              Code.PARAMETER_INVALID,
              "The parameter `"
                  + name
                  + "` cannot be passed when creating a PaymentIntent unless `confirm` is set to"
                  + " true.",
              name);
        }
      }
    }
  }

  /** How the payment may be paid: one method at a time, and a card at least. */
  static void checkMethods(CheckedParameters given) {
    given.exclusive("payment_method", "payment_method_data");
    cardAmong(given, "payment_method_types");
    cardAmong(given, "allowed_payment_method_types");
    if (given.texts("excluded_payment_method_types").contains("card")) {
      throw new RefusedException(
          Code.PARAMETER_INVALID,
          "Sluice takes card payments: `card` cannot be excluded.",
          "excluded_payment_method_types");
    }
  }

  private static void cardAmong(CheckedParameters given, String name) {
    if (given.has(name) && !given.texts(name).contains("card")) {
      throw new RefusedException(
          Code.PARAMETER_INVALID,
          "Sluice takes card payments: `" + name + "` must include `card`.",
          name);
    }
  }

  static void checkFinalCapture(CheckedParameters given) {
    if (Boolean.FALSE.equals(given.values().get("final_capture"))) {
      throw new RefusedException(
          Code.PARAMETER_UNSUPPORTED,
          "Sluice does not support `final_capture=false` yet: a payment is captured once.",
          "final_capture");
    }
  }

  static Money amount(CheckedParameters given) {
    Currency currency = currency(given.requiredText("currency"));
    long amount = given.requiredNumber("amount");
    checkStep(amount, currency);
    return new Money(amount, currency);
  }

  private static Currency currency(String code) {
    return Currency.find(code)
        .orElseThrow(
            () ->
                new RefusedException(
                    Code.PARAMETER_INVALID,
                    "Invalid currency: "
                        + Names.clip(code)
                        + ". It must be the three-letter code of a currency that Sluice takes.",
                    "currency"));
  }

  /** Card networks settle three-decimal currencies in steps of ten minor units. */
  private static void checkStep(long amount, Currency currency) {
    if (!new Money(amount, currency).isWhole()) {
      throw new RefusedException(
          Code.PARAMETER_INVALID,
          "Invalid amount: in " + currency.code() + " it must be a multiple of 10.",
          "amount");
    }
  }

  static @Nullable String currencyOfUpdate(CheckedParameters given) {
    String code = given.text("currency");
    if (code == null) {
      return null;
    }
    Currency currency = currency(code);
    Long amount = given.number("amount");
    if (amount != null) {
      checkStep(amount, currency);
    }
    return currency.code();
  }

  static CaptureMethod captureMethodOfNew(CheckedParameters given) {
    CaptureMethod method = captureMethod(given);
    return method == null ? CaptureMethod.AUTOMATIC : method;
  }

  /** The card's own setting goes before the payment's, because all payments are by card. */
  static @Nullable CaptureMethod captureMethod(CheckedParameters given) {
    if (given.hash("payment_method_options").get("card") instanceof Map<?, ?> card
        && card.get("capture_method") instanceof String own) {
      return CaptureMethod.ofWire(own);
    }
    String method = given.text("capture_method");
    return method == null ? null : CaptureMethod.ofWire(method);
  }

  static Confirmation confirmation(CheckedParameters given, Parameters parameters) {
    return new Confirmation(
        given.text("payment_method"),
        cardToken(given),
        billingDetails(given),
        given.has("off_session") && !Boolean.FALSE.equals(given.values().get("off_session")),
        captureMethod(given),
        parameters);
  }

  static @Nullable String cardToken(CheckedParameters given) {
    return given.hash("payment_method_data").get("card") instanceof Map<?, ?> card
            && card.get("token") instanceof String token
        ? token
        : null;
  }

  @SuppressWarnings("unchecked") // maps in here have string keys by construction
  static Parameters billingDetails(CheckedParameters given) {
    return given.hash("payment_method_data").get("billing_details") instanceof Map<?, ?> details
        ? new Parameters((Map<String, Object>) details)
        : Parameters.EMPTY;
  }

  static Parameters keptOfNew(CheckedParameters given) {
    return withMethodData(given, given.kept());
  }

  static Parameters keptOfUpdate(CheckedParameters given) {
    return withMethodData(given, given.keptByUpdate());
  }

  /**
   * Also kept, as {@code payment_method_data}: what belongs to the payment method that is made of a
   * token, beside its billing details.
   */
  private static Parameters withMethodData(CheckedParameters given, Parameters kept) {
    var data = new LinkedHashMap<>(given.hash("payment_method_data"));
    data.keySet().retainAll(List.of("metadata", "allow_redisplay"));
    if (data.isEmpty()) {
      return kept;
    }
    var all = new LinkedHashMap<>(kept.values());
    all.put("payment_method_data", data);
    return new Parameters(all);
  }
}
