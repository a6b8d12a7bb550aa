package simulator.adyen;

import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import simulator.TestCard;

/**
 * A card as a request for payment describes it: Adyen's test numbers, {@link ComponentEncryption
 * encrypted}.
 *
 * @param expiry such as {@code 03/2030}
 * @param cvc null where none was given, as with a saved card
 */
record PaymentCard(
    String number, String expiry, @Nullable String holderName, @Nullable String cvc) {
  private static final String RIGHT_CVC = "737";
  private static final String RIGHT_AMEX_CVC = "7373";
  private static final int BIN = 6;
  private static final int ISSUER_BIN = 8;

  /** Reads the encrypted fields of a card; plain ones are not taken. */
  static PaymentCard of(JsonObject paymentMethod) {
    if (paymentMethod.containsKey("number") || paymentMethod.containsKey("cvc")) {
      throw AdyenError.notAllowed("Raw card data is not allowed for this account");
    }
    String number = decrypted(paymentMethod, "encryptedCardNumber");
    if (number == null) {
      throw AdyenError.invalid("101", "Invalid card number");
    }
    if (TestNumbers.find(number).isEmpty()) {
      throw AdyenError.invalid("101", "Invalid card number");
    }
    return new PaymentCard(
        number,
        expiry(
            decrypted(paymentMethod, "encryptedExpiryMonth"),
            decrypted(paymentMethod, "encryptedExpiryYear")),
        paymentMethod.getString("holderName"),
        decrypted(paymentMethod, "encryptedSecurityCode"));
  }

  private static @Nullable String decrypted(JsonObject paymentMethod, String field) {
    String value = paymentMethod.getString(field);
    if (value == null) {
      return null;
    }
    return ComponentEncryption.decrypt(value)
        .orElseThrow(() -> AdyenError.invalid("174", "Unable to decrypt data"));
  }

  private static String expiry(@Nullable String month, @Nullable String year) {
    if (month == null || year == null) {
      throw AdyenError.invalid("129", "Expiry Date Invalid");
    }
    try {
      YearMonth expires = YearMonth.of(Integer.parseInt(year), Integer.parseInt(month));
      return "%02d/%d".formatted(expires.getMonthValue(), expires.getYear());
    } catch (NumberFormatException | DateTimeException e) {
      throw AdyenError.invalid("129", "Expiry Date Invalid");
    }
  }

  TestCard card() {
    return TestNumbers.require(number);
  }

  boolean expired(Instant now) {
    YearMonth expires =
        YearMonth.of(
            Integer.parseInt(expiry.substring(3)), Integer.parseInt(expiry.substring(0, 2)));
    return expires.isBefore(YearMonth.from(now.atZone(ZoneOffset.UTC)));
  }

  String bin() {
    return number.substring(0, BIN);
  }

  String issuerBin() {
    return number.substring(0, ISSUER_BIN);
  }

  /** In Adyen's words; the code on the back of every test card is 737. */
  String cvcResult() {
    if (cvc == null) {
      return "6 No CVC/CVV provided";
    }
    return cvc.equals(card().brand().equals("amex") ? RIGHT_AMEX_CVC : RIGHT_CVC)
        ? "1 Matches"
        : "2 Doesn't match";
  }

  /** What is kept when the card is saved: never the security code. */
  PaymentCard saved() {
    return new PaymentCard(number, expiry, holderName, null);
  }

  PaymentCard heldBy(@Nullable String otherName) {
    return otherName == null ? this : new PaymentCard(number, expiry, otherName, cvc);
  }

  PaymentCard withCvc(@Nullable String given) {
    return new PaymentCard(number, expiry, holderName, given);
  }

  /** The security code that came with a saved card. */
  static @Nullable String cvcOf(JsonObject paymentMethod) {
    return decrypted(paymentMethod, "encryptedSecurityCode");
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("number", number)
        .put("expiry", expiry)
        .put("holder_name", holderName)
        .put("cvc", cvc);
  }

  static PaymentCard fromJson(JsonObject json) {
    return new PaymentCard(
        json.getString("number"),
        json.getString("expiry"),
        json.getString("holder_name"),
        json.getString("cvc"));
  }
}
