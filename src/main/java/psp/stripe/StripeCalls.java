package psp.stripe;

import com.stripe.net.ApiRequestParams;
import com.stripe.net.ApiResource;
import com.stripe.net.FormEncoder;
import com.stripe.param.PaymentIntentCancelParams;
import com.stripe.param.PaymentIntentCaptureParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentIntentCreateParams.PaymentMethodData;
import com.stripe.param.RefundCreateParams;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import money.Money;
import org.jspecify.annotations.Nullable;
import psp.PspCall;
import psp.PspCommand;

/**
 * The exact requests for commands (Stripe API: PaymentIntents, Refunds), pure. Parameters are
 * ordered by name, so that equal commands make equal bytes.
 */
final class StripeCalls {
  static final String INTENTS = "/v1/payment_intents";
  static final String REFUNDS = "/v1/refunds";
  static final String OPERATION_ID = "operation_id";
  static final String LATEST_CHARGE = "latest_charge";

  private StripeCalls() {}

  static PspCall of(PspCommand command) {
    return switch (command) {
      case PspCommand.Authorize authorize -> authorize(authorize);
      case PspCommand.CompleteAuthentication ignored ->
          throw new IllegalArgumentException("Stripe finishes authentications by itself");
      case PspCommand.Capture capture ->
          post(
              intentPath(capture.reference()) + "/capture",
              PaymentIntentCaptureParams.builder()
                  .setAmountToCapture(capture.amount().minor())
                  .addExpand(LATEST_CHARGE)
                  .build());
      case PspCommand.VoidHold voidHold -> {
        var params = PaymentIntentCancelParams.builder().addExpand(LATEST_CHARGE);
        if (voidHold.reason() != null) {
          params.putExtraParam("cancellation_reason", voidHold.reason());
        }
        yield post(intentPath(voidHold.reference()) + "/cancel", params.build());
      }
      case PspCommand.VoidByKey ignored ->
          throw new IllegalArgumentException("Stripe names what it challenges");
      case PspCommand.Refund refund ->
          refund(refund.operationId(), refund.reference(), refund.amount(), refund.reason());
      // A PaymentIntent that has succeeded is captured.
      case PspCommand.Reverse reverse ->
          refund(reverse.operationId(), reverse.reference(), reverse.amount(), null);
    };
  }

  private static PspCall refund(
      String operationId, String reference, Money amount, @Nullable String reason) {
    var params =
        RefundCreateParams.builder()
            .setPaymentIntent(reference)
            .setAmount(amount.minor())
            .putMetadata(OPERATION_ID, operationId);
    if (reason != null) {
      params.putExtraParam("reason", reason);
    }
    return post(REFUNDS, params.build());
  }

  static String intentPath(String reference) {
    return INTENTS + "/" + ApiResource.urlEncode(reference);
  }

  /** The intent that a capture or cancel call names in its path; empty for any other call. */
  static Optional<String> intentIn(PspCall call) {
    String prefix = INTENTS + "/";
    int end = call.path().lastIndexOf('/');
    return call.path().startsWith(prefix) && end >= prefix.length()
        ? Optional.of(
            URLDecoder.decode(call.path().substring(prefix.length(), end), StandardCharsets.UTF_8))
        : Optional.empty();
  }

  /** A form body with its parameters in order of name. */
  static String form(Map<String, Object> parameters) {
    return FormEncoder.createQueryString(sorted(parameters));
  }

  private static PspCall authorize(PspCommand.Authorize command) {
    var params =
        PaymentIntentCreateParams.builder()
            .setAmount(command.amount().minor())
            .setCurrency(command.amount().currency().code())
            .setConfirm(true)
            .setCaptureMethod(
                command.capture()
                    ? PaymentIntentCreateParams.CaptureMethod.AUTOMATIC
                    : PaymentIntentCreateParams.CaptureMethod.MANUAL)
            .addPaymentMethodType("card")
            .putMetadata(OPERATION_ID, command.operationId())
            .addExpand(LATEST_CHARGE);
    if (command.methodToken() != null) {
      params.setPaymentMethod(command.methodToken());
    } else if (command.cardToken() != null) {
      params.setPaymentMethodData(cardData(command.cardToken(), command.billingDetails()));
    } else {
      throw new IllegalArgumentException("an authorization needs a payment method or a card token");
    }
    if (command.offSession()) {
      params.setOffSession(true);
    }
    if (command.declinesChallenge()) {
      params.setErrorOnRequiresAction(true);
    }
    if (command.threeDSecure() != null) {
      params.putExtraParam(
          "payment_method_options",
          Map.of("card", Map.of("request_three_d_secure", command.threeDSecure())));
    }
    put(params, "customer", command.customerReference());
    put(params, "setup_future_usage", command.setupFutureUsage());
    put(params, "description", command.description());
    put(params, "statement_descriptor", command.statementDescriptor());
    put(params, "statement_descriptor_suffix", command.statementDescriptorSuffix());
    put(params, "receipt_email", command.receiptEmail());
    put(params, "return_url", command.returnUrl());
    if (!command.shipping().isEmpty()) {
      params.putExtraParam("shipping", command.shipping());
    }
    return post(INTENTS, params.build());
  }

  private static PaymentMethodData cardData(String token, Map<String, Object> billingDetails) {
    var data =
        PaymentMethodData.builder()
            // The enum of stripe-java has no plain card, which it leaves to its browser library.
            .putExtraParam("type", "card")
            .putExtraParam("card", Map.of("token", token));
    if (!billingDetails.isEmpty()) {
      data.putExtraParam("billing_details", billingDetails);
    }
    return data.build();
  }

  private static void put(
      PaymentIntentCreateParams.Builder params, String name, @Nullable String value) {
    if (value != null) {
      params.putExtraParam(name, value);
    }
  }

  private static PspCall post(String path, ApiRequestParams params) {
    return new PspCall("POST", path, form(params.toMap()));
  }

  private static Map<String, Object> sorted(Map<?, ?> map) {
    var sorted = new TreeMap<String, Object>();
    map.forEach(
        (name, value) ->
            sorted.put(
                String.valueOf(name), value instanceof Map<?, ?> inner ? sorted(inner) : value));
    return sorted;
  }
}
