package money;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An ISO 4217 currency that Sluice takes money in, with the number of decimal places of its minor
 * unit as the wire protocol counts them (Stripe API: "Supported currencies", zero-decimal and
 * three-decimal currencies).
 *
 * <p>The exponent is the wire's, not always ISO's: Stripe keeps ISK and UGX at two decimals
 * although ISO has none, and MGA at none.
 */
public record Currency(String code, int exponent) {
  private static final Map<String, Currency> BY_CODE = new TreeMap<>();

  static {
    register(
        2,
        "aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd"
            + " cad cdf chf cny cop crc cve czk dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq"
            + " gyd hkd hnl htg huf idr ils inr isk jmd kes kgs khr kyd kzt lak lbp lkr lrd lsl mad"
            + " mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk php"
            + " pkr pln qar ron rsd rub sar sbd scr sek sgd shp sle sos srd std szl thb tjs top try"
            + " ttd twd tzs uah ugx usd uyu uzs wst xcd yer zar zmw");
    register(0, "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf");
    register(3, "bhd jod kwd omr tnd");
  }

  private static void register(int exponent, String codes) {
    for (String code : codes.split(" ")) {
      BY_CODE.put(code, new Currency(code, exponent));
    }
  }

  /** The currency of a three-letter code in any case, or empty where Sluice does not take it. */
  public static Optional<Currency> find(String code) {
    return Optional.ofNullable(BY_CODE.get(code.toLowerCase(Locale.ROOT)));
  }

  /**
   * The currency of a code that is known to be taken.
   *
   * @throws IllegalArgumentException when it is not
   */
  public static Currency of(String code) {
    return find(code).orElseThrow(() -> new IllegalArgumentException("unknown currency: " + code));
  }

  @Override
  public String toString() {
    return code;
  }
}
