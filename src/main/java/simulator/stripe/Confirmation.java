package simulator.stripe;

import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import simulator.Authorization;
import simulator.AuthorizationRequest;
import simulator.AuthorizationResult;
import simulator.AuthorizationResult.Approved;
import simulator.AuthorizationResult.ChallengeRequired;
import simulator.AuthorizationResult.Declined;
import simulator.Ids;

/** What happens between a payment intent and the bank when money is asked for. */
final class Confirmation {
  private static final Set<String> CHALLENGE_WANTED = Set.of("any", "challenge");

  private final StripeWorld world;
  private final PaymentMethods paymentMethods;

  Confirmation(StripeWorld world, PaymentMethods paymentMethods) {
    this.world = world;
    this.paymentMethods = paymentMethods;
  }

  /**
   * The payment method a request names or describes, if it may pay this customer's payment; null
   * when it names none.
   */
  @Nullable PaymentMethod named(StripeCall call, @Nullable String customer) {
    Params params = call.params();
    String id = params.text("payment_method");
    if (id == null) {
      return params.has("payment_method_data")
          ? paymentMethods.fromData(call.account(), params)
          : null;
    }
    PaymentMethod method = paymentMethods.find(call.account(), id);
    if (method == null) {
      throw StripeError.noSuchParam("PaymentMethod", id, "payment_method");
    }
    if (method.consumed()) {
      throw PaymentMethods.usedUp("payment_method");
    }
    if (method.customer() != null && !method.customer().equals(customer)) {
      throw StripeError.invalid(
          null,
          "payment_method",
          "The PaymentMethod "
              + id
              + " belongs to a Customer. Please include the Customer in the `customer` parameter on"
              + " the PaymentIntent.");
    }
    return method;
  }

  /** Asks the bank, and moves the intent accordingly; a decline is thrown once it is on record. */
  void confirm(StripeCall call, PaymentIntent intent, PaymentMethod method) {
    intent.amountMinor += call.skewMinor();
    intent.paymentMethod = method.id();
    intent.lastPaymentError = null;
    if (call.params().has("return_url")) {
      intent.returnUrl = call.params().text("return_url");
    }
    String offSession = call.params().text("off_session");
    AuthorizationResult result =
        world
            .bank()
            .authorize(
                request(
                    intent,
                    method,
                    offSession != null && !offSession.equals("false"),
                    false,
                    call.idempotencyKey()));
    if (result instanceof ChallengeRequired && call.params().flag("error_on_requires_action")) {
      failedAuthentication(intent, method, "authentication_required");
      call.account().save(intent);
      throw declined(intent);
    }
    apply(call.account(), intent, method, result);
    if (result instanceof ChallengeRequired) {
      intent.confirmationKey = call.idempotencyKey();
    }
    call.account().save(intent);
    if (result instanceof Declined) {
      throw declined(intent);
    }
  }

  /** The cardholder's answer to a challenge. */
  void authenticated(StripeAccount account, PaymentIntent intent, boolean passed) {
    PaymentMethod method = account.paymentMethod(intent.paymentMethod).orElseThrow();
    if (passed) {
      apply(
          account,
          intent,
          method,
          world.bank().authorize(request(intent, method, false, true, intent.confirmationKey)));
    } else {
      failedAuthentication(intent, method, "payment_intent_authentication_failure");
    }
    intent.confirmationKey = null;
    account.save(intent);
  }

  private AuthorizationRequest request(
      PaymentIntent intent,
      PaymentMethod method,
      boolean offSession,
      boolean authenticated,
      @Nullable String idempotencyKey) {
    String threeDSecure =
        new Params(intent.attributes)
            .nested("payment_method_options", "card", "request_three_d_secure");
    return new AuthorizationRequest(
        Ids.next("ch_"),
        intent.account,
        intent.id,
        method.id(),
        method.card(),
        idempotencyKey,
        intent.metadata,
        intent.amountMinor,
        intent.currency,
        !intent.manualCapture(),
        offSession,
        method.setUp(),
        threeDSecure != null && CHALLENGE_WANTED.contains(threeDSecure),
        authenticated);
  }

  private void apply(
      StripeAccount account,
      PaymentIntent intent,
      PaymentMethod method,
      AuthorizationResult result) {
    switch (result) {
      case Approved approved -> {
        charged(intent, approved.authorization());
        intent.status =
            intent.manualCapture() ? PaymentIntent.REQUIRES_CAPTURE : PaymentIntent.SUCCEEDED;
        settleMethod(account, intent, method);
      }
      case Declined declined -> {
        charged(intent, declined.authorization());
        JsonObject error =
            cardError(Declines.of(declined.reason()))
                .put("charge", declined.authorization().id())
                .put("payment_method", PaymentMethodJson.of(method));
        if (!declined.reason().networkCode().isEmpty()) {
          error.put("network_decline_code", declined.reason().networkCode());
        }
        failed(intent, error);
      }
      case ChallengeRequired required -> intent.status = PaymentIntent.REQUIRES_ACTION;
    }
  }

  private static void charged(PaymentIntent intent, Authorization authorization) {
    intent.latestCharge = authorization.id();
    intent.charges.add(authorization.id());
  }

  /**
   * A card that paid without a customer is used up; one that shall pay again is the customer's now.
   */
  private static void settleMethod(
      StripeAccount account, PaymentIntent intent, PaymentMethod method) {
    boolean forLater = intent.attributes.getString("setup_future_usage") != null;
    if (intent.customer == null) {
      account.save(method.usedUp());
    } else if (forLater) {
      account.save(method.attachedTo(intent.customer).madeForLater());
    } else if (method.customer() == null) {
      account.save(method.usedUp());
    }
  }

  private static void failedAuthentication(
      PaymentIntent intent, PaymentMethod method, String code) {
    failed(
        intent,
        new JsonObject()
            .put("code", code)
            .put("doc_url", StripeError.docUrl(code))
            .put(
                "message",
                "We are unable to authenticate your payment method. Please choose a different"
                    + " payment method and try again.")
            .put("payment_method", PaymentMethodJson.of(method))
            .put(
                "type",
                code.equals("authentication_required") ? "card_error" : "invalid_request_error"));
  }

  private static void failed(PaymentIntent intent, JsonObject error) {
    intent.lastPaymentError = error;
    intent.failures++;
    intent.paymentMethod = null;
    intent.status = PaymentIntent.REQUIRES_PAYMENT_METHOD;
  }

  private StripeError declined(PaymentIntent intent) {
    JsonObject error = intent.lastPaymentError;
    if (error == null) {
      throw new IllegalStateException("a declined intent has an error: " + intent.id);
    }
    return StripeError.declined(error).with("payment_intent", IntentJson.of(world, intent));
  }

  static JsonObject cardError(Declines decline) {
    JsonObject error =
        new JsonObject()
            .put("code", decline.code())
            .put("decline_code", decline.declineCode())
            .put("doc_url", StripeError.docUrl(decline.code()))
            .put("message", decline.message())
            .put("type", "card_error");
    if (decline.advice() != null) {
      error.put("advice_code", decline.advice());
    }
    if (decline.param() != null) {
      error.put("param", decline.param());
    }
    return error;
  }
}
