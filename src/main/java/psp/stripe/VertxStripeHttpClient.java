package psp.stripe;

import com.stripe.exception.ApiException;
import com.stripe.exception.StripeException;
import com.stripe.net.HttpClient;
import com.stripe.net.HttpContent;
import com.stripe.net.HttpHeaders;
import com.stripe.net.StripeRequest;
import com.stripe.net.StripeResponse;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import psp.stripe.StripeTransportException.Stage;

/**
 * stripe-java's transport over the Vert.x HTTP client of one account. {@link #request} blocks the
 * virtual thread that calls it, never a carrier thread or an event loop.
 *
 * <p>It is strict about one thing: a failure is {@link Stage#NOT_SENT} only while there was no
 * connection to write to. Once there is one, every failure may have come after the request's head
 * was written, also where a kept-alive connection turns out to be closed.
 */
final class VertxStripeHttpClient extends HttpClient {
  static final int MAX_BODY_BYTES = 1 << 20;

  // Below Stripe's own keep-alive, so that a connection is seldom closed just as we write to it.
  private static final int KEEP_ALIVE_SECONDS = 30;
  private static final String USER_AGENT_DETAILS = buildXStripeClientUserAgentString();

  private final Vertx vertx;
  private final HttpClientAgent client;
  private final StripeSettings settings;

  VertxStripeHttpClient(Vertx vertx, StripeSettings settings) {
    this.vertx = vertx;
    this.settings = settings;
    client =
        vertx
            .httpClientBuilder()
            .with(
                new HttpClientOptions()
                    .setProtocolVersion(HttpVersion.HTTP_1_1)
                    .setMetricsName("psp_" + settings.accountId())
                    .setConnectTimeout((int) settings.connectTimeout().toMillis())
                    .setKeepAlive(true)
                    .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                    .setDecompressionSupported(false))
            .with(
                new PoolOptions()
                    .setHttp1MaxSize(settings.poolSize())
                    .setMaxWaitQueueSize(settings.maxWaitingCalls()))
            .build();
  }

  Future<Void> close() {
    return client.close();
  }

  @Override
  public StripeResponse request(StripeRequest request) throws StripeException {
    RequestOptions options = optionsOf(request);
    HttpContent content = request.content();
    Buffer body = content == null ? null : Buffer.buffer(content.byteArrayContent());
    // The whole exchange runs on one event loop, so that no part of the answer comes before its
    // handler is set; this thread only waits.
    Context context = vertx.getOrCreateContext();
    Promise<StripeResponse> promise = Promise.promise();
    context.runOnContext(started -> exchange(options, body).onComplete(promise));
    return readable(await(promise.future()));
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
      throw new StripeTransportException(Stage.CONNECTION_LOST, e);
    }
  }

  private RequestOptions optionsOf(StripeRequest request) {
    URL url = request.url();
    boolean tls = url.getProtocol().equals("https");
    int port = url.getPort() == -1 ? url.getDefaultPort() : url.getPort();
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.valueOf(request.method().name()))
            .setSsl(tls)
            .setHost(url.getHost())
            .setPort(port)
            .setURI(url.getFile())
            .setFollowRedirects(false)
            .setConnectTimeout(settings.connectTimeout().toMillis());
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    request.headers().map().forEach(headers::set);
    headers.set("User-Agent", buildUserAgentString(request));
    headers.set("X-Stripe-Client-User-Agent", USER_AGENT_DETAILS);
    if (request.content() != null) {
      headers.set("Content-Type", request.content().contentType());
    }
    return options.setHeaders(headers);
  }

  private Future<StripeResponse> exchange(RequestOptions options, @Nullable Buffer body) {
    long deadline = System.nanoTime() + settings.callTimeout().toNanos();
    return client
        .request(options)
        .recover(cause -> Future.failedFuture(new StripeTransportException(Stage.NOT_SENT, cause)))
        .compose(request -> send(request, body, deadline));
  }

  private static Future<StripeResponse> send(
      HttpClientRequest request, @Nullable Buffer body, long deadline) {
    Future<HttpClientResponse> response = body == null ? request.send() : request.send(body);
    long leftMs = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
    return response
        .compose(VertxStripeHttpClient::read)
        .timeout(leftMs, TimeUnit.MILLISECONDS)
        .recover(
            cause -> {
              // Closes the connection: a late answer must not meet the next call.
              request.reset();
              return Future.failedFuture(new StripeTransportException(stageOf(cause), cause));
            });
  }

  private static Stage stageOf(Throwable cause) {
    return switch (cause) {
      case TimeoutException timeout -> Stage.TIMEOUT;
      case BodyTooLong tooLong -> Stage.UNREADABLE;
      default -> Stage.CONNECTION_LOST;
    };
  }

  private static Future<StripeResponse> read(HttpClientResponse response) {
    Promise<StripeResponse> promise = Promise.promise();
    Buffer body = Buffer.buffer();
    response.exceptionHandler(promise::tryFail);
    response.handler(
        chunk -> {
          if (body.length() + chunk.length() > MAX_BODY_BYTES) {
            promise.tryFail(new BodyTooLong());
          } else {
            body.appendBuffer(chunk);
          }
        });
    response.endHandler(
        end ->
            promise.tryComplete(
                new StripeResponse(
                    response.statusCode(),
                    headersOf(response.headers()),
                    body.toString(StandardCharsets.UTF_8))));
    return promise.future();
  }

  private static HttpHeaders headersOf(MultiMap headers) {
    Map<String, List<String>> map = new LinkedHashMap<>();
    for (String name : headers.names()) {
      map.put(name, headers.getAll(name));
    }
    return HttpHeaders.of(map);
  }

  private static final class BodyTooLong extends Exception {
    private static final long serialVersionUID = 1L;

    BodyTooLong() {
      super("answer above " + MAX_BODY_BYTES + " bytes", null, false, false);
    }
  }
}
