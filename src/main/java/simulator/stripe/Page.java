package simulator.stripe;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Stripe's lists: newest first, with cursors and creation filters. */
final class Page {
  static final Set<String> PARAMS = Set.of("limit", "starting_after", "ending_before", "created");
  private static final long LARGEST = 100;
  private static final long USUAL = 10;

  private Page() {}

  /** The part of the items (newest first) that was asked for. */
  static <T> JsonObject of(
      String url,
      Params params,
      Collection<T> newestFirst,
      Function<T, String> id,
      Function<T, Instant> createdAt,
      Function<T, JsonObject> render) {
    int limit = limit(params);
    List<T> items =
        newestFirst.stream().filter(item -> inRange(params, createdAt.apply(item))).toList();
    String after = params.text("starting_after");
    String before = params.text("ending_before");
    List<T> shown;
    boolean more;
    if (before != null) {
      List<T> newer = items.subList(0, position(items, id, before, "ending_before"));
      more = newer.size() > limit;
      shown = newer.subList(Math.max(0, newer.size() - limit), newer.size());
    } else {
      int from = after == null ? 0 : position(items, id, after, "starting_after") + 1;
      List<T> older = items.subList(from, items.size());
      more = older.size() > limit;
      shown = older.subList(0, Math.min(limit, older.size()));
    }
    JsonArray data = new JsonArray();
    shown.forEach(item -> data.add(render.apply(item)));
    return new JsonObject()
        .put("object", "list")
        .put("data", data)
        .put("has_more", more)
        .put("url", url);
  }

  static int limit(Params params) {
    Long limit = params.integer("limit");
    if (limit == null) {
      return (int) USUAL;
    }
    if (limit < 1 || limit > LARGEST) {
      throw StripeError.invalid(null, "limit", "Invalid limit: must be between 1 and 100");
    }
    return limit.intValue();
  }

  private static <T> int position(
      List<T> items, Function<T, String> id, String wanted, String param) {
    for (int i = 0; i < items.size(); i++) {
      if (id.apply(items.get(i)).equals(wanted)) {
        return i;
      }
    }
    throw StripeError.invalid("resource_missing", param, "No such object: '" + wanted + "'");
  }

  private static boolean inRange(Params params, Instant createdAt) {
    if (!params.has("created")) {
      return true;
    }
    long created = createdAt.getEpochSecond();
    if (params.raw("created") instanceof String exact) {
      return created == seconds(exact, Long.MAX_VALUE);
    }
    return created >= seconds(params.nested("created", "gte"), Long.MIN_VALUE)
        && created <= seconds(params.nested("created", "lte"), Long.MAX_VALUE)
        && created > seconds(params.nested("created", "gt"), Long.MIN_VALUE)
        && created < seconds(params.nested("created", "lt"), Long.MAX_VALUE);
  }

  private static long seconds(@Nullable String value, long otherwise) {
    try {
      return value == null ? otherwise : Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw StripeError.invalid("parameter_invalid_integer", "created", "Invalid timestamp");
    }
  }

  /** The list's own parameters and some of the endpoint's. */
  static Set<String> params(String... more) {
    List<String> all = new ArrayList<>(PARAMS);
    Collections.addAll(all, more);
    return Set.copyOf(all);
  }
}
