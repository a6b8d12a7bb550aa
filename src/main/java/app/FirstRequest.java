package app;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request that the gateway makes to its own API before it says that it is ready. The first one
 * through HTTP's code takes it a tenth of a second, and merchants' first would have waited in line
 * behind it. It carries no key and is refused.
 */
final class FirstRequest {
  private static final Logger LOG = LoggerFactory.getLogger(FirstRequest.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final String PATH = "/v1/payment_intents";

  private final Vertx vertx;
  private final String host;
  private final int port;

  FirstRequest(Vertx vertx, String host, int port) {
    this.vertx = vertx;
    this.host = host;
    this.port = port;
  }

  /** Makes it and returns when it is answered, or was not in time, which is only told. */
  void make() {
    HttpClientAgent client = vertx.createHttpClient();
    address()
        .compose(
            address ->
                client.request(
                    new RequestOptions()
                        .setMethod(HttpMethod.GET)
                        .setHost(address)
                        .setPort(port)
                        .setURI(PATH)
                        .setConnectTimeout(PATIENCE.toMillis())))
        .compose(HttpClientRequest::send)
        .compose(response -> response.body().map(body -> response.statusCode()))
        .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(
            cause -> LOG.warn("the API did not answer its first request: {}", cause.toString()))
        .otherwiseEmpty()
        .eventually(client::close)
        .await();
  }

  /** Where every address is listened at, the machine's own. */
  private Future<String> address() {
    try {
      InetAddress bound = InetAddress.getByName(host);
      return Future.succeededFuture(
          (bound.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : bound).getHostAddress());
    } catch (UnknownHostException e) {
      return Future.failedFuture(e);
    }
  }
}
