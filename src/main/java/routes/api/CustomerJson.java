package routes.api;

import java.util.List;
import java.util.Map;
import payments.Customer;
import payments.IdSource;
import payments.Parameters;

/** A customer (Stripe API: The Customer object). A deleted one shows that and nothing else. */
final class CustomerJson {
  private CustomerJson() {}

  static void write(JsonWriter json, Customer customer) {
    if (customer.deleted()) {
      writeDeleted(json, customer);
      return;
    }
    Parameters said = customer.parameters();
    json.beginObject().field("id", customer.publicId()).field("object", "customer");
    if (said.has("address")) {
      Fragments.address(json, said.map("address"));
    } else {
      json.nullField("address");
    }
    json.field("balance", 0);
    if (said.has("business_name")) {
      json.field("business_name", said.text("business_name"));
    }
    json.field("created", IdSource.createdAt(customer.id()).getEpochSecond())
        .nullField("currency")
        .nullField("default_source")
        .field("delinquent", false)
        .field("description", said.text("description"))
        .nullField("discount")
        .field("email", said.text("email"));
    if (said.has("individual_name")) {
      json.field("individual_name", said.text("individual_name"));
    }
    json.nullField("invoice_prefix")
        .name("invoice_settings")
        .beginObject()
        .nullField("custom_fields")
        .nullField("default_payment_method")
        .nullField("footer")
        .nullField("rendering_options")
        .endObject()
        .field("livemode", customer.livemode())
        .field("metadata", said.metadata())
        .field("name", said.text("name"))
        .field("next_invoice_sequence", 1)
        .field("phone", said.text("phone"))
        .field("preferred_locales", said.values().getOrDefault("preferred_locales", List.of()));
    shipping(json, said);
    json.field("tax_exempt", said.has("tax_exempt") ? said.text("tax_exempt") : "none")
        .nullField("test_clock")
        .endObject();
  }

  static void writeDeleted(JsonWriter json, Customer customer) {
    json.beginObject()
        .field("id", customer.publicId())
        .field("object", "customer")
        .field("deleted", true)
        .endObject();
  }

  /** A customer's shipping knows no carrier, unlike a payment's. */
  private static void shipping(JsonWriter json, Parameters said) {
    Map<String, Object> shipping = said.map("shipping");
    if (shipping.isEmpty()) {
      json.nullField("shipping");
      return;
    }
    json.name("shipping").beginObject();
    Fragments.address(
        json, shipping.get("address") instanceof Map<?, ?> address ? address : Map.of());
    json.field("name", shipping.get("name")).field("phone", shipping.get("phone")).endObject();
  }
}
