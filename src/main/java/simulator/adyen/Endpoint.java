package simulator.adyen;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import simulator.Operation;

/**
 * One method and path, what it is for, the fields it knows, and what it does.
 *
 * @param path segments after the version; {@code *} stands for an id
 * @param status of a good answer
 */
record Endpoint(
    String method,
    List<String> path,
    Operation operation,
    int status,
    Set<String> fields,
    Handler handler) {

  /** Carries out a request; throws {@link AdyenError} for every answer but the good one. */
  interface Handler {
    JsonObject handle(AdyenCall call);
  }

  static Endpoint post(
      String path, Operation operation, int status, Set<String> fields, Handler handler) {
    return new Endpoint("POST", List.of(path.split("/")), operation, status, fields, handler);
  }

  static Endpoint get(String path, Operation operation, int status, Handler handler) {
    return new Endpoint("GET", List.of(path.split("/")), operation, status, Set.of(), handler);
  }

  static Endpoint delete(String path, Operation operation, int status, Handler handler) {
    return new Endpoint("DELETE", List.of(path.split("/")), operation, status, Set.of(), handler);
  }

  /** The ids in the path; null when this is another endpoint. */
  @Nullable List<String> match(String requestMethod, List<String> segments) {
    if (!method.equals(requestMethod) || path.size() != segments.size()) {
      return null;
    }
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < path.size(); i++) {
      if (path.get(i).equals("*")) {
        ids.add(segments.get(i));
      } else if (!path.get(i).equals(segments.get(i))) {
        return null;
      }
    }
    return ids;
  }
}
