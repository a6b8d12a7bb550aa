package psp.adyen;

import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import payments.DeclineCode;
import payments.OperationKind;
import psp.PspCall;
import psp.PspCommand;

/**
 * The exact requests for commands (Adyen API: Checkout v71), pure. Properties come in one order, so
 * that equal commands make equal bytes.
 *
 * <p>What Adyen cannot be asked becomes a call that is never sent: it is refused when its turn
 * comes, like any other no.
 */
final class AdyenCalls {
  static final String VERSION = "/v71";
  static final String PAYMENTS = VERSION + "/payments";
  static final String DETAILS = PAYMENTS + "/details";
  static final String STORED = VERSION + "/storedPaymentMethods";

  /** In place of what is not kept. */
  private static final String NOT_KEPT = "***";

  /** The method of a call that is refused instead of sent; its path is the reason. */
  static final String REFUSED = "REFUSED";

  /**
   * What cardholders' browsers bring back from redirects (Adyen docs: "Handling redirects"); Adyen
   * refuses other names.
   */
  static final Set<String> RETURN_PARAMETERS = Set.of("redirectResult", "payload", "MD", "PaRes");

  private static final Map<String, String> REFUND_REASONS =
      Map.of(
          "duplicate", "DUPLICATE",
          "fraudulent", "FRAUD",
          "requested_by_customer", "CUSTOMER REQUEST");

  private final String merchantAccount;
  private final AdyenAuthorize authorize;

  AdyenCalls(String merchantAccount, boolean livemode) {
    this.merchantAccount = merchantAccount;
    this.authorize = new AdyenAuthorize(merchantAccount, livemode);
  }

  PspCall of(PspCommand command) {
    return switch (command) {
      case PspCommand.Authorize payment -> authorize.of(payment);
      case PspCommand.CompleteAuthentication complete -> details(complete);
      case PspCommand.Capture capture ->
          AdyenAmounts.of(capture.amount())
              .map(
                  amount ->
                      modification(
                          OperationKind.CAPTURE,
                          capture.reference(),
                          "captures",
                          capture.operationId(),
                          body -> body.put("amount", amount)))
              .orElseGet(AdyenCalls::amountTooFine);
      case PspCommand.VoidHold voidHold ->
          modification(
              OperationKind.VOID,
              voidHold.reference(),
              "cancels",
              voidHold.operationId(),
              body -> body);
      case PspCommand.VoidByKey byKey ->
          post(
              VERSION + "/cancels",
              new JsonObject()
                  .put("merchantAccount", merchantAccount)
                  .put("paymentReference", byKey.authorizationKey())
                  .put(
                      "reference",
                      AdyenReferences.ofModification(OperationKind.VOID, byKey.operationId())));
      case PspCommand.Refund refund ->
          AdyenAmounts.of(refund.amount())
              .map(
                  amount ->
                      modification(
                          OperationKind.REFUND,
                          refund.reference(),
                          "refunds",
                          refund.operationId(),
                          body -> withReason(body.put("amount", amount), refund.reason())))
              .orElseGet(AdyenCalls::amountTooFine);
      // Adyen takes no refund before it is through with a capture, which it tells nobody.
      case PspCommand.Reverse reverse ->
          modification(
              OperationKind.REFUND,
              reverse.reference(),
              "reversals",
              reverse.operationId(),
              body -> body);
    };
  }

  private static PspCall details(PspCommand.CompleteAuthentication command) {
    var details = new JsonObject();
    new TreeMap<>(command.details())
        .forEach(
            (name, value) -> {
              if (RETURN_PARAMETERS.contains(name)) {
                details.put(name, value);
              }
            });
    return details.isEmpty()
        ? refused(DeclineCode.AUTHENTICATION_FAILED, "nothing of Adyen's was brought back")
        : post(DETAILS, new JsonObject().put("details", details));
  }

  private PspCall modification(
      OperationKind kind,
      String reference,
      String name,
      String operationId,
      Function<JsonObject, JsonObject> more) {
    var body =
        new JsonObject()
            .put("merchantAccount", merchantAccount)
            .put("reference", AdyenReferences.ofModification(kind, operationId));
    return post(PAYMENTS + "/" + encoded(reference) + "/" + name, more.apply(body));
  }

  private static JsonObject withReason(JsonObject body, @Nullable String reason) {
    String theirs = reason == null ? null : REFUND_REASONS.get(reason);
    return theirs == null ? body : body.put("merchantRefundReason", theirs);
  }

  private static PspCall amountTooFine() {
    return refused(DeclineCode.INVALID_AMOUNT, "Adyen has no such fraction of this currency");
  }

  /** The call without what Adyen's component encrypted; empty where nothing is. */
  static Optional<PspCall> withoutCardData(PspCall call) {
    if (!call.path().equals(PAYMENTS) || !call.body().contains("\"encrypted")) {
      return Optional.empty();
    }
    var body = new JsonObject(call.body());
    JsonObject method = body.getJsonObject("paymentMethod");
    List.copyOf(method.fieldNames()).stream()
        .filter(AdyenComponent::isEncrypted)
        .forEach(name -> method.put(name, NOT_KEPT));
    return Optional.of(call.over(body.encode()));
  }

  static PspCall post(String path, JsonObject body) {
    return new PspCall("POST", path, body.encode());
  }

  /** A call that is refused instead of sent. */
  static PspCall refused(DeclineCode code, String why) {
    return new PspCall(REFUSED, "/" + code.name(), why);
  }

  /** Why a call is refused instead of sent, or empty where it is sent. */
  static Optional<DeclineCode> refusal(PspCall call) {
    return call.method().equals(REFUSED)
        ? Optional.of(DeclineCode.valueOf(call.path().substring(1)))
        : Optional.empty();
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
