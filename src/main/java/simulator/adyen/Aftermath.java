package simulator.adyen;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What comes after a payment went well, step by step at the settlements that follow: asked for by
 * the name of the card's holder, such as {@code Chargeback:10.4}.
 *
 * @param reasonCode the scheme's code for a chargeback's reason
 */
record Aftermath(Kind kind, String reasonCode) {
  private static final String CHARGEBACK = "chargeback:";
  private static final String USUAL_REASON = "10.4";

  /** What happens. */
  enum Kind {
    NOTHING(0),
    CHARGEBACK(1),
    /** A chargeback, which the merchant wins. */
    CHARGEBACK_REVERSED(2),
    /** A chargeback, which the merchant wins, and the issuer takes the money again. */
    SECOND_CHARGEBACK(3),
    CAPTURE_FAILS(1),
    /** Not a step: each refund fails after it was said to be good. */
    REFUNDS_FAIL(0);

    private final int steps;

    Kind(int steps) {
      this.steps = steps;
    }

    /** How many settlements it takes. */
    int steps() {
      return steps;
    }
  }

  static Aftermath ofHolder(@Nullable String holderName) {
    String name = holderName == null ? "" : holderName.strip().toLowerCase(Locale.ROOT);
    if (name.startsWith(CHARGEBACK)) {
      return new Aftermath(Kind.CHARGEBACK, name.substring(CHARGEBACK.length()).strip());
    }
    return new Aftermath(
        switch (name) {
          case "chargeback reversed" -> Kind.CHARGEBACK_REVERSED;
          case "second chargeback" -> Kind.SECOND_CHARGEBACK;
          case "capture failed" -> Kind.CAPTURE_FAILS;
          case "refund failed" -> Kind.REFUNDS_FAIL;
          default -> Kind.NOTHING;
        },
        USUAL_REASON);
  }
}
