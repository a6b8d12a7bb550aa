package simulator;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import simulator.webhooks.EventMatch;
import simulator.webhooks.WebhookFault;
import simulator.webhooks.WebhookFaults;

/**
 * Fault rules as JSON: {@code {"fault": "drop", "after_effect": true, "times": 2, "match":
 * {"operation": "capture"}}}. Faults: delay (with latency), hang, drop, server_error, rate_limited,
 * unauthorized, key_in_use, lock_timeout, page, garbage, misstate, wrong_amount; and for events,
 * {@code {"fault": "webhook_duplicate", "copies": 2, "match": {"type": "charge.*"}}}:
 * webhook_delay, webhook_duplicate, webhook_shuffle, webhook_drop, webhook_wrong_signature,
 * webhook_before_answer, webhook_stale.
 */
final class FaultJson {
  private static final int DEFAULT_STATUS = 500;
  private static final int DEFAULT_PAGE_STATUS = 403;
  private static final String WEBHOOK = "webhook_";
  private static final int DEFAULT_WINDOW = 10;
  private static final long DEFAULT_LONGEST_MS = 1_000;

  private FaultJson() {}

  static ScriptRule<?, ?, ?> add(Faults faults, JsonObject rule) {
    Double rate = rule.getDouble("rate");
    Integer times = rule.getInteger("times");
    JsonObject matching = rule.getJsonObject("match", new JsonObject());
    if (rule.getString("fault", "").startsWith(WEBHOOK)) {
      WebhookFaults events = faults.webhooks();
      EventMatch match = WebhookControls.match(matching);
      WebhookFault fault = webhookFault(rule);
      if (rate != null) {
        return events.atRate(rate, match, fault);
      }
      return times == null ? events.always(match, fault) : events.next(times, match, fault);
    }
    CallMatch match = match(matching);
    Fault fault = fault(rule);
    if (rate != null) {
      return faults.atRate(rate, match, fault);
    }
    return times == null ? faults.always(match, fault) : faults.next(times, match, fault);
  }

  private static WebhookFault webhookFault(JsonObject json) {
    JsonObject latency = json.getJsonObject("latency");
    Latency spacing = latency == null ? Latency.NONE : latency(latency);
    String name = json.getString("fault").substring(WEBHOOK.length());
    return switch (name) {
      case "delay" -> new WebhookFault.Delay(latency(latency));
      case "duplicate" -> new WebhookFault.Duplicate(json.getInteger("copies", 1), spacing);
      case "shuffle" ->
          new WebhookFault.Shuffle(
              json.getInteger("window", DEFAULT_WINDOW),
              Duration.ofMillis(json.getLong("longest_ms", DEFAULT_LONGEST_MS)));
      case "drop" -> {
        Long resendAfterMs = json.getLong("resend_after_ms");
        yield new WebhookFault.Drop(
            resendAfterMs == null ? null : Duration.ofMillis(resendAfterMs));
      }
      case "wrong_signature" -> new WebhookFault.WrongSignature(json.getBoolean("mended", true));
      case "before_answer" -> new WebhookFault.BeforeAnswer();
      case "stale" -> new WebhookFault.Stale(spacing);
      default -> throw new IllegalArgumentException("no fault is named '" + WEBHOOK + name + "'");
    };
  }

  private static CallMatch match(JsonObject json) {
    CallMatch match = CallMatch.any();
    String account = json.getString("account");
    if (account != null) {
      match = match.account(account);
    }
    String operation = json.getString("operation");
    if (operation != null && !operation.equals("any")) {
      match = match.operation(Operation.valueOf(operation.toUpperCase(Locale.ROOT)));
    }
    String path = json.getString("path");
    if (path != null) {
      match = match.path(path);
    }
    String key = json.getString("idempotency_key");
    if (key != null) {
      match = match.idempotencyKey(key);
    }
    for (Map.Entry<String, Object> entry : json.getJsonObject("metadata", new JsonObject())) {
      match = match.metadata(entry.getKey(), String.valueOf(entry.getValue()));
    }
    return match;
  }

  private static Fault fault(JsonObject json) {
    boolean afterEffect = json.getBoolean("after_effect", false);
    String name = json.getString("fault", "");
    return switch (name) {
      case "delay" -> new Fault.Delay(latency(json.getJsonObject("latency")), afterEffect);
      case "hang" -> new Fault.Hang(afterEffect);
      case "drop" -> new Fault.Drop(afterEffect);
      case "server_error" ->
          failure(json, Refusal.Kind.SERVER_ERROR, json.getInteger("status", DEFAULT_STATUS));
      case "rate_limited" -> failure(json, Refusal.Kind.RATE_LIMITED, 429);
      case "unauthorized" -> failure(json, Refusal.Kind.UNAUTHORIZED, 401);
      case "key_in_use" -> failure(json, Refusal.Kind.IDEMPOTENCY_KEY_IN_USE, 409);
      case "lock_timeout" -> failure(json, Refusal.Kind.LOCK_TIMEOUT, 429);
      case "page" -> new Fault.Page(json.getInteger("status", DEFAULT_PAGE_STATUS));
      case "garbage" ->
          new Fault.Garbage(
              Fault.Garbage.Form.valueOf(
                  json.getString("form", "not_json").toUpperCase(Locale.ROOT)));
      case "misstate" ->
          new Fault.Misstatement(
              Fault.Misstatement.Field.valueOf(
                  json.getString("field", "").toUpperCase(Locale.ROOT)),
              json.getLong("skew", 0L),
              json.getString("value", ""));
      case "wrong_amount" -> new Fault.WrongAmount(json.getLong("skew", 1L));
      default -> throw new IllegalArgumentException("no fault is named '" + name + "'");
    };
  }

  private static Fault failure(JsonObject json, Refusal.Kind kind, int status) {
    Long retryAfterMs = json.getLong("retry_after_ms");
    return new Fault.Failure(
        new Refusal(kind, status, retryAfterMs == null ? null : Duration.ofMillis(retryAfterMs)),
        json.getBoolean("after_effect", false),
        json.getBoolean("kept", false));
  }

  private static Latency latency(@Nullable JsonObject json) {
    if (json == null) {
      throw new IllegalArgumentException("a delay needs a latency");
    }
    return switch (json.getString("kind", "fixed")) {
      case "fixed" -> new Latency.Fixed(ms(json, "ms"));
      case "uniform" -> new Latency.Uniform(ms(json, "min_ms"), ms(json, "max_ms"));
      case "lognormal" -> new Latency.LogNormal(ms(json, "median_ms"), ms(json, "p99_ms"));
      default -> throw new IllegalArgumentException("a latency is fixed, uniform or lognormal");
    };
  }

  private static Duration ms(JsonObject json, String name) {
    Long value = json.getLong(name);
    if (value == null) {
      throw new IllegalArgumentException("the latency lacks " + name);
    }
    return Duration.ofMillis(value);
  }
}
