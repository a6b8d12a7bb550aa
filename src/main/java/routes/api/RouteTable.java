package routes.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the endpoint of a method and path by one lookup. Every path of the API is {@code
 * /v1/resource[/id[/action[/id]]]}, so its shape is known by the number of its segments.
 */
final class RouteTable {
  private static final String ROOT = "/v1/";

  private final Map<String, Endpoint> byShape = new HashMap<>();

  /** An endpoint with the path that was asked and the ids in it. */
  record Match(Endpoint endpoint, String path, List<String> ids) {}

  static RouteTable of(List<List<Endpoint>> resources) {
    var table = new RouteTable();
    resources.forEach(
        endpoints ->
            endpoints.forEach(
                endpoint -> {
                  String[] segments = segments(endpoint.path());
                  if (table.byShape.put(shape(endpoint.method(), segments), endpoint) != null) {
                    throw new IllegalArgumentException("declared twice: " + endpoint);
                  }
                }));
    return table;
  }

  Optional<Match> find(String method, String path) {
    if (!path.startsWith(ROOT)) {
      return Optional.empty();
    }
    String[] segments = segments(path);
    if (segments.length > 4) {
      return Optional.empty();
    }
    Endpoint endpoint = byShape.get(shape(method, segments));
    if (endpoint == null) {
      return Optional.empty();
    }
    var ids = new ArrayList<String>(2);
    for (int i = 1; i < segments.length; i += 2) {
      ids.add(segments[i]);
    }
    return Optional.of(new Match(endpoint, path, ids));
  }

  private static String[] segments(String path) {
    return path.substring(ROOT.length()).split("/", -1);
  }

  /** Method and path with a star for each id; an empty id is none. */
  private static String shape(String method, String[] segments) {
    var shape = new StringBuilder(48).append(method);
    for (int i = 0; i < segments.length; i++) {
      boolean id = i % 2 == 1 && !segments[i].isEmpty();
      shape.append('/').append(id ? "*" : segments[i]);
    }
    return shape.toString();
  }
}
