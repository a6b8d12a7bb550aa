package routes.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import payments.Refusal.Code;
import routes.api.Parameter.Use;

/**
 * All parameters of one endpoint, or of one hash within it: those that Sluice serves, those it
 * keeps, and those of Stripe's that it refuses by name. Whatever is not in the catalogue is
 * unknown.
 */
final class ParameterCatalogue {
  static final ParameterCatalogue NONE = new ParameterCatalogue(Map.of());

  /** Of an endpoint that refuses every request itself, whatever it holds. */
  static final ParameterCatalogue ANY = new ParameterCatalogue(Map.of());

  private final Map<String, Parameter> byName;

  private ParameterCatalogue(Map<String, Parameter> byName) {
    this.byName = byName;
  }

  static ParameterCatalogue of(Parameter... parameters) {
    return NONE.with(parameters);
  }

  /** This with more parameters. */
  ParameterCatalogue with(Parameter... parameters) {
    var all = new LinkedHashMap<>(byName);
    for (Parameter parameter : parameters) {
      if (all.put(parameter.name(), parameter) != null) {
        throw new IllegalArgumentException("declared twice: " + parameter.name());
      }
    }
    return new ParameterCatalogue(all);
  }

  /** This with names of Stripe's that are refused as unsupported. */
  ParameterCatalogue unsupported(String... names) {
    var all = new LinkedHashMap<>(byName);
    for (String name : names) {
      if (all.put(name, Parameter.unsupported(name)) != null) {
        throw new IllegalArgumentException("declared twice: " + name);
      }
    }
    return new ParameterCatalogue(all);
  }

  /** The names of all, served or not. */
  Set<String> names() {
    return byName.keySet();
  }

  boolean serves(String name) {
    Parameter parameter = byName.get(name);
    return parameter != null && parameter.use() != Use.UNSUPPORTED;
  }

  /** The parameters of a request, each of its type; the first fault refuses it. */
  CheckedParameters check(Map<String, Object> raw) {
    return new CheckedParameters(this, this == ANY ? Map.of() : checkHash("", raw));
  }

  /**
   * The fields of a hash, each of its type. An empty value stays as the empty text where it may
   * unset something.
   */
  Map<String, Object> checkHash(String path, Map<?, ?> raw) {
    var checked = new LinkedHashMap<String, Object>();
    raw.forEach(
        (key, value) -> {
          String name = (String) key;
          checked.put(name, checkOne(path, name, value));
        });
    for (Parameter parameter : byName.values()) {
      if (parameter.required() && !checked.containsKey(parameter.name())) {
        String param = Names.nested(path, parameter.name());
        throw new RefusedException(
            Code.PARAMETER_MISSING, "Missing required param: " + param + ".", param);
      }
    }
    return checked;
  }

  private Object checkOne(String path, String name, Object value) {
    String param = Names.nested(path, name);
    Parameter parameter = byName.get(name);
    if (parameter == null) {
      throw new RefusedException(
          Code.PARAMETER_UNKNOWN, "Received unknown parameter: " + param, param);
    }
    if (parameter.use() == Use.UNSUPPORTED) {
      throw new RefusedException(
          Code.PARAMETER_UNSUPPORTED, "Sluice does not support `" + param + "` yet.", param);
    }
    if (value.equals("")) {
      if (parameter.unsettable()) {
        return "";
      }
      throw new RefusedException(
          Code.PARAMETER_INVALID_EMPTY,
          "You passed an empty string for '"
              + param
              + "'. We assume empty values are an attempt to unset a field; however '"
              + param
              + "' cannot be unset. You should remove '"
              + param
              + "' from your request or supply a non-empty value.",
          param);
    }
    return parameter.type().check(param, value);
  }

  Set<Map.Entry<String, Parameter>> entries() {
    return byName.entrySet();
  }
}
