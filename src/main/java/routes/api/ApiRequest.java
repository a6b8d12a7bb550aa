package routes.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.Command.CreatedRange;
import payments.Command.Page;
import payments.PublicId;
import payments.Refusal.Code;
import payments.RequestContext;

/**
 * A request that was authenticated, read and checked: what a route makes its command from.
 *
 * @param path as it was asked
 * @param ids the ids in the path
 */
record ApiRequest(
    RequestContext context, String path, List<String> ids, CheckedParameters parameters) {
  private static final int DEFAULT_LIMIT = 10;

  /**
   * The object a path is about.
   *
   * @param object what Stripe calls it in messages
   * @param param what Stripe blames for a missing one
   */
  UUID id(PublicId kind, String object, String param) {
    String text = ids.getFirst();
    return kind.parse(text).orElseThrow(() -> missing(Code.RESOURCE_MISSING, object, text, param));
  }

  /** A payment method in the path: its id may be a PSP's, so it is text. */
  String paymentMethodId(int place) {
    String text = ids.get(place);
    if (!plain(text)) {
      throw missing(Code.RESOURCE_MISSING, "PaymentMethod", text, "payment_method");
    }
    return text;
  }

  /** The object a parameter names, or null where the request does not give it. */
  @Nullable UUID reference(String param, PublicId kind, String object) {
    String text = parameters.text(param);
    return text == null
        ? null
        : kind.parse(text).orElseThrow(() -> missing(Code.REFERENCE_MISSING, object, text, param));
  }

  /** As {@link #reference}, of a parameter that the catalogue requires. */
  UUID requiredReference(String param, PublicId kind, String object) {
    UUID id = reference(param, kind, object);
    if (id == null) {
      throw new IllegalStateException("the catalogue does not require " + param);
    }
    return id;
  }

  /** The part of a list that is asked for, whose objects have ids of ours. */
  Page page(PublicId kind, String object) {
    reference("starting_after", kind, object);
    reference("ending_before", kind, object);
    return page();
  }

  /** The part of a list that is asked for. */
  Page page() {
    parameters.exclusive("starting_after", "ending_before");
    Long limit = parameters.number("limit");
    return new Page(
        limit == null ? DEFAULT_LIMIT : limit.intValue(),
        parameters.text("starting_after"),
        parameters.text("ending_before"),
        created());
  }

  private CreatedRange created() {
    Long exact = parameters.number("created");
    if (exact != null) {
      return new CreatedRange(Instant.ofEpochSecond(exact), Instant.ofEpochSecond(exact + 1));
    }
    Map<String, Object> bounds = parameters.hash("created");
    if (bounds.isEmpty()) {
      return CreatedRange.ALL;
    }
    // Whole seconds on the wire: after second n means from n + 1, up to n means before n + 1.
    Instant from = later(bound(bounds, "gte", 0), bound(bounds, "gt", 1));
    Instant to = earlier(bound(bounds, "lt", 0), bound(bounds, "lte", 1));
    return new CreatedRange(from, to);
  }

  private static @Nullable Instant bound(Map<String, Object> bounds, String name, long offset) {
    return bounds.get(name) instanceof Long seconds
        ? Instant.ofEpochSecond(seconds + offset)
        : null;
  }

  private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.isAfter(other) ? one : other;
  }

  private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.isBefore(other) ? one : other;
  }

  private static RefusedException missing(Code code, String object, String id, String param) {
    String message =
        plain(id) && !CardNumbers.in(id)
            ? "No such " + object + ": '" + Names.clip(id) + "'"
            : "No such " + object + ".";
    return new RefusedException(code, message, param);
  }

  /** Whether a text can be an id at all. */
  static boolean plain(String id) {
    if (id.isEmpty() || id.length() > 255) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      char next = id.charAt(i);
      boolean allowed =
          (next >= '0' && next <= '9')
              || (next >= 'a' && next <= 'z')
              || (next >= 'A' && next <= 'Z')
              || next == '_'
              || next == '-';
      if (!allowed) {
        return false;
      }
    }
    return true;
  }
}
