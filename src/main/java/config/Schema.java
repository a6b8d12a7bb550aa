package config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The properties there are, read off the record tree. */
public final class Schema {
  private Schema() {}

  /** Every property with its default; those within a list hold {@code []} in their name. */
  public static Map<String, Property> properties() {
    Map<String, Property> properties = new LinkedHashMap<>();
    collect("", Settings.class, properties);
    return properties;
  }

  /**
   * One property.
   *
   * @param defaultValue as written in a file, null where there is none
   * @param required whether somebody has to give it
   */
  public record Property(
      String name, Class<?> type, @Nullable String defaultValue, boolean required) {
    /** Lists of groups, and what is in them, come from the file only. */
    public boolean fileOnly() {
      return name.contains("[]");
    }

    /** The environment variable that sets it. */
    public String environmentVariable() {
      return "SLUICE_" + name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }
  }

  private static void collect(String prefix, Class<?> type, Map<String, Property> properties) {
    for (RecordComponent component : type.getRecordComponents()) {
      String name = prefix + nameOf(component);
      Class<?> group = groupOf(component);
      if (group == null) {
        Default given = component.getAnnotation(Default.class);
        properties.put(
            name,
            new Property(
                name,
                component.getType(),
                given == null ? null : given.value(),
                given == null && !isOptional(component)));
      } else if (component.getType().isRecord()) {
        collect(name + ".", group, properties);
      } else {
        collect(name + "[].", group, properties);
      }
    }
  }

  /** {@code maxBodyBytes} is {@code max-body-bytes} in files. */
  static String nameOf(RecordComponent component) {
    return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  static boolean isOptional(RecordComponent component) {
    return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  /** The record behind a group or a list of groups, null where the component is one property. */
  static @Nullable Class<?> groupOf(RecordComponent component) {
    if (component.getGenericType() instanceof ParameterizedType list
        && list.getActualTypeArguments()[0] instanceof Class<?> element
        && isGroup(element)) {
      return element;
    }
    return isGroup(component.getType()) ? component.getType() : null;
  }

  private static boolean isGroup(Class<?> type) {
    return type.isRecord() && type != Secret.class;
  }
}
