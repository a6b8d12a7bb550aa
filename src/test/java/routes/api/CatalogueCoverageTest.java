package routes.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.annotations.SerializedName;
import com.stripe.param.ChargeListParams;
import com.stripe.param.ChargeRetrieveParams;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.CustomerListParams;
import com.stripe.param.CustomerPaymentMethodListParams;
import com.stripe.param.CustomerPaymentMethodRetrieveParams;
import com.stripe.param.CustomerRetrieveParams;
import com.stripe.param.CustomerUpdateParams;
import com.stripe.param.EventListParams;
import com.stripe.param.EventRetrieveParams;
import com.stripe.param.PaymentIntentCancelParams;
import com.stripe.param.PaymentIntentCaptureParams;
import com.stripe.param.PaymentIntentConfirmParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentIntentListParams;
import com.stripe.param.PaymentIntentRetrieveParams;
import com.stripe.param.PaymentIntentUpdateParams;
import com.stripe.param.PaymentMethodAttachParams;
import com.stripe.param.PaymentMethodDetachParams;
import com.stripe.param.PaymentMethodListParams;
import com.stripe.param.PaymentMethodRetrieveParams;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.RefundListParams;
import com.stripe.param.RefundRetrieveParams;
import com.stripe.param.RefundUpdateParams;
import com.stripe.param.WebhookEndpointCreateParams;
import com.stripe.param.WebhookEndpointListParams;
import com.stripe.param.WebhookEndpointRetrieveParams;
import com.stripe.param.WebhookEndpointUpdateParams;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every parameter that stripe-java knows of an endpoint is in our catalogue, served or refused by
 * name: an update of stripe-java with new ones fails here, instead of at a merchant.
 */
class CatalogueCoverageTest {

  static Stream<Arguments> endpoints() {
    return Stream.of(
        Arguments.of(PaymentIntentCreateParams.class, PaymentIntentParameters.CREATE),
        Arguments.of(PaymentIntentUpdateParams.class, PaymentIntentParameters.UPDATE),
        Arguments.of(PaymentIntentConfirmParams.class, PaymentIntentParameters.CONFIRM),
        Arguments.of(PaymentIntentCaptureParams.class, PaymentIntentParameters.CAPTURE),
        Arguments.of(PaymentIntentCancelParams.class, PaymentIntentParameters.CANCEL),
        Arguments.of(PaymentIntentRetrieveParams.class, PaymentIntentParameters.RETRIEVE),
        Arguments.of(PaymentIntentListParams.class, PaymentIntentParameters.LIST),
        Arguments.of(RefundCreateParams.class, RefundParameters.CREATE),
        Arguments.of(RefundUpdateParams.class, RefundParameters.UPDATE),
        Arguments.of(RefundRetrieveParams.class, RefundParameters.RETRIEVE),
        Arguments.of(RefundListParams.class, RefundParameters.LIST),
        Arguments.of(ChargeRetrieveParams.class, ChargeParameters.RETRIEVE),
        Arguments.of(ChargeListParams.class, ChargeParameters.LIST),
        Arguments.of(CustomerCreateParams.class, CustomerParameters.CREATE),
        Arguments.of(CustomerUpdateParams.class, CustomerParameters.UPDATE),
        Arguments.of(CustomerRetrieveParams.class, CustomerParameters.RETRIEVE),
        Arguments.of(CustomerListParams.class, CustomerParameters.LIST),
        Arguments.of(
            CustomerPaymentMethodListParams.class, PaymentMethodParameters.LIST_OF_CUSTOMER),
        Arguments.of(CustomerPaymentMethodRetrieveParams.class, PaymentMethodParameters.RETRIEVE),
        Arguments.of(PaymentMethodListParams.class, PaymentMethodParameters.LIST),
        Arguments.of(PaymentMethodRetrieveParams.class, PaymentMethodParameters.RETRIEVE),
        Arguments.of(PaymentMethodAttachParams.class, PaymentMethodParameters.ATTACH),
        Arguments.of(PaymentMethodDetachParams.class, PaymentMethodParameters.DETACH),
        Arguments.of(WebhookEndpointCreateParams.class, WebhookEndpointParameters.CREATE),
        Arguments.of(WebhookEndpointUpdateParams.class, WebhookEndpointParameters.UPDATE),
        Arguments.of(WebhookEndpointRetrieveParams.class, WebhookEndpointParameters.RETRIEVE),
        Arguments.of(WebhookEndpointListParams.class, WebhookEndpointParameters.LIST),
        Arguments.of(EventListParams.class, EventParameters.LIST),
        Arguments.of(EventRetrieveParams.class, EventParameters.RETRIEVE));
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void holdsEveryParameterOfStripes(Class<?> params, ParameterCatalogue catalogue) {
    assertThat(catalogue.names()).containsAll(names(params));
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void inventsNoParameter(Class<?> params, ParameterCatalogue catalogue) {
    // client_secret at confirm is what browsers send; stripe-java is for servers and lacks it.
    Set<String> known = names(params);
    known.add("client_secret");
    assertThat(known).containsAll(catalogue.names());
  }

  static Stream<Arguments> hashes() {
    return Stream.of(
        Arguments.of(PaymentIntentCreateParams.PaymentMethodData.class, "payment_method_data"),
        Arguments.of(
            PaymentIntentCreateParams.PaymentMethodOptions.class, "payment_method_options"),
        Arguments.of(PaymentIntentCreateParams.Shipping.class, "shipping"),
        Arguments.of(PaymentIntentCreateParams.MandateData.class, "mandate_data"),
        Arguments.of(
            PaymentIntentCreateParams.AutomaticPaymentMethods.class, "automatic_payment_methods"));
  }

  @ParameterizedTest
  @MethodSource("hashes")
  void holdsEveryFieldOfAHash(Class<?> params, String name) {
    assertThat(hash(PaymentIntentParameters.CREATE, name).names()).containsAll(names(params));
  }

  @Test
  void holdsEveryOptionOfCards() {
    var options = hash(PaymentIntentParameters.CREATE, "payment_method_options");
    assertThat(hash(options, "card").names())
        .containsAll(names(PaymentIntentCreateParams.PaymentMethodOptions.Card.class));
  }

  private static ParameterCatalogue hash(ParameterCatalogue catalogue, String name) {
    return catalogue.entries().stream()
        .filter(entry -> entry.getKey().equals(name))
        .map(Map.Entry::getValue)
        .map(parameter -> ((ParameterType.Hash) parameter.type()).fields())
        .findFirst()
        .orElseThrow();
  }

  private static Set<String> names(Class<?> params) {
    var names = new TreeSet<String>();
    for (Field field : params.getDeclaredFields()) {
      SerializedName name = field.getAnnotation(SerializedName.class);
      if (name != null && !name.value().startsWith("_stripe_java")) {
        names.add(name.value());
      }
    }
    assertThat(names).isNotEmpty();
    return names;
  }
}
