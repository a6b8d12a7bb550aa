package outbox;

import io.vertx.core.json.JsonObject;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.DeclineCode;
import payments.PublicId;
import store.EventLog.Event;

/**
 * What an event says: our own JSON, made of the rows as the change left them. Only what is named
 * here is told, so a column that is added later stays inside until it is named, too. Its shape is
 * published as JSON schemas ({@code schemas/events}); what is not known is left out, never null.
 */
final class EventData {
  private EventData() {}

  /** The event with all it has to say. */
  static JsonObject of(Event event) {
    return of(event, true);
  }

  /** The event without the merchant's own words, for a broker that refuses the whole as too big. */
  static JsonObject shortened(Event event) {
    return of(event, false).put("shortened", true);
  }

  private static JsonObject of(Event event, boolean whole) {
    JsonObject data =
        new JsonObject()
            .put("event", event.event())
            .put("sequence", event.sequence())
            .put("created", event.createdAt().toString())
            .put("merchant", event.merchantId())
            .put("livemode", event.livemode());
    put(data, "from_status", event.fromStatus());
    data.put("to_status", event.toStatus())
        .put("cause", event.cause())
        .put("actor", event.actor())
        .put("payment", payment(event, new JsonObject(event.payment()), whole));
    String operation = event.operation();
    if (operation != null) {
      data.put("operation", operation(new JsonObject(operation), whole));
    }
    String dispute = event.dispute();
    if (dispute != null) {
      data.put("dispute", dispute(new JsonObject(dispute)));
    }
    return data;
  }

  private static JsonObject payment(Event event, JsonObject row, boolean whole) {
    JsonObject payment = new JsonObject().put("id", PublicId.PAYMENT.of(event.paymentId()));
    copy(
        row,
        payment,
        "status",
        "amount",
        "currency",
        "capture_method",
        "authorized",
        "captured",
        "refund_reserved",
        "refunded",
        "disputed");
    id(row, "customer_id", payment, "customer", PublicId.CUSTOMER);
    rename(row, "payment_method_id", payment, "payment_method");
    id(row, "latest_charge", payment, "latest_charge", PublicId.CHARGE);
    decline(row.getJsonObject("last_error"), payment, "last_decline");
    copy(row, payment, "cancellation_reason");
    time(row, "canceled_at", payment, "canceled");
    if (whole) {
      copy(row, payment, "description", "metadata");
    }
    return payment;
  }

  private static JsonObject operation(JsonObject row, boolean whole) {
    String kind = row.getString("kind");
    UUID id = UUID.fromString(row.getString("operation_id"));
    JsonObject operation = new JsonObject().put("id", operationId(kind, id));
    copy(row, operation, "kind", "status", "amount", "currency");
    id(row, "charge_id", operation, "charge", PublicId.CHARGE);
    rename(row, "payment_method_id", operation, "payment_method");
    rename(row, "psp_account_id", operation, "psp_account");
    copy(row, operation, "psp_reference", "psp_charge_reference", "attempts", "gives_back");
    routing(row.getJsonObject("routing"), operation);
    JsonObject result = row.getJsonObject("result");
    if (result != null) {
      card(result.getJsonObject("card"), operation);
      decline(result.getJsonObject("decline"), operation, "decline");
    }
    copy(row, operation, "held_reason", "reason");
    if (whole) {
      copy(row, operation, "metadata");
    }
    time(row, "updated_at", operation, "updated");
    return operation;
  }

  /** Why it went to its PSP account; where that was the second try, after which one. */
  private static void routing(@Nullable JsonObject routing, JsonObject target) {
    if (routing != null) {
      JsonObject told = new JsonObject();
      copy(routing, told, "reason", "place");
      JsonObject after = routing.getJsonObject("after");
      if (after != null) {
        JsonObject before = new JsonObject();
        rename(after, "account", before, "psp_account");
        copy(after, before, "why");
        told.put("after", before);
      }
      target.put("routing", told);
    }
  }

  /**
   * As merchants know it; what they never see by itself has its digits under a prefix of its own.
   */
  private static String operationId(String kind, UUID id) {
    return switch (kind) {
      case "authorize" -> PublicId.CHARGE.of(id);
      case "refund" -> PublicId.REFUND.of(id);
      default -> "op_" + PublicId.digits(id);
    };
  }

  /** Brand and last four digits: enough to recognize a card, and no more. */
  private static void card(@Nullable JsonObject card, JsonObject target) {
    if (card != null && card.containsKey("brand")) {
      JsonObject told = new JsonObject();
      copy(card, told, "brand", "last4");
      target.put("card", told);
    }
  }

  private static void decline(@Nullable JsonObject decline, JsonObject target, String name) {
    if (decline == null) {
      return;
    }
    JsonObject told = reason(decline.getString("reason"));
    rename(decline, "raw_code", told, "psp_code");
    copy(decline, told, "advice_code");
    target.put(name, told);
  }

  /** One that is not on our list is a later version's, which ran here before this one. */
  private static JsonObject reason(String name) {
    for (DeclineCode code : DeclineCode.values()) {
      if (code.name().equals(name)) {
        JsonObject known = new JsonObject().put("code", code.errorCode());
        put(known, "decline_code", code.declineCode());
        return known;
      }
    }
    return new JsonObject()
        .put("code", DeclineCode.UNLISTED_DECLINE.errorCode())
        .put("decline_code", name.toLowerCase(Locale.ROOT));
  }

  private static JsonObject dispute(JsonObject row) {
    JsonObject dispute = new JsonObject();
    id(row, "dispute_id", dispute, "id", PublicId.DISPUTE);
    id(row, "charge_id", dispute, "charge", PublicId.CHARGE);
    copy(row, dispute, "status", "amount", "currency", "reason");
    rename(row, "psp_account_id", dispute, "psp_account");
    copy(row, dispute, "psp_reference");
    time(row, "created_at", dispute, "created");
    time(row, "updated_at", dispute, "updated");
    return dispute;
  }

  private static void copy(JsonObject from, JsonObject to, String... names) {
    for (String name : names) {
      put(to, name, from.getValue(name));
    }
  }

  private static void rename(JsonObject from, String name, JsonObject to, String newName) {
    put(to, newName, from.getValue(name));
  }

  private static void id(JsonObject from, String name, JsonObject to, String newName, PublicId as) {
    String id = from.getString(name);
    if (id != null) {
      to.put(newName, as.of(UUID.fromString(id)));
    }
  }

  /** PostgreSQL's time with its offset, in UTC. */
  private static void time(JsonObject from, String name, JsonObject to, String newName) {
    String time = from.getString(name);
    if (time != null) {
      to.put(newName, OffsetDateTime.parse(time).toInstant().toString());
    }
  }

  private static void put(JsonObject json, String name, @Nullable Object value) {
    if (value != null) {
      json.put(name, value);
    }
  }
}
