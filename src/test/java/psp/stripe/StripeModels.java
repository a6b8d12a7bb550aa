package psp.stripe;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.model.PaymentMethod;
import com.stripe.model.StripeError;
import com.stripe.net.ApiMode;
import com.stripe.net.ApiResource.RequestMethod;
import com.stripe.net.HttpClient;
import com.stripe.net.HttpHeaders;
import com.stripe.net.StripeRequest;
import com.stripe.net.StripeResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import psp.stripe.StripeObjects.ApiError;
import psp.stripe.StripeObjects.Authentication;
import psp.stripe.StripeObjects.Card;
import psp.stripe.StripeObjects.Charge;
import psp.stripe.StripeObjects.Checks;
import psp.stripe.StripeObjects.Dispute;
import psp.stripe.StripeObjects.Intent;
import psp.stripe.StripeObjects.Method;
import psp.stripe.StripeObjects.Outcome;
import psp.stripe.StripeObjects.Refund;

/** Stripe's objects as stripe-java's own models read them: what {@link StripeReader} is held to. */
final class StripeModels {
  private StripeModels() {}

  static Intent intent(String json) throws StripeException {
    return intent((PaymentIntent) client(200, json).deserialize(json, ApiMode.V1));
  }

  static Refund refund(String json) throws StripeException {
    var refund = (com.stripe.model.Refund) client(200, json).deserialize(json, ApiMode.V1);
    return new Refund(
        refund.getObject(),
        refund.getId(),
        refund.getStatus(),
        refund.getAmount(),
        refund.getCurrency(),
        refund.getCharge(),
        refund.getPaymentIntent(),
        refund.getReason(),
        refund.getFailureReason(),
        operationKey(refund.getMetadata()),
        refund.getCreated());
  }

  static Dispute dispute(String json) throws StripeException {
    var dispute = (com.stripe.model.Dispute) client(200, json).deserialize(json, ApiMode.V1);
    return new Dispute(
        dispute.getObject(),
        dispute.getId(),
        dispute.getStatus(),
        dispute.getAmount(),
        dispute.getCurrency(),
        dispute.getPaymentIntent(),
        dispute.getReason(),
        dispute.getCreated());
  }

  static Method method(String json) throws StripeException {
    return method(client(200, json).v1().paymentMethods().retrieve("pm_1"));
  }

  /** What stripe-java throws at an answer. */
  static Optional<ApiError> error(String json) {
    try {
      client(402, json).rawRequest(RequestMethod.POST, "/v1/payment_intents", "");
      throw new AssertionError("not thrown at " + json);
    } catch (StripeException e) {
      return Optional.ofNullable(e.getStripeError()).map(StripeModels::error);
    }
  }

  private static StripeClient client(int status, String body) {
    return StripeClient.builder()
        .setApiKey("sk_test_secret")
        .setMaxNetworkRetries(0)
        .setHttpClient(
            new HttpClient() {
              @Override
              public StripeResponse request(StripeRequest request) throws StripeException {
                return VertxStripeHttpClient.readable(
                    new StripeResponse(status, HttpHeaders.of(Map.of("a", List.of("b"))), body));
              }
            })
        .build();
  }

  private static Intent intent(PaymentIntent intent) {
    var action = intent.getNextAction();
    var redirect = action == null ? null : action.getRedirectToUrl();
    return new Intent(
        intent.getObject(),
        intent.getId(),
        intent.getStatus(),
        intent.getAmount(),
        intent.getAmountReceived(),
        intent.getAmountCapturable(),
        intent.getCurrency(),
        intent.getPaymentMethod(),
        intent.getPaymentMethodObject() == null ? null : method(intent.getPaymentMethodObject()),
        intent.getLatestCharge(),
        intent.getLatestChargeObject() == null ? null : charge(intent.getLatestChargeObject()),
        intent.getLastPaymentError() == null ? null : error(intent.getLastPaymentError()),
        redirect == null ? null : redirect.getUrl(),
        intent.getCancellationReason(),
        operationKey(intent.getMetadata()),
        intent.getCreated());
  }

  private static @Nullable String operationKey(@Nullable Map<String, String> metadata) {
    return metadata == null ? null : metadata.get("operation_id");
  }

  private static Charge charge(com.stripe.model.Charge charge) {
    var details = charge.getPaymentMethodDetails();
    var outcome = charge.getOutcome();
    return new Charge(
        charge.getId(),
        outcome == null
            ? null
            : new Outcome(
                outcome.getNetworkStatus(),
                outcome.getType(),
                outcome.getReason(),
                outcome.getRiskLevel(),
                outcome.getRiskScore(),
                outcome.getSellerMessage(),
                outcome.getNetworkDeclineCode(),
                outcome.getNetworkAdviceCode()),
        details == null || details.getCard() == null ? null : card(details.getCard()));
  }

  private static Card card(com.stripe.model.Charge.PaymentMethodDetails.Card card) {
    var checks = card.getChecks();
    var secure = card.getThreeDSecure();
    return new Card(
        card.getBrand(),
        card.getLast4(),
        card.getExpMonth(),
        card.getExpYear(),
        card.getFunding(),
        card.getCountry(),
        card.getFingerprint(),
        card.getNetwork(),
        checks == null
            ? null
            : new Checks(
                checks.getAddressLine1Check(),
                checks.getAddressPostalCodeCheck(),
                checks.getCvcCheck()),
        card.getNetworkTransactionId(),
        card.getAuthorizationCode(),
        secure == null
            ? null
            : new Authentication(
                secure.getResult(),
                secure.getAuthenticationFlow(),
                secure.getVersion(),
                secure.getElectronicCommerceIndicator(),
                secure.getExemptionIndicator(),
                secure.getResultReason(),
                secure.getTransactionId()));
  }

  private static Method method(PaymentMethod method) {
    PaymentMethod.Card card = method.getCard();
    var billing = new LinkedHashMap<String, Object>();
    var told = method.getBillingDetails();
    if (told != null) {
      if (told.getAddress() != null) {
        var address = new LinkedHashMap<String, Object>();
        put(address, "city", told.getAddress().getCity());
        put(address, "country", told.getAddress().getCountry());
        put(address, "line1", told.getAddress().getLine1());
        put(address, "line2", told.getAddress().getLine2());
        put(address, "postal_code", told.getAddress().getPostalCode());
        put(address, "state", told.getAddress().getState());
        put(billing, "address", address.isEmpty() ? null : address);
      }
      put(billing, "email", told.getEmail());
      put(billing, "name", told.getName());
      put(billing, "phone", told.getPhone());
    }
    return new Method(method.getId(), card == null ? null : card(card), billing);
  }

  private static Card card(PaymentMethod.Card card) {
    var checks = card.getChecks();
    return new Card(
        card.getBrand(),
        card.getLast4(),
        card.getExpMonth(),
        card.getExpYear(),
        card.getFunding(),
        card.getCountry(),
        card.getFingerprint(),
        card.getNetworks() == null ? null : card.getNetworks().getPreferred(),
        checks == null
            ? null
            : new Checks(
                checks.getAddressLine1Check(),
                checks.getAddressPostalCodeCheck(),
                checks.getCvcCheck()),
        null,
        null,
        null);
  }

  private static void put(Map<String, Object> map, String name, @Nullable Object value) {
    if (value != null) {
      map.put(name, value);
    }
  }

  private static ApiError error(StripeError error) {
    return new ApiError(
        error.getType(),
        error.getCode(),
        error.getDeclineCode(),
        error.getMessage(),
        error.getParam(),
        error.getAdviceCode(),
        error.getNetworkAdviceCode(),
        error.getNetworkDeclineCode(),
        error.getCharge(),
        error.getPaymentIntent() == null ? null : intent(error.getPaymentIntent()),
        error.getPaymentMethod() == null ? null : method(error.getPaymentMethod()));
  }
}
