package simulator.adyen;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import simulator.AuthorizationRequest;
import simulator.BankResult.Done;
import simulator.DeclineReason;
import simulator.Operation;
import simulator.TestCard;
import simulator.TestCard.Authentication;

/** {@code /payments}, {@code /payments/details} and {@code /storedPaymentMethods}. */
final class Payments {
  private static final Set<String> FIELDS =
      Set.of(
          "accountInfo",
          "additionalData",
          "amount",
          "applicationInfo",
          "authenticationData",
          "billingAddress",
          "browserInfo",
          "captureDelayHours",
          "channel",
          "countryCode",
          "deliveryAddress",
          "deviceFingerprint",
          "enableOneClick",
          "enableRecurring",
          "fraudOffset",
          "lineItems",
          "merchantAccount",
          "merchantOrderReference",
          "metadata",
          "mpiData",
          "origin",
          "paymentMethod",
          "recurringProcessingModel",
          "redirectFromIssuerMethod",
          "redirectToIssuerMethod",
          "reference",
          "returnUrl",
          "riskData",
          "shopperEmail",
          "shopperIP",
          "shopperInteraction",
          "shopperLocale",
          "shopperName",
          "shopperReference",
          "shopperStatement",
          "storePaymentMethod",
          "telephoneNumber",
          "threeDS2RequestData",
          "threeDSAuthenticationOnly");
  private static final int AUTH_CODES = 1_000_000;

  private final AdyenWorld world;
  private final StoredCards cards = new StoredCards();
  private boolean usuallyCapturedAtOnce = true;
  private boolean captureWaits;
  private boolean bareDetails;

  Payments(AdyenWorld world) {
    this.world = world;
  }

  /** Whether payments are captured at once where their request does not say. */
  void usuallyCapturedAtOnce(boolean atOnce) {
    usuallyCapturedAtOnce = atOnce;
  }

  /** Whether what is captured at once is only captured at the next settlement. */
  void captureWaits(boolean waits) {
    captureWaits = waits;
  }

  /** Whether details are answered with a new reference, and without what is optional. */
  void bareDetails(boolean bare) {
    bareDetails = bare;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.post("payments", Operation.AUTHORIZE, 200, FIELDS, this::pay),
        Endpoint.post(
            "payments/details",
            Operation.COMPLETE_AUTHENTICATION,
            200,
            Set.of("authenticationData", "details", "paymentData", "threeDSAuthenticationOnly"),
            this::details),
        Endpoint.post(
            "storedPaymentMethods", Operation.OTHER, 201, StoredCards.FIELDS, cards::store),
        Endpoint.get("storedPaymentMethods", Operation.OTHER, 200, cards::list),
        Endpoint.delete("storedPaymentMethods/*", Operation.OTHER, 204, cards::forget));
  }

  private JsonObject pay(AdyenCall call) {
    JsonObject request = call.body();
    call.merchantAccount();
    JsonObject amount = call.amount(true);
    if (request.getString(AdyenPayment.REFERENCE, "").isEmpty()) {
      throw AdyenError.invalid("130", "Reference Missing");
    }
    Limits.check(request);
    if (request.getString("returnUrl", "").isEmpty()) {
      throw AdyenError.invalid("14_030", "Return URL is missing.");
    }
    StoredCard stored = storedCard(call);
    AdyenPayment payment =
        new AdyenPayment(
            PspReference.next(),
            call.account().id(),
            request,
            card(request, stored),
            call.idempotencyKey(),
            amount.getLong("value") + call.skewMinor());
    readable(payment);
    boolean mustAsk = asks(payment, stored);
    if (mustAsk && payment.withShopper()) {
      call.account().save(payment);
      return PaymentJson.redirect(payment, world.baseUrl());
    }
    payment.token = stored == null ? null : stored.id();
    end(call.account(), payment, mustAsk ? Outcome.NEEDS_CARDHOLDER : outcome(payment));
    return PaymentJson.result(payment);
  }

  /** Reads what is looked at only later, so that a wrong type is found before money moves. */
  private void readable(AdyenPayment payment) {
    payment.capturedAtOnce(usuallyCapturedAtOnce);
    payment.savedFor();
    payment.request.getString("recurringProcessingModel");
    outcome(payment);
  }

  private static @Nullable StoredCard storedCard(AdyenCall call) {
    if (!(call.body().getValue("paymentMethod") instanceof JsonObject method)) {
      throw AdyenError.invalid("14_004", "Missing payment method details: paymentMethod");
    }
    String token =
        method.getString("storedPaymentMethodId", method.getString("recurringDetailReference"));
    if (token == null) {
      return null;
    }
    StoredCard stored = call.account().storedCard(token);
    if (stored == null
        || !stored.shopperReference().equals(call.body().getString("shopperReference"))) {
      throw AdyenError.invalid("800", "Contract not found");
    }
    return stored;
  }

  private static PaymentCard card(JsonObject request, @Nullable StoredCard stored) {
    JsonObject method = request.getJsonObject("paymentMethod");
    if (stored != null) {
      return stored
          .card()
          .heldBy(method.getString("holderName"))
          .withCvc(PaymentCard.cvcOf(method));
    }
    if (!Set.of("scheme", "card").contains(method.getString("type", "scheme"))) {
      throw AdyenError.invalid("14_004", "Unsupported payment method: " + method.getString("type"));
    }
    return PaymentCard.of(method);
  }

  /** Whether the issuer asks for the cardholder. */
  private static boolean asks(AdyenPayment payment, @Nullable StoredCard stored) {
    JsonObject authentication = payment.request.getJsonObject("authenticationData");
    String attempt =
        authentication == null ? null : authentication.getString("attemptAuthentication");
    if (Objects.equals(attempt, "never") || payment.request.containsKey("mpiData")) {
      return false;
    }
    if (payment.card.card().authentication() == Authentication.ALWAYS) {
      return payment.withShopper() || stored == null || !stored.authenticated();
    }
    return Objects.equals(attempt, "always") && payment.withShopper();
  }

  /** What the request asks for, or its risk, or the card. */
  private Outcome outcome(AdyenPayment payment) {
    if (PaymentJson.blocked(payment)) {
      return Outcome.FRAUD;
    }
    JsonObject additional = payment.request.getJsonObject("additionalData");
    Outcome asked =
        Outcome.ofCode(
                additional == null
                    ? null
                    : additional.getString("RequestedTestAcquirerResponseCode"))
            .orElseGet(() -> Outcome.ofHolder(payment.card.holderName()));
    return asked.equals(Outcome.APPROVED) && payment.card.expired(world.now())
        ? Outcome.EXPIRED
        : asked;
  }

  private void end(AdyenAccount account, AdyenPayment payment, Outcome outcome) {
    payment.code = outcome.code();
    payment.resultCode = outcome.resultCode();
    if (!outcome.resultCode().equals(Outcome.RECEIVED)) {
      decide(account, payment, outcome);
    }
    account.save(payment);
  }

  /** The bank has its word on record before it is told. */
  private void decide(AdyenAccount account, AdyenPayment payment, Outcome outcome) {
    TestCard card = payment.card.card().authentication(Authentication.UNSUPPORTED);
    DeclineReason decline = outcome.decline();
    boolean taken = payment.amountMinor > 0 && payment.capturedAtOnce(usuallyCapturedAtOnce);
    world
        .bank()
        .authorize(
            new AuthorizationRequest(
                payment.pspReference,
                payment.account,
                payment.pspReference,
                payment.token == null ? payment.pspReference : payment.token,
                decline == null ? card : card.declinedWhenCharged(decline),
                payment.idempotencyKey,
                payment.labels(),
                payment.amountMinor,
                payment.currency().toLowerCase(Locale.ROOT),
                taken && !captureWaits,
                false,
                false,
                false,
                payment.passed));
    if (decline == null) {
      payment.captureDue = taken && captureWaits;
      payment.authCode = "%06d".formatted(ThreadLocalRandom.current().nextInt(AUTH_CODES));
      keepCard(account, payment);
    }
    account.save(payment);
    world.events().authorised(payment);
  }

  private static void keepCard(AdyenAccount account, AdyenPayment payment) {
    String shopper = payment.savedFor();
    if (shopper == null || payment.token != null) {
      return;
    }
    String token = PspReference.next();
    account.save(
        new StoredCard(token, account.id(), shopper, payment.card.saved(), payment.passed));
    payment.token = token;
  }

  private JsonObject details(AdyenCall call) {
    if (!(call.body().getValue("details") instanceof JsonObject details)) {
      throw AdyenError.invalid("14_006", "Required object 'details' is not provided.");
    }
    AdyenPayment payment = call.account().paymentOfRedirect(details.getString("redirectResult"));
    if (payment == null) {
      throw AdyenError.invalid("14_007", "Invalid payment data was provided.");
    }
    if (payment.waitsForShopper()) {
      if (bareDetails) {
        payment = call.account().renamed(payment);
      }
      end(call.account(), payment, payment.passed ? outcome(payment) : Outcome.NOT_AUTHENTICATED);
    }
    return bareDetails ? PaymentJson.bare(payment) : PaymentJson.result(payment);
  }

  /**
   * A payment that was only received is authorised at last, and one that Adyen captures by itself
   * is captured, which is told to nobody; false where it waits for neither.
   */
  boolean settle(AdyenAccount account, AdyenPayment payment) {
    if (payment.resultCode.equals(Outcome.RECEIVED)) {
      end(account, payment, Outcome.APPROVED);
      return true;
    }
    if (!payment.captureDue) {
      return false;
    }
    payment.captureDue = false;
    account.save(payment);
    return world.bank().capture(payment.account, payment.pspReference, payment.amountMinor)
        instanceof Done<?>;
  }

  /** The challenge of a payment is answered, for good; false when nobody waits for that. */
  boolean answered(AdyenPayment payment, boolean passed) {
    if (!payment.waitsForShopper() || payment.redirectResult != null) {
      return false;
    }
    payment.passed = passed;
    payment.redirectResult = PspReference.next() + "!" + PspReference.next();
    world.ownerOf(payment).save(payment);
    return true;
  }
}
