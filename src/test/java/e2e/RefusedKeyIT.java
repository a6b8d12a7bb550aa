package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import config.DataMode;
import config.KeyKind;
import config.KeySettings;
import config.MerchantSettings;
import config.PspKind;
import config.Secret;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import simulator.CallMatch;
import simulator.Fault;
import simulator.Operation;
import support.Books;
import support.TestGateway;

/**
 * An account whose key is wrong charges nobody, and says so itself: its share of the customers goes
 * to the merchant's other account, and its breaker opens.
 */
final class RefusedKeyIT {
  private static final int FAILURES = 3;
  private static final String OTHER_STRIPE = "sk_test_simulator_other_order";
  private static final String ADYEN = "adyen_test_simulator_first";
  private static final String OTHER_ADYEN = "adyen_test_simulator_second";

  private static TestGateway gateway;

  /** The PSP whose account is asked first, with the merchant's key. */
  enum First {
    ADYEN(TestGateway.SECRET_KEY, "adyen_one", RefusedKeyIT.ADYEN, "stripe_one"),
    STRIPE("sk_test_stripe_first", "stripe_two", OTHER_STRIPE, "adyen_two");

    private final String secretKey;
    private final String account;
    private final String pspKey;
    private final String other;

    First(String secretKey, String account, String pspKey, String other) {
      this.secretKey = secretKey;
      this.account = account;
      this.pspKey = pspKey;
      this.other = other;
    }
  }

  @BeforeAll
  static void start() {
    gateway =
        TestGateway.startWith(
            RefusedKeyIT::merchants,
            "--recovery.schedule=50ms,100ms",
            "--breaker.max-failures=" + FAILURES,
            "--breaker.window=60s",
            "--breaker.reset-after=60s");
  }

  @AfterAll
  static void close() {
    var books =
        new Books(
            gateway.database(),
            gateway.simulator(),
            TestGateway.PSP_KEY,
            OTHER_STRIPE,
            ADYEN,
            OTHER_ADYEN);
    books.balance();
    books.chargedOnce();
    gateway.close();
  }

  @AfterEach
  void noMoreFaults() {
    gateway.simulator().faults().clear();
  }

  private static List<MerchantSettings> merchants(List<MerchantSettings> demo) {
    var key =
        new KeySettings(
            "second_secret",
            KeyKind.SECRET,
            DataMode.TEST,
            null,
            new Secret("sk_test_stripe_first"));
    return List.of(
        new MerchantSettings(
            demo.getFirst().id(),
            demo.getFirst().keys(),
            List.of(
                AtSimulator.account("adyen_one", PspKind.ADYEN, ADYEN, 1),
                AtSimulator.account("stripe_one", PspKind.STRIPE, TestGateway.PSP_KEY, 2))),
        new MerchantSettings(
            "second",
            List.of(key),
            List.of(
                AtSimulator.account("stripe_two", PspKind.STRIPE, OTHER_STRIPE, 1),
                AtSimulator.account("adyen_two", PspKind.ADYEN, OTHER_ADYEN, 2))));
  }

  private static List<String> authorizations(String id) {
    return TwoAccounts.authorizations(gateway, id);
  }

  @ParameterizedTest
  @EnumSource
  void goesToTheOtherAccountUntilTheKeyIsRight(First first) {
    try (var till = new Till(gateway, first.secretKey)) {
      gateway
          .simulator()
          .faults()
          .always(CallMatch.of(Operation.AUTHORIZE).account(first.pspKey), Fault.unauthorized());
      for (int payment = 0; payment < FAILURES; payment++) {
        String id = till.pay(1_000).in("succeeded").id();
        assertThat(authorizations(id))
            .containsExactly(first.account + " failed", first.other + " succeeded");
        JsonObject operation =
            TwoAccounts.list(TwoAccounts.story(gateway, id).getJsonArray("operations")).getFirst();
        assertThat(operation.getString("elsewhere"))
            .isEqualTo("key_refused may be tried at another account");
      }
      assertThat(breaker(first.account)).isEqualTo("open");
      assertThat(authorizations(till.pay(1_000).in("succeeded").id()))
          .containsExactly(first.other + " succeeded");
      assertThat(gateway.simulator().truth().account(first.pspKey).approved()).isEmpty();
    }
  }

  private static String breaker(String account) {
    return TwoAccounts.list(
            new JsonObject(gateway.operator("/ops/psp-accounts").body()).getJsonArray("data"))
        .stream()
        .filter(it -> account.equals(it.getString("psp_account")))
        .findFirst()
        .orElseThrow()
        .getJsonObject("breakers")
        .getString("authorize");
  }
}
