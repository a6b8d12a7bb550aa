package simulator.stripe;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import simulator.Ids;
import simulator.Metadata;
import simulator.Operation;

/** {@code /v1/customers}. */
final class Customers {
  private static final List<String> PLAIN = List.of("description", "email", "name", "phone");
  private static final Set<String> PARAMS = params();

  private final StripeWorld world;
  private final PaymentMethods paymentMethods;

  Customers(StripeWorld world, PaymentMethods paymentMethods) {
    this.world = world;
    this.paymentMethods = paymentMethods;
  }

  private static Set<String> params() {
    Set<String> all = new HashSet<>(PLAIN);
    all.addAll(
        Set.of(
            "address",
            "invoice_settings",
            "metadata",
            "payment_method",
            "preferred_locales",
            "shipping",
            "tax_exempt"));
    return all;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.post("customers", Operation.OTHER, PARAMS, this::create),
        Endpoint.get("customers", Operation.SEARCH, Page.params("email"), this::list),
        Endpoint.get("customers/*", Operation.RETRIEVE, Set.of(), this::retrieve),
        Endpoint.post("customers/*", Operation.OTHER, PARAMS, this::update),
        Endpoint.delete("customers/*", Operation.OTHER, this::delete));
  }

  private JsonObject create(StripeCall call) {
    Customer customer =
        new Customer(
            Ids.next("cus_"),
            call.account().id(),
            world.now(),
            call.params().metadata(Map.of()),
            attributes(call.params(), new JsonObject()),
            false);
    call.account().save(customer);
    String paymentMethod = call.params().text("payment_method");
    if (paymentMethod != null) {
      paymentMethods.attach(call.account(), paymentMethod, customer.id());
    }
    return render(customer);
  }

  private JsonObject list(StripeCall call) {
    String email = call.params().text("email");
    return Page.of(
        "/v1/customers",
        call.params(),
        call.account().customers().stream()
            .filter(customer -> !customer.deleted())
            .filter(
                customer -> email == null || email.equals(customer.attributes().getString("email")))
            .toList(),
        Customer::id,
        Customer::createdAt,
        Customers::render);
  }

  private JsonObject retrieve(StripeCall call) {
    return render(require(call));
  }

  private JsonObject update(StripeCall call) {
    Customer customer = requireLiving(call);
    return render(
        call.account()
            .save(
                new Customer(
                    customer.id(),
                    customer.account(),
                    customer.createdAt(),
                    call.params().metadata(customer.metadata()),
                    attributes(call.params(), customer.attributes().copy()),
                    false)));
  }

  private JsonObject delete(StripeCall call) {
    Customer customer = requireLiving(call);
    call.account().paymentMethods().stream()
        .filter(method -> customer.id().equals(method.customer()))
        .toList()
        .forEach(method -> call.account().save(method.detached()));
    return render(
        call.account()
            .save(
                new Customer(
                    customer.id(),
                    customer.account(),
                    customer.createdAt(),
                    customer.metadata(),
                    customer.attributes(),
                    true)));
  }

  private static Customer require(StripeCall call) {
    return call.account()
        .customer(call.id())
        .orElseThrow(() -> StripeError.notFound("customer", call.id(), "id"));
  }

  private static Customer requireLiving(StripeCall call) {
    Customer customer = require(call);
    if (customer.deleted()) {
      throw StripeError.notFound("customer", call.id(), "id");
    }
    return customer;
  }

  private static JsonObject attributes(Params params, JsonObject attributes) {
    for (String name : PLAIN) {
      if (params.has(name)) {
        attributes.put(name, params.text(name));
      }
    }
    for (String name : List.of("address", "shipping", "preferred_locales", "invoice_settings")) {
      if (params.has(name)) {
        attributes.put(name, "".equals(params.raw(name)) ? null : params.raw(name));
      }
    }
    if (params.has("tax_exempt")) {
      attributes.put("tax_exempt", params.text("tax_exempt", "none"));
    }
    return attributes;
  }

  static JsonObject render(Customer customer) {
    if (customer.deleted()) {
      return new JsonObject()
          .put("id", customer.id())
          .put("object", "customer")
          .put("deleted", true);
    }
    JsonObject given = customer.attributes();
    JsonObject json = new JsonObject().put("id", customer.id()).put("object", "customer");
    PLAIN.forEach(name -> json.put(name, given.getString(name)));
    JsonObject address = given.getJsonObject("address");
    return json.put("address", address == null ? null : PaymentMethodJson.address(address))
        .put("balance", 0)
        .put("created", customer.createdAt().getEpochSecond())
        .putNull("currency")
        .putNull("default_source")
        .put("delinquent", false)
        .putNull("discount")
        .put(
            "invoice_prefix", "%07X".formatted(Math.floorMod(customer.id().hashCode(), 0x10000000)))
        .put("invoice_settings", invoiceSettings(given))
        .put("livemode", false)
        .put("metadata", Metadata.toJson(customer.metadata()))
        .put("next_invoice_sequence", 1)
        .put("preferred_locales", given.getJsonArray("preferred_locales", new JsonArray()))
        .put("shipping", IntentJson.shipping(given.getJsonObject("shipping")))
        .put("tax_exempt", given.getString("tax_exempt", "none"))
        .putNull("test_clock");
  }

  private static JsonObject invoiceSettings(JsonObject given) {
    JsonObject settings = given.getJsonObject("invoice_settings");
    return new JsonObject()
        .putNull("custom_fields")
        .put(
            "default_payment_method",
            settings == null ? null : settings.getString("default_payment_method"))
        .putNull("footer")
        .putNull("rendering_options");
  }
}
