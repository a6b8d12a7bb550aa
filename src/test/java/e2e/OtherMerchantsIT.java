package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.net.RequestOptions;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.PaymentIntentConfirmParams;
import com.stripe.param.RefundCreateParams;
import com.stripe.service.V1Services;
import config.DataMode;
import config.KeyKind;
import config.KeySettings;
import config.MerchantSettings;
import config.PspAccountSettings;
import config.PspKind;
import config.Secret;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import support.TestGateway;

/** Merchants, and the test and live mode of one merchant, know nothing of each other. */
final class OtherMerchantsIT {
  private static final String OTHER = "sk_test_other_merchant";
  private static final String LIVE = "sk_live_demo_merchant";

  private static Shop shop;

  @BeforeAll
  static void open() {
    shop = Shop.at(TestGateway.startWith(OtherMerchantsIT::more));
  }

  @AfterAll
  static void audit() {
    try (var closing = shop) {
      closing.audit();
    }
  }

  private static List<MerchantSettings> more(List<MerchantSettings> merchants) {
    MerchantSettings demo = merchants.getFirst();
    var keys = new ArrayList<>(demo.keys());
    keys.add(key("demo_live", DataMode.LIVE, LIVE));
    var accounts = new ArrayList<>(demo.pspAccounts());
    accounts.add(account("stripe_demo_live", DataMode.LIVE, "sk_live_simulator"));
    return List.of(
        new MerchantSettings(demo.id(), keys, accounts),
        new MerchantSettings(
            "other",
            List.of(key("other_secret", DataMode.TEST, OTHER)),
            List.of(account("stripe_other", DataMode.TEST, "sk_test_simulator_other"))));
  }

  private static KeySettings key(String id, DataMode mode, String value) {
    return new KeySettings(id, KeyKind.SECRET, mode, null, new Secret(value));
  }

  private static PspAccountSettings account(String id, DataMode mode, String key) {
    return new PspAccountSettings(
        id,
        PspKind.STRIPE,
        mode,
        URI.create("http://127.0.0.1:1"),
        new Secret(key),
        null,
        null,
        null,
        100,
        100);
  }

  private static V1Services as(String key) {
    return shop.client(key).v1();
  }

  @ParameterizedTest
  @ValueSource(strings = {OTHER, LIVE})
  void findNothingOfEachOther(String key) throws StripeException {
    PaymentIntent paid = shop.pay(Shop.VISA);
    PaymentIntent held = shop.hold(Shop.VISA);
    String refund = shop.refund(paid, 100).getId();
    String customer =
        shop.customers().create(CustomerCreateParams.builder().setName("Ada").build()).getId();
    for (Call call :
        List.<Call>of(
            () -> as(key).paymentIntents().retrieve(paid.getId()),
            () -> as(key).paymentIntents().update(paid.getId()),
            () ->
                as(key)
                    .paymentIntents()
                    .confirm(
                        held.getId(),
                        PaymentIntentConfirmParams.builder().setPaymentMethod(Shop.VISA).build()),
            () -> as(key).paymentIntents().capture(held.getId()),
            () -> as(key).paymentIntents().cancel(held.getId()),
            () -> as(key).charges().retrieve(paid.getLatestCharge()),
            () -> as(key).refunds().retrieve(refund),
            () -> as(key).refunds().update(refund),
            () -> as(key).customers().retrieve(customer),
            () -> as(key).customers().update(customer),
            () -> as(key).customers().delete(customer),
            () -> as(key).customers().paymentMethods().list(customer))) {
      var missing = catchThrowableOfType(InvalidRequestException.class, call::run);
      assertThat(missing.getStatusCode()).isEqualTo(404);
      assertThat(missing.getCode()).isEqualTo("resource_missing");
    }
    var refunded =
        catchThrowableOfType(
            InvalidRequestException.class,
            () ->
                as(key)
                    .refunds()
                    .create(RefundCreateParams.builder().setPaymentIntent(paid.getId()).build()));
    assertThat(refunded.getCode()).isEqualTo("resource_missing");
    var withCustomer =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> as(key).paymentIntents().create(Shop.order().setCustomer(customer).build()));
    assertThat(withCustomer.getParam()).isEqualTo("customer");
    assertThat(as(key).charges().list().getData()).isEmpty();
    assertThat(as(key).refunds().list().getData()).isEmpty();
    assertThat(as(key).customers().list().getData()).isEmpty();
    assertThat(shop.now(held).getStatus()).isEqualTo("requires_capture");
    shop.payments().cancel(held.getId());
  }

  @Test
  void mayUseTheSameIdempotencyKey() throws StripeException {
    var options = RequestOptions.builder().setIdempotencyKey("order-1").build();
    var mine = shop.payments().create(Shop.order().build(), options);
    var theirs = as(OTHER).paymentIntents().create(Shop.order().build(), options);
    var live = as(LIVE).paymentIntents().create(Shop.order().build(), options);
    assertThat(List.of(mine.getId(), theirs.getId(), live.getId())).doesNotHaveDuplicates();
    assertThat(live.getLivemode()).isTrue();
    assertThat(theirs.getLivemode()).isFalse();
  }

  /** One call of the SDK. */
  private interface Call {
    void run() throws StripeException;
  }
}
