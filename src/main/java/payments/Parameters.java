package payments;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the merchant said of an object that the core keeps and shows but does not interpret:
 * metadata, shipping, descriptions, billing details and the like, in the names and nesting of the
 * wire. Values are String, Long, Boolean, or Map and List of these.
 */
public record Parameters(Map<String, Object> values) {
  public static final Parameters EMPTY = new Parameters(Map.of());

  public Parameters {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** The text at a top-level name, or null where there is none. */
  public @Nullable String text(String name) {
    return values.get(name) instanceof String text ? text : null;
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** The map at a top-level name, empty where there is none. */
  @SuppressWarnings("unchecked") // maps in here have string keys by construction
  public Map<String, Object> map(String name) {
    return values.get(name) instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  /** Metadata, empty where there is none. */
  public Map<String, Object> metadata() {
    return map("metadata");
  }

  /**
   * These with changes laid over them, as an update request means it (Stripe API: "Updating": an
   * empty value unsets; metadata is merged key by key). In {@code changes} the empty string stands
   * for unset.
   */
  public Parameters with(Parameters changes) {
    var merged = new LinkedHashMap<>(values);
    changes.values.forEach(
        (name, value) -> {
          if (value.equals("")) {
            merged.remove(name);
          } else if (name.equals("metadata") && value instanceof Map<?, ?>) {
            merged.put(name, mergedMetadata(changes.metadata()));
          } else {
            merged.put(name, value);
          }
        });
    return new Parameters(merged);
  }

  private Map<String, Object> mergedMetadata(Map<String, Object> changes) {
    var merged = new LinkedHashMap<>(metadata());
    changes.forEach(
        (key, value) -> {
          if (value.equals("")) {
            merged.remove(key);
          } else {
            merged.put(key, value);
          }
        });
    return merged;
  }
}
