package simulator.stripe;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import simulator.BankDispute;
import simulator.BankResult;
import simulator.BankResult.Done;
import simulator.BankResult.Refused;
import simulator.Operation;

/**
 * {@code /v1/disputes}. As in Stripe's test mode, the words of the evidence decide how a dispute
 * ends: {@code winning_evidence}, {@code losing_evidence}, {@code escalate_inquiry_evidence}.
 */
final class Disputes {
  private final StripeWorld world;

  Disputes(StripeWorld world) {
    this.world = world;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(
            "disputes", Operation.SEARCH, Page.params("charge", "payment_intent"), this::list),
        Endpoint.get("disputes/*", Operation.RETRIEVE, Set.of(), this::retrieve),
        Endpoint.post(
            "disputes/*", Operation.OTHER, Set.of("evidence", "metadata", "submit"), this::update),
        Endpoint.post("disputes/*/close", Operation.OTHER, Set.of(), this::close));
  }

  private JsonObject list(StripeCall call) {
    String charge = call.params().text("charge");
    String intent = call.params().text("payment_intent");
    List<BankDispute> found = new ArrayList<>(world.bank().disputes().all());
    found.removeIf(
        dispute ->
            !dispute.account().equals(call.account().id())
                || (charge != null && !charge.equals(dispute.charge()))
                || (intent != null && !intent.equals(dispute.payment())));
    return Page.of(
        "/v1/disputes",
        call.params(),
        found.reversed(),
        BankDispute::id,
        BankDispute::createdAt,
        DisputeJson::of);
  }

  private JsonObject retrieve(StripeCall call) {
    return DisputeJson.of(require(call));
  }

  private BankDispute require(StripeCall call) {
    return world
        .bank()
        .disputes()
        .find(call.account().id(), call.id())
        .orElseThrow(() -> StripeError.notFound("dispute", call.id(), "dispute"));
  }

  private JsonObject update(StripeCall call) {
    BankDispute dispute = require(call);
    Params params = call.params();
    if (params.has("metadata")) {
      dispute = world.bank().disputes().describe(dispute, params.metadata(dispute.metadata()));
    }
    if (params.object("evidence") == null || "false".equals(params.text("submit"))) {
      return DisputeJson.of(dispute);
    }
    BankDispute answered =
        done(world.bank().disputes().answer(dispute.account(), dispute.id()), dispute);
    String words = params.nested("evidence", "uncategorized_text");
    return DisputeJson.of(
        switch (words == null ? "" : words) {
          case "winning_evidence" ->
              closed(
                  answered,
                  answered.status().inquiry()
                      ? BankDispute.Status.WARNING_CLOSED
                      : BankDispute.Status.WON);
          case "losing_evidence" -> closed(answered, BankDispute.Status.LOST);
          case "escalate_inquiry_evidence" ->
              done(world.bank().disputes().escalate(answered.account(), answered.id()), answered);
          default -> answered;
        });
  }

  /** The merchant accepts it. */
  private JsonObject close(StripeCall call) {
    return DisputeJson.of(closed(require(call), BankDispute.Status.LOST));
  }

  private BankDispute closed(BankDispute dispute, BankDispute.Status outcome) {
    return done(world.bank().disputes().close(dispute.account(), dispute.id(), outcome), dispute);
  }

  private static BankDispute done(BankResult<BankDispute> result, BankDispute dispute) {
    return switch (result) {
      case Done<BankDispute> done -> done.value();
      case Refused<BankDispute> no ->
          throw StripeError.refused(
              null, null, "This dispute has a status of " + dispute.status().word() + ".");
    };
  }
}
