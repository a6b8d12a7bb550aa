package routes.ops;

import flows.AccountDesk;
import flows.AccountDesk.Seen;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import payments.OperationKind;
import payments.OperatorOutcome;

/** PSP accounts and their breakers. */
final class AccountRoutes {
  private static final Map<String, List<OperationKind>> KINDS = kinds();

  private final AccountDesk desk;

  private AccountRoutes(AccountDesk desk) {
    this.desk = desk;
  }

  /** Mounts the routes below {@code /ops}. */
  static void mount(Router router, AccountDesk desk) {
    var routes = new AccountRoutes(desk);
    router.get("/psp-accounts").handler(OpsReply.reading(routes::list));
    router
        .post("/psp-accounts/:account/breakers/:kind/force-open")
        .handler(OpsReply.changing(routes::force));
    router
        .post("/psp-accounts/:account/breakers/:kind/release")
        .handler(OpsReply.changing(routes::release));
  }

  private static Map<String, List<OperationKind>> kinds() {
    var kinds = new LinkedHashMap<String, List<OperationKind>>();
    kinds.put("all", List.of(OperationKind.values()));
    for (OperationKind kind : OperationKind.values()) {
      kinds.put(kind.wire(), List.of(kind));
    }
    return kinds;
  }

  private Future<JsonObject> list(RoutingContext context) {
    OperatorCall.query(context);
    return desk.list()
        .map(
            all ->
                new JsonObject()
                    .put("data", new JsonArray(all.stream().map(AccountRoutes::json).toList())));
  }

  private Future<OperatorOutcome> force(RoutingContext context) {
    var call = OperatorCall.body(context);
    return desk.force(call.change("psp_accounts.force_open"), call.path("account"), kinds(call));
  }

  private Future<OperatorOutcome> release(RoutingContext context) {
    var call = OperatorCall.body(context);
    return desk.release(call.change("psp_accounts.release"), call.path("account"), kinds(call));
  }

  private static List<OperationKind> kinds(OperatorCall call) {
    List<OperationKind> kinds = KINDS.get(call.path("kind"));
    if (kinds == null) {
      throw InvalidCall.of("kind", "must be one of " + String.join(", ", KINDS.keySet()));
    }
    return kinds;
  }

  private static JsonObject json(Seen seen) {
    AccountDesk.Account account = seen.account();
    var breakers = new JsonObject();
    account.breakers().forEach((kind, state) -> breakers.put(kind.wire(), state));
    var forced = new JsonArray();
    seen.forced()
        .forEach(
            breaker ->
                forced.add(
                    new JsonObject()
                        .put("kind", breaker.kind().wire())
                        .put("operator", breaker.operator())
                        .put("reason", breaker.reason())
                        .put("since", breaker.since().toString())));
    var results = new JsonObject();
    account.results().forEach(results::put);
    return new JsonObject()
        .put("merchant", account.merchantId())
        .put("psp_account", account.id())
        .put("psp", account.psp())
        .put("mode", account.livemode() ? "live" : "test")
        .put("priority", account.priority())
        .put("weight", account.weight())
        .put("breakers", breakers)
        .put("forced_open", forced)
        .put("sends", calls(account.sends()))
        .put("lookups", calls(account.lookups()))
        .put("results", results);
  }

  private static JsonObject calls(AccountDesk.Calls calls) {
    return new JsonObject().put("in_flight", calls.inFlight()).put("most", calls.most());
  }
}
