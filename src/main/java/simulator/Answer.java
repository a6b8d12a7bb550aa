package simulator;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/** An HTTP answer before it is written. */
public record Answer(int status, Map<String, String> headers, Buffer body) {

  public static Answer json(int status, JsonObject body) {
    return new Answer(status, Map.of("Content-Type", "application/json"), body.toBuffer());
  }

  public static Answer html(int status, String body) {
    return new Answer(
        status, Map.of("Content-Type", "text/html; charset=utf-8"), Buffer.buffer(body));
  }

  /** Sends a browser elsewhere, by GET. */
  public static Answer seeOther(String location) {
    return new Answer(303, Map.of("Location", location), Buffer.buffer());
  }

  public Answer with(String header, String value) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(header, value);
    return new Answer(status, all, body);
  }

  public Answer withBody(Buffer replacement) {
    return new Answer(status, headers, replacement);
  }
}
