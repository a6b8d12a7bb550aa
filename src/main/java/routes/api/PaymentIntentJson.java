package routes.api;

import flows.Views.ChargeView;
import flows.Views.PaymentView;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.Customer;
import payments.Decline;
import payments.IdSource;
import payments.Operation;
import payments.Parameters;
import payments.Payment;
import payments.PaymentMethod;
import payments.PaymentStatus;
import payments.PublicId;

/** A payment as a payment_intent (Stripe API: The PaymentIntent object). */
final class PaymentIntentJson {
  private static final List<String> CARD_ONLY = List.of("card");
  private static final Map<String, Object> NO_OPTIONS = Map.of();

  private PaymentIntentJson() {}

  /** The whole object, for the merchant's server. */
  static void write(JsonWriter json, PaymentView view, Expansion expansion) {
    Payment payment = view.payment();
    Parameters parameters = payment.parameters();
    json.beginObject();
    head(json, payment);
    json.field(
            "amount_capturable",
            payment.status() == PaymentStatus.REQUIRES_CAPTURE ? payment.authorized() : 0)
        .name("amount_details")
        .beginObject()
        .name("tip")
        .beginObject()
        .endObject()
        .endObject()
        .field("amount_received", payment.captured())
        .nullField("application")
        .nullField("application_fee_amount");
    shared(json, view, expansion, false);
    customer(json, payment.customerId(), view.customer(), expansion);
    json.nullField("customer_account")
        .field("excluded_payment_method_types", kept(parameters, "excluded_payment_method_types"));
    latestCharge(json, view, expansion.of("latest_charge"));
    json.nullField("managed_payments")
        .field("metadata", parameters.metadata())
        .nullField("on_behalf_of")
        .nullField("payment_method_configuration_details");
    Object options = kept(parameters, "payment_method_options");
    json.field("payment_method_options", options == null ? NO_OPTIONS : options)
        .nullField("review")
        .nullField("source")
        .field("statement_descriptor", parameters.text("statement_descriptor"))
        .field("statement_descriptor_suffix", parameters.text("statement_descriptor_suffix"))
        .nullField("transfer_data")
        .field("transfer_group", parameters.text("transfer_group"))
        .endObject();
  }

  /** What a browser with the client secret may see (Stripe API: publishable keys). */
  static void writePublic(JsonWriter json, PaymentView view, Expansion expansion) {
    json.beginObject();
    head(json, view.payment());
    shared(json, view, expansion, true);
    json.endObject();
  }

  private static void head(JsonWriter json, Payment payment) {
    json.field("id", payment.publicId())
        .field("object", "payment_intent")
        .field("amount", payment.amount().minor());
  }

  private static void shared(
      JsonWriter json, PaymentView view, Expansion expansion, boolean publicly) {
    Payment payment = view.payment();
    Parameters parameters = payment.parameters();
    json.field("automatic_payment_methods", kept(parameters, "automatic_payment_methods"));
    if (payment.canceledAt() == null) {
      json.nullField("canceled_at");
    } else {
      json.field("canceled_at", payment.canceledAt().getEpochSecond());
    }
    json.field("cancellation_reason", payment.cancellationReason())
        .field("capture_method", payment.captureMethod().wire())
        .field("client_secret", payment.clientSecret())
        .field("confirmation_method", "automatic")
        .field("created", IdSource.createdAt(payment.id()).getEpochSecond())
        .field("currency", payment.amount().currency().code())
        .field("description", parameters.text("description"));
    lastPaymentError(json, view, publicly);
    json.field("livemode", payment.livemode());
    nextAction(json, payment);
    PaymentMethod method = view.method();
    if (publicly
        && method != null
        && method.id().equals(payment.paymentMethodId())
        && expansion.of("payment_method") != null) {
      json.name("payment_method");
      PaymentMethodJson.writePublic(json, method);
    } else {
      paymentMethod(json, payment.paymentMethodId(), method, view.customer(), expansion);
    }
    Object types = kept(parameters, "payment_method_types");
    json.field("payment_method_types", types == null ? CARD_ONLY : types)
        .nullField("processing")
        .field("receipt_email", parameters.text("receipt_email"))
        .field("setup_future_usage", parameters.text("setup_future_usage"));
    Fragments.shipping(json, parameters);
    json.field("status", payment.status().wire());
  }

  private static void latestCharge(
      JsonWriter json, PaymentView view, @Nullable Expansion expansion) {
    Payment payment = view.payment();
    Operation charge = view.charge();
    if (expansion != null && charge != null && charge.id().equals(payment.latestCharge())) {
      json.name("latest_charge");
      ChargeJson.write(json, new ChargeView(charge, view, view.refunds()), expansion);
    } else {
      json.field(
          "latest_charge",
          payment.latestCharge() == null ? null : PublicId.CHARGE.of(payment.latestCharge()));
    }
  }

  /** The customer by id, or whole where that is asked and at hand. */
  static void customer(
      JsonWriter json, @Nullable UUID id, @Nullable Customer customer, Expansion expansion) {
    if (expansion.of("customer") != null && customer != null && customer.id().equals(id)) {
      json.name("customer");
      CustomerJson.write(json, customer);
    } else {
      json.field("customer", id == null ? null : PublicId.CUSTOMER.of(id));
    }
  }

  /** The payment method by id, or whole where that is asked and at hand. */
  static void paymentMethod(
      JsonWriter json,
      @Nullable String id,
      @Nullable PaymentMethod method,
      @Nullable Customer customer,
      Expansion expansion) {
    Expansion inner = expansion.of("payment_method");
    if (inner != null && method != null && method.id().equals(id)) {
      json.name("payment_method");
      PaymentMethodJson.write(json, method, customer, inner);
    } else {
      json.field("payment_method", id);
    }
  }

  private static void nextAction(JsonWriter json, Payment payment) {
    if (payment.status() != PaymentStatus.REQUIRES_ACTION || payment.nextActionUrl() == null) {
      // It is kept while an operation is under way after which the customer may be asked again.
      json.nullField("next_action");
      return;
    }
    json.name("next_action")
        .beginObject()
        .name("redirect_to_url")
        .beginObject()
        .field("return_url", payment.parameters().text("return_url"))
        .field("url", payment.nextActionUrl())
        .endObject()
        .field("type", "redirect_to_url")
        .endObject();
  }

  private static void lastPaymentError(JsonWriter json, PaymentView view, boolean publicly) {
    Decline decline = view.payment().lastError();
    if (decline == null) {
      json.nullField("last_payment_error");
      return;
    }
    json.name("last_payment_error").beginObject();
    declineFields(json, decline, view, publicly);
    json.endObject();
  }

  /**
   * What an error and a {@code last_payment_error} tell of a decline; what is absent is left out.
   */
  static void declineFields(
      JsonWriter json, Decline decline, @Nullable PaymentView view, boolean publicly) {
    json.fieldIfPresent("advice_code", decline.adviceCode());
    if (view != null && view.payment().latestCharge() != null) {
      json.field("charge", PublicId.CHARGE.of(view.payment().latestCharge()));
    }
    json.field("code", decline.code().errorCode())
        .fieldIfPresent("decline_code", decline.code().declineCode())
        .field("message", decline.code().message());
    if (view != null && view.charge() != null) {
      json.fieldIfPresent("network_advice_code", view.charge().outcome().networkAdviceCode());
      json.fieldIfPresent("network_decline_code", view.charge().outcome().networkDeclineCode());
    }
    json.fieldIfPresent("param", decline.param());
    if (view != null && view.method() != null) {
      json.name("payment_method");
      if (publicly) {
        PaymentMethodJson.writePublic(json, view.method());
      } else {
        PaymentMethodJson.write(json, view.method(), null, Expansion.NONE);
      }
    }
    json.field("type", "card_error");
  }

  private static @Nullable Object kept(Parameters parameters, String name) {
    return parameters.values().get(name);
  }
}
