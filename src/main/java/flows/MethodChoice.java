package flows;

import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
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
  private static final String METHOD = "payment_method";
  private static final String CARD_TOKEN = "payment_method_data[card][token]";

  private final Services services;
  private final TokenHome tokenHome;

  MethodChoice(Services services) {
    this.services = services;
    this.tokenHome = new TokenHome(services);
  }

  /**
   * What a payment is to be paid with, wherever it goes: the accounts that know it are those of its
   * tokens.
   *
   * @param isNew whether it has to be stored
   * @param isCardToken whether it is new and was given as a single-use card token
   */
  record Means(PaymentMethod method, boolean isNew, boolean isCardToken) {
    @Nullable PaymentMethod toStore() {
      return isNew ? method : null;
    }
  }

  /**
   * A chosen method, as one account knows it.
   *
   * @param token the PSP's payment method, null where a card token is given
   * @param customerReference the PSP's customer it belongs to, where it is on file
   */
  record Chosen(
      PaymentMethod method,
      @Nullable String token,
      @Nullable String cardToken,
      @Nullable String customerReference) {}

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
  Future<Optional<Means>> choose(RequestContext context, Asked asked, @Nullable UUID customerId) {
    String cardToken = asked.cardToken;
    if (cardToken != null) {
      var tokens = atHome(context, cardToken, customerId, CARD_TOKEN);
      var method = newMethod(context, freshId(), tokens, asked.ofMethod());
      return Future.succeededFuture(Optional.of(new Means(method, true, true)));
    }
    String id = asked.paymentMethod;
    if (id == null) {
      return Future.succeededFuture(Optional.empty());
    }
    if (isTestToken(context, id)) {
      var method = newMethod(context, freshId(), everywhere(context, id), asked.ofMethod());
      return Future.succeededFuture(Optional.of(new Means(method, true, false)));
    }
    return services
        .methods()
        .find(context.merchantId(), context.livemode(), id)
        .map(
            known ->
                known
                    .map(method -> known(context, method, customerId))
                    .orElseGet(
                        () ->
                            new Means(
                                newMethod(
                                    context,
                                    id,
                                    atHome(context, id, customerId, METHOD),
                                    asked.ofMethod()),
                                true,
                                false)))
        .map(Optional::of);
  }

  /** Whether an id is one of Stripe's published test tokens, where those mean something. */
  static boolean isTestToken(RequestContext context, String id) {
    return id.startsWith(TEST_TOKENS) && !context.livemode();
  }

  /** A test token stands for the same card at every test account. */
  private Map<String, String> everywhere(RequestContext context, String token) {
    return services.router().accounts(context.merchantId(), context.livemode()).stream()
        .collect(Collectors.toMap(account -> account, account -> token));
  }

  /** A token that a PSP gave the merchant's page, at its account, if it can be paid with there. */
  private Map<String, String> atHome(
      RequestContext context, String token, @Nullable UUID customerId, String param) {
    Optional<String> home = tokenHome.of(context, token);
    String customer = customerId == null ? null : PublicId.CUSTOMER.of(customerId);
    home.flatMap(account -> services.psps().psp(account).objection(token, customer))
        .ifPresent(
            objection -> {
              throw new Refused(Refusal.of(Refusal.Code.PARAMETER_INVALID, objection, param));
            });
    return home.map(account -> Map.of(account, token)).orElseGet(Map::of);
  }

  /** Nothing is left to pay with: what a browser's component gave was for one payment. */
  static Refused spent(PaymentMethod method) {
    return new Refused(
        Refusal.of(
            Refusal.Code.PARAMETER_INVALID,
            "The card data of the payment method "
                + method.id()
                + " was for one payment, and is not kept. Please collect the card again.",
            METHOD));
  }

  private Means known(RequestContext context, PaymentMethod method, @Nullable UUID customerId) {
    UUID owner = method.customerId();
    if (owner != null && !owner.equals(customerId)) {
      throw new Refused(
          Refusal.of(
              Refusal.Code.PARAMETER_INVALID,
              "The payment method "
                  + method.id()
                  + " belongs to the customer "
                  + PublicId.CUSTOMER.of(owner)
                  + ". Please include the customer in the `customer` parameter on the"
                  + " PaymentIntent.",
              METHOD));
    }
    if (method.tokens().isEmpty()) {
      throw spent(method);
    }
    if (services.router().accounts(context.merchantId(), context.livemode()).stream()
        .noneMatch(method.tokens()::containsKey)) {
      throw new Refused(
          Refusal.of(
              Refusal.Code.PARAMETER_INVALID,
              "The payment method "
                  + method.id()
                  + " is not known at the payment provider of this payment.",
              METHOD));
    }
    return new Means(method, false, false);
  }

  /** The method as an account knows it, which has to be one of those with a token of it. */
  Future<Chosen> at(RequestContext context, Means means, String accountId) {
    PaymentMethod method = means.method;
    String token = method.tokens().get(accountId);
    if (token == null) {
      throw new IllegalArgumentException("no token of " + method.id() + " at " + accountId);
    }
    boolean single =
        means.isNew ? means.isCardToken : method.card() == null && !token.startsWith("pm_");
    UUID owner = method.customerId();
    if (owner == null) {
      return Future.succeededFuture(
          new Chosen(method, single ? null : token, single ? token : null, null));
    }
    return services
        .customers()
        .pspReference(context.merchantId(), owner, accountId)
        .map(reference -> new Chosen(method, token, null, reference.orElse(null)));
  }

  private String freshId() {
    return PublicId.PAYMENT_METHOD.of(services.ids().next());
  }

  private PaymentMethod newMethod(
      RequestContext context, String id, Map<String, String> tokens, Parameters parameters) {
    return new PaymentMethod(
        context.merchantId(),
        context.livemode(),
        id,
        services.clock().instant(),
        null,
        null,
        CardChecks.NONE,
        tokens,
        parameters);
  }
}
