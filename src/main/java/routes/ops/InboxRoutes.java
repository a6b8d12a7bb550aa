package routes.ops;

import flows.InboxDesk;
import flows.InboxDesk.DeadGroup;
import flows.InboxDesk.Event;
import flows.InboxDesk.Filter;
import flows.InboxDesk.Status;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import payments.OperatorOutcome;
import payments.PublicId;

/** What PSPs told us, and having it worked again. */
final class InboxRoutes {
  private static final int DEFAULT_REPLAY = 1_000;
  private static final int MAX_REPLAY = 10_000;

  private static final String[] FILTERS = {
    "status", "psp_account", "type", "reason_prefix", "payment", "from", "to"
  };
  private static final Map<String, Status> STATUSES =
      OperatorCall.words(Status.values(), Status::wire);

  /** What was done is done again only one by one, and what waits is worked anyway. */
  private static final Set<Status> REPLAYABLE =
      EnumSet.of(Status.DEAD, Status.FOREIGN, Status.IGNORED);

  private final InboxDesk desk;

  private InboxRoutes(InboxDesk desk) {
    this.desk = desk;
  }

  /** Mounts the routes below {@code /ops}. */
  static void mount(Router router, InboxDesk desk) {
    var routes = new InboxRoutes(desk);
    router.get("/inbox").handler(OpsReply.reading(routes::list));
    router.get("/inbox/dead-letters").handler(OpsReply.reading(routes::deadLetters));
    router.post("/inbox/replay").handler(routes::replay);
    router.post("/inbox/dead-letters/close").handler(OpsReply.changing(routes::closeMany));
    router.get("/inbox/:merchant/:psp_account/:event").handler(OpsReply.reading(routes::find));
    router
        .post("/inbox/:merchant/:psp_account/:event/replay")
        .handler(OpsReply.changing(routes::replayOne));
    router
        .post("/inbox/:merchant/:psp_account/:event/close")
        .handler(OpsReply.changing(routes::closeOne));
  }

  private Future<JsonObject> list(RoutingContext context) {
    var call = OperatorCall.query(context, FILTERS);
    return desk.list(filter(call), call.page()).map(rows -> OpsReply.page(rows, InboxRoutes::json));
  }

  private static Filter filter(OperatorCall call) {
    return new Filter(
        call.word("status", STATUSES),
        call.text("psp_account"),
        call.text("type"),
        call.text("reason_prefix"),
        call.id("payment", PublicId.PAYMENT),
        call.span());
  }

  private Future<JsonObject> deadLetters(RoutingContext context) {
    OperatorCall.query(context);
    return desk.deadLetters()
        .map(
            groups ->
                new JsonObject()
                    .put("data", new JsonArray(groups.stream().map(InboxRoutes::json).toList())));
  }

  private Future<JsonObject> find(RoutingContext context) {
    var call = OperatorCall.query(context);
    return desk.find(call.path("merchant"), call.path("psp_account"), call.path("event"))
        .map(
            found ->
                found
                    .map(InboxRoutes::json)
                    .orElseThrow(() -> new InvalidCall(404, "there is no such event", null)));
  }

  private Future<OperatorOutcome> replayOne(RoutingContext context) {
    var call = OperatorCall.body(context, "force");
    return desk.replay(
        call.change("inbox.replay"),
        call.path("merchant"),
        call.path("psp_account"),
        call.path("event"),
        call.flag("force"));
  }

  private void replay(RoutingContext context) {
    var call =
        OperatorCall.body(
            context,
            "status",
            "psp_account",
            "type",
            "reason_prefix",
            "payment",
            "from",
            "to",
            "limit",
            "dry_run");
    if (call.flag("dry_run")) {
      OpsReply.reading(ignored -> count(call)).handle(context);
    } else {
      OpsReply.changing(ignored -> replayMany(call)).handle(context);
    }
  }

  private Future<JsonObject> count(OperatorCall call) {
    return desk.replayable(chosen(call))
        .map(number -> new JsonObject().put("dry_run", true).put("would_replay", number));
  }

  private Future<OperatorOutcome> replayMany(OperatorCall call) {
    return desk.replay(
        call.change("inbox.replay_many"),
        chosen(call),
        call.number("limit", DEFAULT_REPLAY, MAX_REPLAY));
  }

  private Future<OperatorOutcome> closeOne(RoutingContext context) {
    var call = OperatorCall.body(context);
    return desk.close(
        call.change("inbox.close"),
        call.path("merchant"),
        call.path("psp_account"),
        call.path("event"));
  }

  private Future<OperatorOutcome> closeMany(RoutingContext context) {
    var call =
        OperatorCall.body(
            context, "psp_account", "type", "reason_prefix", "payment", "from", "to", "limit");
    return desk.close(
        call.change("inbox.close_many"),
        chosen(call),
        call.number("limit", DEFAULT_REPLAY, MAX_REPLAY));
  }

  /** Dead letters where nothing else is said; never simply everything. */
  private static Filter chosen(OperatorCall call) {
    Filter filter = filter(call);
    Status status = filter.status() == null ? Status.DEAD : filter.status();
    if (!REPLAYABLE.contains(status)) {
      throw InvalidCall.of("status", "must be one of dead, foreign, ignored");
    }
    boolean open =
        filter.account() == null
            && filter.type() == null
            && filter.reasonPrefix() == null
            && filter.paymentId() == null
            && filter.span().from() == null;
    if (open) {
      throw InvalidCall.of("reason_prefix", "or another filter is required: say which events");
    }
    return new Filter(
        status,
        filter.account(),
        filter.type(),
        filter.reasonPrefix(),
        filter.paymentId(),
        filter.span());
  }

  private static JsonObject json(Event event) {
    var json =
        new JsonObject()
            .put("merchant", event.merchantId())
            .put("psp_account", event.accountId())
            .put("event", event.name())
            .put("type", event.type())
            .put("status", event.status())
            .put("attempts", event.attempts())
            .put("reason", event.reason())
            .put("payment", OpsReply.id(PublicId.PAYMENT, event.paymentId()))
            .put("received", event.receivedAt().toString())
            .put("due", OpsReply.time(event.dueAt()))
            .put("processed", OpsReply.time(event.processedAt()));
    return event.body() == null ? json : json.put("body", event.body());
  }

  private static JsonObject json(DeadGroup group) {
    return new JsonObject()
        .put("merchant", group.merchantId())
        .put("psp_account", group.accountId())
        .put("type", group.type())
        .put("reason", group.reason())
        .put("number", group.number())
        .put("oldest", group.oldest().toString())
        .put("newest", group.newest().toString());
  }
}
