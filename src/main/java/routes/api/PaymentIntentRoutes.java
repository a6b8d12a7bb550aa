package routes.api;

import static routes.api.Expansion.Kind.PAYMENT_INTENT;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.Command;
import payments.Parameters;
import payments.PublicId;

/** {@code /v1/payment_intents}. */
final class PaymentIntentRoutes {
  static final List<Endpoint> ALL =
      List.of(
          Endpoint.post(
              "/v1/payment_intents",
              PAYMENT_INTENT,
              PaymentIntentParameters.CREATE,
              PaymentIntentRoutes::create),
          Endpoint.list(
              "/v1/payment_intents",
              PAYMENT_INTENT,
              PaymentIntentParameters.LIST,
              PaymentIntentRoutes::list),
          Endpoint.get(
                  "/v1/payment_intents/{id}",
                  PAYMENT_INTENT,
                  PaymentIntentParameters.RETRIEVE,
                  PaymentIntentRoutes::retrieve)
              .forBrowsers(PaymentIntentParameters.PUBLISHABLE_RETRIEVE),
          Endpoint.post(
              "/v1/payment_intents/{id}",
              PAYMENT_INTENT,
              PaymentIntentParameters.UPDATE,
              PaymentIntentRoutes::update),
          Endpoint.post(
                  "/v1/payment_intents/{id}/confirm",
                  PAYMENT_INTENT,
                  PaymentIntentParameters.CONFIRM,
                  PaymentIntentRoutes::confirm)
              .forBrowsers(PaymentIntentParameters.PUBLISHABLE_CONFIRM),
          Endpoint.post(
              "/v1/payment_intents/{id}/capture",
              PAYMENT_INTENT,
              PaymentIntentParameters.CAPTURE,
              PaymentIntentRoutes::capture),
          Endpoint.post(
              "/v1/payment_intents/{id}/cancel",
              PAYMENT_INTENT,
              PaymentIntentParameters.CANCEL,
              PaymentIntentRoutes::cancel));

  private PaymentIntentRoutes() {}

  private static Command create(ApiRequest request) {
    CheckedParameters given = request.parameters();
    PaymentIntentRules.checkNew(given);
    return new Command.CreatePayment(
        request.context(),
        PaymentIntentRules.amount(given),
        PaymentIntentRules.captureMethodOfNew(given),
        request.reference("customer", PublicId.CUSTOMER, "customer"),
        PaymentIntentRules.confirmation(given, Parameters.EMPTY),
        given.flag("confirm"),
        PaymentIntentRules.keptOfNew(given));
  }

  private static Command update(ApiRequest request) {
    CheckedParameters given = request.parameters();
    PaymentIntentRules.checkMethods(given);
    return new Command.UpdatePayment(
        request.context(),
        id(request),
        given.number("amount"),
        PaymentIntentRules.currencyOfUpdate(given),
        PaymentIntentRules.captureMethod(given),
        request.reference("customer", PublicId.CUSTOMER, "customer"),
        given.text("payment_method"),
        PaymentIntentRules.cardToken(given),
        PaymentIntentRules.billingDetails(given),
        PaymentIntentRules.keptOfUpdate(given));
  }

  private static Command confirm(ApiRequest request) {
    CheckedParameters given = request.parameters();
    PaymentIntentRules.checkMethods(given);
    return new Command.ConfirmPayment(
        request.context(),
        id(request),
        given.text("client_secret"),
        PaymentIntentRules.confirmation(given, PaymentIntentRules.keptOfUpdate(given)));
  }

  private static Command capture(ApiRequest request) {
    CheckedParameters given = request.parameters();
    PaymentIntentRules.checkFinalCapture(given);
    return new Command.CapturePayment(
        request.context(), id(request), given.number("amount_to_capture"), given.keptByUpdate());
  }

  private static Command cancel(ApiRequest request) {
    @Nullable String reason = request.parameters().text("cancellation_reason");
    return new Command.CancelPayment(request.context(), id(request), reason);
  }

  private static Command retrieve(ApiRequest request) {
    return new Command.RetrievePayment(
        request.context(), id(request), request.parameters().text("client_secret"));
  }

  private static Command list(ApiRequest request) {
    return new Command.ListPayments(
        request.context(),
        request.page(PublicId.PAYMENT, "payment_intent"),
        request.reference("customer", PublicId.CUSTOMER, "customer"));
  }

  private static UUID id(ApiRequest request) {
    return request.id(PublicId.PAYMENT, "payment_intent", "intent");
  }
}
