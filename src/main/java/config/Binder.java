package config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fills the record tree from nested maps. It does not stop at a problem: a stand-in takes the place
 * of what is missing or unfit, so that everything else is still checked. What it makes may be used
 * only when there are no problems.
 */
final class Binder {
  private final Problems problems;

  Binder(Problems problems) {
    this.problems = problems;
  }

  <R> R bind(String path, Class<R> type, Map<?, ?> given) {
    Map<String, RecordComponent> components = new LinkedHashMap<>();
    for (RecordComponent component : type.getRecordComponents()) {
      components.put(Schema.nameOf(component), component);
    }
    for (Object key : given.keySet()) {
      if (!components.containsKey(String.valueOf(key))) {
        String near = Suggestion.nearest(String.valueOf(key), components.keySet());
        problems.add(
            below(path, String.valueOf(key)),
            "is not a property"
                + (near == null ? "" : "; did you mean " + below(path, near) + "?"));
      }
    }
    List<@Nullable Object> values = new ArrayList<>();
    components.forEach(
        (name, component) -> values.add(value(below(path, name), component, given.get(name))));
    R bound = create(type, values);
    if (bound instanceof Checked checked) {
      checked.check(problems.section(path));
    }
    return bound;
  }

  private @Nullable Object value(String path, RecordComponent component, @Nullable Object given) {
    Class<?> group = Schema.groupOf(component);
    if (group != null && component.getType().isRecord()) {
      if (given != null && !(given instanceof Map)) {
        problems.add(path, "must be a group of properties");
      }
      return bind(path, group, given instanceof Map<?, ?> map ? map : Map.of());
    }
    if (group != null) {
      return groups(path, group, given);
    }
    return property(path, component, given);
  }

  private List<Object> groups(String path, Class<?> group, @Nullable Object given) {
    List<Object> bound = new ArrayList<>();
    if (given != null && !(given instanceof List)) {
      problems.add(path, "must be a list, which only the configuration file can hold");
    }
    if (given instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        String at = path + "[" + i + "]";
        if (list.get(i) instanceof Map<?, ?> map) {
          bound.add(bind(at, group, map));
        } else {
          problems.add(at, "must be a group of properties");
        }
      }
    }
    return bound;
  }

  private @Nullable Object property(
      String path, RecordComponent component, @Nullable Object given) {
    Default standard = component.getAnnotation(Default.class);
    Object raw = given == null && standard != null ? standard.value() : given;
    Class<?> type = component.getType();
    if (raw == null) {
      if (Schema.isOptional(component)) {
        return null;
      }
      problems.add(path, "is missing");
      return Values.placeholder(type);
    }
    try {
      Object value = Values.convert(type, raw);
      limit(component, value);
      return value;
    } catch (Values.Unfit unfit) {
      String shown = Values.shown(type, raw);
      problems.add(
          path, (shown == null ? "" : "is " + shown + ", ") + "must be " + unfit.expected());
      return fallback(type, standard);
    }
  }

  private static Object fallback(Class<?> type, @Nullable Default standard) {
    try {
      return standard == null ? Values.placeholder(type) : Values.convert(type, standard.value());
    } catch (Values.Unfit broken) {
      throw new IllegalStateException("a default that does not fit", broken);
    }
  }

  private static void limit(RecordComponent component, Object value) throws Values.Unfit {
    Range range = component.getAnnotation(Range.class);
    if (range != null && value instanceof Integer number) {
      if (number < range.min() || number > range.max()) {
        throw new Values.Unfit("a whole number from %d to %d".formatted(range.min(), range.max()));
      }
    }
    if (value instanceof Duration duration
        && duration.isZero()
        && !component.isAnnotationPresent(MayBeZero.class)) {
      throw new Values.Unfit("above zero");
    }
  }

  private static String below(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private static <R> R create(Class<R> type, List<@Nullable Object> values) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      return type.getDeclaredConstructor(types).newInstance(values.toArray());
    } catch (InvocationTargetException failed) {
      throw new IllegalStateException("a settings record refused its values", failed);
    } catch (ReflectiveOperationException broken) {
      throw new IllegalStateException("a settings record that cannot be made", broken);
    }
  }
}
