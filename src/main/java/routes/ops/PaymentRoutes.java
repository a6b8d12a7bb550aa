package routes.ops;

import flows.PaymentDesk;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import payments.Decline;
import payments.Operation;
import payments.Payment;
import payments.PaymentStory;
import payments.PaymentStory.Change;
import payments.PaymentStory.Step;
import payments.PublicId;

/** One payment: where it is, why, who did it and what happens next. */
final class PaymentRoutes {
  private final PaymentDesk desk;

  private PaymentRoutes(PaymentDesk desk) {
    this.desk = desk;
  }

  /** Mounts the routes below {@code /ops}. */
  static void mount(Router router, PaymentDesk desk) {
    var routes = new PaymentRoutes(desk);
    router.get("/payments/:payment").handler(OpsReply.reading(routes::find));
  }

  private Future<JsonObject> find(RoutingContext context) {
    var call = OperatorCall.query(context);
    return desk.find(call.pathId("payment", PublicId.PAYMENT))
        .map(
            found ->
                json(
                    found.orElseThrow(
                        () -> new InvalidCall(404, "there is no such payment", "payment"))));
  }

  private static JsonObject json(PaymentStory story) {
    return payment(story.payment())
        .put("next", new JsonArray(PaymentDesk.next(story)))
        .put("operations", array(story.steps(), PaymentRoutes::operation))
        .put("history", array(story.history(), PaymentRoutes::change))
        .put("anomalies", array(story.anomalies(), AnomalyRoutes::json));
  }

  private static <T> JsonArray array(List<T> all, Function<T, JsonObject> json) {
    return new JsonArray(all.stream().map(json).toList());
  }

  private static JsonObject payment(Payment payment) {
    return new JsonObject()
        .put("payment", payment.publicId())
        .put("merchant", payment.merchantId())
        .put("livemode", payment.livemode())
        .put("status", payment.status().wire())
        .put("amount", payment.amount().minor())
        .put("currency", payment.amount().currency().code())
        .put("capture_method", payment.captureMethod().wire())
        .put("authorized", payment.authorized())
        .put("captured", payment.captured())
        .put("refund_reserved", payment.refundReserved())
        .put("refunded", payment.refunded())
        .put("disputed", payment.disputed())
        .put("customer", OpsReply.id(PublicId.CUSTOMER, payment.customerId()))
        .put("payment_method", payment.paymentMethodId())
        .put("latest_charge", OpsReply.id(PublicId.CHARGE, payment.latestCharge()))
        .put("last_decline", decline(payment.lastError()))
        .put("cancellation_reason", payment.cancellationReason());
  }

  private static JsonObject operation(Step step) {
    Operation operation = step.operation();
    return OperationJson.of(operation)
        .put("decline", decline(operation.decline()))
        .put("elsewhere", PaymentDesk.elsewhere(operation))
        .put("recover_at", OpsReply.time(step.recoverAt()))
        .put("routing", step.routing() == null ? null : new JsonObject(step.routing().values()));
  }

  private static @Nullable JsonObject decline(@Nullable Decline decline) {
    return decline == null
        ? null
        : new JsonObject()
            .put("code", decline.code().errorCode())
            .put("decline_code", decline.code().declineCode())
            .put("psp_code", decline.rawCode())
            .put("psp_message", decline.rawMessage())
            .put("advice_code", decline.adviceCode());
  }

  private static JsonObject change(Change change) {
    return new JsonObject()
        .put("sequence", change.sequence())
        .put("event", change.event())
        .put("from_status", change.fromStatus())
        .put("to_status", change.toStatus())
        .put(
            "operation",
            change.operationId() == null ? null : PublicId.digits(change.operationId()))
        .put("cause", change.cause())
        .put("actor", change.actor())
        .put("at", change.at().toString());
  }
}
