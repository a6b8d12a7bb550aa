package e2e;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import payments.PublicId;
import support.Await;
import support.TestGateway;

/** Objects in many states, for requests to be about. */
final class FuzzSeeds {
  private static final String HELD = "payment_method=pm_card_visa&capture_method=manual";

  private FuzzSeeds() {}

  /**
   * Makes them, with what needs an object in one state and leaves it in another.
   *
   * @param told what an operation answered
   */
  static void plant(
      TestGateway gateway,
      Map<String, List<String>> ids,
      BiConsumer<String, HttpResponse<String>> told) {
    String customer = keep(ids, gateway.post("/v1/customers", "email=ada@example.com"));
    String payment =
        "amount=109000&currency=eur&confirm=true&return_url=https://shop.example/back&";
    for (String how :
        List.of(
            "payment_method=pm_card_visa",
            "payment_method=pm_card_visa&customer=" + customer + "&setup_future_usage=off_session",
            "payment_method=pm_card_visa&capture_method=manual",
            "payment_method=pm_card_chargeDeclined",
            "payment_method=pm_card_threeDSecure2Required")) {
      keep(ids, gateway.post("/v1/payment_intents", payment + how));
    }
    var open = new ArrayList<String>();
    for (int i = 0; i < 20; i++) {
      open.add(keep(ids, gateway.post("/v1/payment_intents", "amount=500&currency=usd")));
    }
    ids.put("open", open);
    String held = keep(ids, gateway.post("/v1/payment_intents", payment + HELD));
    told.accept("capturePaymentIntent", post(gateway, held + "/capture", ""));
    told.accept("cancelPaymentIntent", post(gateway, open.removeLast() + "/cancel", ""));
    told.accept(
        "confirmPaymentIntent",
        post(gateway, open.removeLast() + "/confirm", "payment_method=pm_card_visa"));
    HttpResponse<String> refund =
        gateway.post("/v1/refunds", "amount=90&payment_intent=" + of(ids, "pi").getFirst());
    told.accept("createRefund", refund);
    keep(ids, refund);
    keep(
        ids,
        gateway.post(
            "/v1/webhook_endpoints", "url=https://shop.example/events&enabled_events[]=*"));
    keep(
        ids, gateway.post("/v1/payment_methods/pm_card_mastercard/attach", "customer=" + customer));
    // Of one that is nobody else's, whom nothing deletes meanwhile.
    String keeper = new JsonObject(gateway.post("/v1/customers", "name=K").body()).getString("id");
    for (int i = 0; i < 8; i++) {
      HttpResponse<String> saved =
          gateway.post("/v1/payment_methods/pm_card_visa/attach", "customer=" + keeper);
      told.accept("attachPaymentMethod", saved);
      keep(ids, saved);
    }
    String detached = of(ids, "pm").removeLast();
    told.accept(
        "detachPaymentMethod", gateway.post("/v1/payment_methods/" + detached + "/detach", ""));
    ids.put("pair", List.of(keeper, of(ids, "pm").removeLast()));
    of(ids, "pm").addAll(List.of("pm_card_visa", "pm_card_amex", "pm_card_chargeDeclined"));
    ids.put("paid", List.of(of(ids, "pi").getFirst()));
    String events = "SELECT event_id FROM merchant_event";
    Await.until("changes are told", () -> !gateway.database().lines(events).isEmpty());
    ids.put(
        "evt",
        gateway.database().lines(events).stream()
            .map(id -> PublicId.EVENT.of(UUID.fromString(id)))
            .collect(Collectors.toCollection(ArrayList::new)));
  }

  private static HttpResponse<String> post(TestGateway gateway, String payment, String form) {
    return gateway.post("/v1/payment_intents/" + payment, form);
  }

  private static List<String> of(Map<String, List<String>> ids, String kind) {
    return ids.computeIfAbsent(kind, absent -> new ArrayList<>());
  }

  private static String keep(Map<String, List<String>> ids, HttpResponse<String> answer) {
    JsonObject json = new JsonObject(answer.body());
    JsonObject object =
        json.containsKey("error")
            ? json.getJsonObject("error").getJsonObject("payment_intent")
            : json;
    if (object == null) {
      throw new AssertionError(answer.body());
    }
    String id = object.getString("id");
    of(ids, id.substring(0, id.indexOf('_'))).add(id);
    if (object.getString("client_secret") != null) {
      of(ids, "secret").add(object.getString("client_secret"));
    }
    String charge = object.getValue("latest_charge") instanceof String it ? it : null;
    if (charge != null) {
      of(ids, "ch").add(charge);
    }
    return id;
  }
}
