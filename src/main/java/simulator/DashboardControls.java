package simulator;

import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The provider's dashboard for other processes. */
final class DashboardControls {
  private static final String PATH = ControlRoutes.PATH + "dashboard/";

  private DashboardControls() {}

  static void addTo(Router router, Dashboard dashboard) {
    String charge = PATH + "charges/:id/";
    String refund = PATH + "refunds/:id/";
    String dispute = PATH + "disputes/:id/";
    String payment = PATH + "payments/:id/";
    router.post(charge + "refund").handler(answering((id, body) -> refund(dashboard, id, body)));
    router.post(charge + "dispute").handler(answering((id, body) -> dispute(dashboard, id, body)));
    router.post(refund + "succeed").handler(refundStep(dashboard::succeedRefund));
    router.post(refund + "fail").handler(refundStep(dashboard::failRefund));
    router.post(dispute + "escalate").handler(disputeStep(dashboard::escalate));
    router.post(dispute + "review").handler(disputeStep(dashboard::review));
    router.post(dispute + "win").handler(disputeStep(dashboard::winDispute));
    router.post(dispute + "lose").handler(disputeStep(dashboard::loseDispute));
    router.post(dispute + "charge-back-again").handler(disputeStep(dashboard::chargeBackAgain));
    router.post(dispute + "close").handler(disputeStep(dashboard::closeInquiry));
    router
        .post(payment + "capture")
        .handler(answering((id, body) -> dashboard.capture(id, body.getLong("amount")).toJson()));
    router.post(payment + "cancel").handler(answering((id, body) -> canceled(dashboard, id)));
    router
        .post(payment + "fail-capture")
        .handler(answering((id, body) -> dashboard.failCapture(id).toJson()));
    router.post(payment + "expire").handler(answering((id, body) -> dashboard.expire(id).toJson()));
  }

  /** Outcomes: succeed, pending, pending_then_fail, fail_later. */
  private static JsonObject refund(Dashboard dashboard, String charge, JsonObject body) {
    TestCard.RefundBehaviour behaviour =
        TestCard.RefundBehaviour.valueOf(
            body.getString("outcome", "succeed").toUpperCase(Locale.ROOT));
    return dashboard.refund(charge, body.getLong("amount"), behaviour).toJson();
  }

  private static JsonObject dispute(Dashboard dashboard, String charge, JsonObject body) {
    Long amount = body.getLong("amount");
    String reason = body.getString("reason", "fraudulent");
    BankDispute opened =
        body.getBoolean("inquiry", false)
            ? dashboard.inquire(charge, amount, reason)
            : dashboard.dispute(charge, amount, reason);
    return opened.toJson();
  }

  private static JsonObject canceled(Dashboard dashboard, String payment) {
    Authorization released = dashboard.cancel(payment);
    return released == null ? new JsonObject() : released.toJson();
  }

  private static Handler<RoutingContext> refundStep(Function<String, BankRefund> step) {
    return answering((id, body) -> step.apply(id).toJson());
  }

  private static Handler<RoutingContext> disputeStep(Function<String, BankDispute> step) {
    return answering((id, body) -> step.apply(id).toJson());
  }

  /** What is not there is 404, what cannot be done 409. */
  private static Handler<RoutingContext> answering(
      BiFunction<String, JsonObject, JsonObject> step) {
    return ControlRoutes.reading(
        context -> {
          try {
            context.json(
                step.apply(context.request().getParam("id", ""), ControlRoutes.body(context)));
          } catch (NoSuchElementException e) {
            context.response().setStatusCode(404).end(String.valueOf(e.getMessage()));
          } catch (IllegalStateException e) {
            context.response().setStatusCode(409).end(String.valueOf(e.getMessage()));
          }
        });
  }
}
