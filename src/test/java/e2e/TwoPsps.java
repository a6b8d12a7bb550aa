package e2e;

import config.DataMode;
import config.KeyKind;
import config.KeySettings;
import config.MerchantSettings;
import config.PspAccountSettings;
import config.PspKind;
import config.Secret;
import java.net.URI;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import simulator.CallMatch;
import simulator.Operation;
import support.Books;
import support.TestGateway;

/**
 * Merchants with one account at Adyen and one at Stripe, in either order; of two of them the first
 * PSP cannot be reached.
 */
enum TwoPsps {
  ADYEN_THEN_STRIPE(PspKind.ADYEN, PspKind.STRIPE, true),
  STRIPE_THEN_ADYEN(PspKind.STRIPE, PspKind.ADYEN, true),
  SHUT_ADYEN_THEN_STRIPE(PspKind.ADYEN, PspKind.STRIPE, false),
  SHUT_STRIPE_THEN_ADYEN(PspKind.STRIPE, PspKind.ADYEN, false);

  static final String ADYEN_HMAC_KEY =
      "6B65792D6F662D74686973207465737420616E64206E6F206F74686572212121";

  /** The gateway's test kit puts the simulator's address in its place. */
  private static final URI SIMULATOR = URI.create("http://127.0.0.1:1");

  /** Where nobody listens. */
  private static final URI NOBODY = URI.create("http://localhost:1");

  private final PspKind first;
  private final PspKind second;
  private final boolean reachable;

  /**
   * One of the two.
   *
   * @param key what the simulator knows it by
   */
  record Account(String id, String key, PspKind psp) {}

  TwoPsps(PspKind first, PspKind second, boolean reachable) {
    this.first = first;
    this.second = second;
    this.reachable = reachable;
  }

  private Account account(PspKind psp, String place) {
    String name = place + (reachable ? "" : "_shut");
    String id = psp.name().toLowerCase(Locale.ROOT) + "_" + name;
    String key = (psp == PspKind.ADYEN ? "adyen_test_" : "sk_test_psp_") + name;
    return new Account(id, key, psp);
  }

  Account first() {
    return account(first, "first");
  }

  Account second() {
    return account(second, "second");
  }

  /** Whether the first can be reached. */
  boolean reachable() {
    return reachable;
  }

  String merchant() {
    return name().toLowerCase(Locale.ROOT);
  }

  String secretKey() {
    return "sk_test_" + merchant();
  }

  /** Sendings of authorizations to the first account. */
  CallMatch atFirst() {
    return CallMatch.of(Operation.AUTHORIZE).account(first().key);
  }

  /** All of them, in the place of the demo merchant. */
  static List<MerchantSettings> merchants(List<MerchantSettings> demo) {
    return Arrays.stream(values()).map(TwoPsps::settings).toList();
  }

  private MerchantSettings settings() {
    var key =
        new KeySettings(
            merchant() + "_secret", KeyKind.SECRET, DataMode.TEST, null, new Secret(secretKey()));
    return new MerchantSettings(
        merchant(),
        List.of(key),
        List.of(
            settings(first(), reachable ? SIMULATOR : NOBODY, 1),
            settings(second(), SIMULATOR, 2)));
  }

  private static PspAccountSettings settings(Account account, URI url, int priority) {
    boolean adyen = account.psp == PspKind.ADYEN;
    return new PspAccountSettings(
        account.id,
        account.psp,
        DataMode.TEST,
        url,
        new Secret(account.key),
        adyen ? "Sluice_" + account.id : null,
        new Secret(adyen ? ADYEN_HMAC_KEY : "whsec_two_psps"),
        null,
        priority,
        100);
  }

  /** The books of all merchants, over the truths of all their accounts. */
  static Books books(TestGateway gateway) {
    String[] keys =
        Arrays.stream(values())
            .flatMap(pair -> Stream.of(pair.first().key, pair.second().key))
            .toArray(String[]::new);
    return new Books(gateway.database(), gateway.simulator(), keys);
  }

  /** A payment method of the merchant that the accounts know by different tokens. */
  String method(TestGateway gateway, String name, String atFirst, String atSecond) {
    String id = "pm_" + name + "_" + merchant();
    gateway
        .database()
        .execute(
            """
            INSERT INTO payment_method (merchant_id, payment_method_id, livemode, tokens, parameters, created_at)
            VALUES ('%s', '%s', false, '{"%s": "%s", "%s": "%s"}', '{}', now()) ON CONFLICT DO NOTHING
            """
                .formatted(merchant(), id, first().id, atFirst, second().id, atSecond));
    return id;
  }

  /** How many of these payments an account has approved. */
  long approved(TestGateway gateway, Collection<String> payments, @Nullable Account account) {
    return gateway.number(
        """
        SELECT count(DISTINCT payment_id) FROM operation
        WHERE merchant_id = '%s' AND kind = 'authorize' AND status = 'succeeded' AND payment_id IN (%s) %s
        """
            .formatted(
                merchant(),
                payments.stream()
                    .map(id -> "'" + Till.uuid(id) + "'")
                    .collect(Collectors.joining(", ")),
                account == null ? "" : "AND psp_account_id = '" + account.id + "'"));
  }

  /** Payments that the second account was asked for though the first has not said no for good. */
  long triedTwiceWithoutProof(TestGateway gateway) {
    return gateway.number(
        """
        SELECT count(*) FROM operation a JOIN operation b USING (merchant_id, payment_id)
        WHERE a.merchant_id = '%s' AND a.kind = 'authorize' AND b.kind = 'authorize'
          AND a.psp_account_id = '%s' AND b.psp_account_id = '%s' AND a.status <> 'failed'
        """
            .formatted(merchant(), first().id, second().id));
  }

  /** Authorizations of which it is not known what became of them. */
  long open(TestGateway gateway) {
    return gateway.number(
        """
        SELECT count(*) FROM operation
        WHERE merchant_id = '%s' AND kind = 'authorize' AND status IN ('pending', 'unknown')
        """
            .formatted(merchant()));
  }
}
