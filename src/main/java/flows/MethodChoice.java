package flows;

import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.CardChecks;
import payments.Parameters;
import payments.PaymentMethod;
import payments.PublicId;
import payments.Refusal;
import payments.RequestContext;

/**
 * Which payment method a request means. An id that we know is ours; any other is a token that the
 * PSP gave the merchant's page, and becomes a payment method of that id. Stripe's published test
 * tokens ({@code pm_card_visa}) stand for a new payment method each time.
 */
final class MethodChoice {
  private static final String TEST_TOKENS = "pm_card_";

  private final Services services;

  MethodChoice(Services services) {
    this.services = services;
  }

  /**
   * A chosen method.
   *
   * @param token the PSP's payment method, null where a card token is given
   * @param customerReference the PSP's customer it belongs to, where it is on file
   * @param isNew whether it has to be stored
   */
  record Chosen(
      PaymentMethod method,
      @Nullable String token,
      @Nullable String cardToken,
      @Nullable String customerReference,
      boolean isNew) {
    @Nullable PaymentMethod toStore() {
      return isNew ? method : null;
    }
  }

  /**
   * What a request asks to pay with.
   *
   * @param paymentMethod an id or a token
   * @param cardToken a single-use card token instead
   * @param request the request's kept parameters, whose payment_method_data a new method takes over
   */
  record Asked(
      @Nullable String paymentMethod,
      @Nullable String cardToken,
      Parameters billingDetails,
      Parameters request) {

    private Parameters ofMethod() {
      var all = new LinkedHashMap<>(request.map("payment_method_data"));
      if (!billingDetails.values().isEmpty()) {
        all.put("billing_details", billingDetails.values());
      }
      return new Parameters(all);
    }
  }

  /** The method a request means, or empty where it names none. */
  Future<Optional<Chosen>> choose(
      RequestContext context, Asked asked, @Nullable UUID customerId, String accountId) {
    String cardToken = asked.cardToken;
    if (cardToken != null) {
      var method = newMethod(context, freshId(), accountId, cardToken, asked.ofMethod());
      return Future.succeededFuture(Optional.of(new Chosen(method, null, cardToken, null, true)));
    }
    String id = asked.paymentMethod;
    if (id == null) {
      return Future.succeededFuture(Optional.empty());
    }
    if (isTestToken(context, id)) {
      var method = newMethod(context, freshId(), accountId, id, asked.ofMethod());
      return Future.succeededFuture(Optional.of(new Chosen(method, id, null, null, true)));
    }
    return services
        .methods()
        .find(context.merchantId(), context.livemode(), id)
        .compose(
            known ->
                known.isEmpty()
                    ? Future.succeededFuture(
                        new Chosen(
                            newMethod(context, id, accountId, id, asked.ofMethod()),
                            id,
                            null,
                            null,
                            true))
                    : known(context, known.get(), customerId, accountId))
        .map(Optional::of);
  }

  /** Whether an id is one of Stripe's published test tokens, where those mean something. */
  static boolean isTestToken(RequestContext context, String id) {
    return id.startsWith(TEST_TOKENS) && !context.livemode();
  }

  private Future<Chosen> known(
      RequestContext context, PaymentMethod method, @Nullable UUID customerId, String accountId) {
    UUID owner = method.customerId();
    if (owner != null && !owner.equals(customerId)) {
      return Future.failedFuture(
          new Refused(
              Refusal.of(
                  Refusal.Code.PARAMETER_INVALID,
                  "The payment method "
                      + method.id()
                      + " belongs to the customer "
                      + PublicId.CUSTOMER.of(owner)
                      + ". Please include the customer in the `customer` parameter on the"
                      + " PaymentIntent.",
                  "payment_method")));
    }
    String token = method.tokens().get(accountId);
    if (token == null) {
      return Future.failedFuture(
          new Refused(
              Refusal.of(
                  Refusal.Code.PARAMETER_INVALID,
                  "The payment method "
                      + method.id()
                      + " is not known at the payment provider of this payment.",
                  "payment_method")));
    }
    boolean single = method.card() == null && !token.startsWith("pm_");
    if (owner == null) {
      return Future.succeededFuture(
          new Chosen(method, single ? null : token, single ? token : null, null, false));
    }
    return services
        .customers()
        .pspReference(context.merchantId(), owner, accountId)
        .map(reference -> new Chosen(method, token, null, reference.orElse(null), false));
  }

  private String freshId() {
    return PublicId.PAYMENT_METHOD.of(services.ids().next());
  }

  private PaymentMethod newMethod(
      RequestContext context, String id, String accountId, String token, Parameters parameters) {
    return new PaymentMethod(
        context.merchantId(),
        context.livemode(),
        id,
        services.clock().instant(),
        null,
        null,
        CardChecks.NONE,
        Map.of(accountId, token),
        parameters);
  }
}
