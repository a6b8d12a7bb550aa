package simulator;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

/**
 * One HTTP request, read to its end.
 *
 * @param query the raw query string, empty when there is none
 */
public record Inbound(String method, String path, String query, MultiMap headers, Buffer body) {}
