package psp.stripe;

import com.stripe.exception.ApiException;
import com.stripe.exception.StripeException;
import com.stripe.net.HttpClient;
import com.stripe.net.HttpContent;
import com.stripe.net.HttpHeaders;
import com.stripe.net.StripeRequest;
import com.stripe.net.StripeResponse;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import psp.PspConnections;
import psp.TransportFailure;
import psp.TransportFailure.Stage;

/**
 * stripe-java's transport over the Vert.x HTTP client of one account. {@link #request} blocks the
 * virtual thread that calls it, never a carrier thread or an event loop.
 */
final class VertxStripeHttpClient extends HttpClient {
  private static final String USER_AGENT_DETAILS = buildXStripeClientUserAgentString();

  private final PspConnections connections;

  VertxStripeHttpClient(PspConnections connections) {
    this.connections = connections;
  }

  @Override
  public StripeResponse request(StripeRequest request) throws StripeException {
    HttpContent content = request.content();
    Buffer body = content == null ? null : Buffer.buffer(content.byteArrayContent());
    // The exchange runs on an event loop; this thread only waits.
    return readable(
        await(connections.call(optionsOf(request), body).map(VertxStripeHttpClient::response)));
  }

  /**
   * Stops error answers that are not Stripe's (a proxy's page, an empty body) before stripe-java
   * sees them: it fails on some of them without telling the status, which we need.
   */
  static StripeResponse readable(StripeResponse response) throws StripeException {
    boolean success = response.code() >= 200 && response.code() < 300;
    if (success || isError(response.body())) {
      return response;
    }
    throw new ApiException(
        "an error answer without an error", response.requestId(), null, response.code(), null);
  }

  private static boolean isError(String body) {
    try {
      return Json.decodeValue(body) instanceof JsonObject object
          && object.getValue("error") instanceof JsonObject;
    } catch (DecodeException notJson) {
      return false;
    }
  }

  private static StripeResponse await(Future<StripeResponse> answer) throws StripeException {
    try {
      return answer.await();
    } catch (Exception e) {
      if (e instanceof StripeException stripe) {
        throw stripe;
      }
      throw new StripeTransportException(
          e instanceof TransportFailure failure
              ? failure
              : new TransportFailure(Stage.CONNECTION_LOST, e));
    }
  }

  private static RequestOptions optionsOf(StripeRequest request) {
    URL url = request.url();
    boolean tls = url.getProtocol().equals("https");
    int port = url.getPort() == -1 ? url.getDefaultPort() : url.getPort();
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.valueOf(request.method().name()))
            .setSsl(tls)
            .setHost(url.getHost())
            .setPort(port)
            .setURI(url.getFile());
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    request.headers().map().forEach(headers::set);
    headers.set("User-Agent", buildUserAgentString(request));
    headers.set("X-Stripe-Client-User-Agent", USER_AGENT_DETAILS);
    if (request.content() != null) {
      headers.set("Content-Type", request.content().contentType());
    }
    return options.setHeaders(headers);
  }

  private static StripeResponse response(PspConnections.Answer answer) {
    return new StripeResponse(
        answer.status(),
        headersOf(answer.headers()),
        answer.body().toString(StandardCharsets.UTF_8));
  }

  private static HttpHeaders headersOf(MultiMap headers) {
    Map<String, List<String>> map = new LinkedHashMap<>();
    for (String name : headers.names()) {
      map.put(name, headers.getAll(name));
    }
    return HttpHeaders.of(map);
  }
}
