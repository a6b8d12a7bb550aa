package simulator.webhooks;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.function.Supplier;

/** Carries events to receivers, a bounded number at once, in order. On one context. */
final class Courier {
  private static final int CONNECT_MS = 2_000;

  private final Vertx vertx;
  private final Context context;
  private final HttpClient client;
  private final int concurrency;
  private final Duration timeout;
  private final Queue<Supplier<Future<Void>>> waiting = new ArrayDeque<>();
  private int underWay;

  Courier(Vertx vertx, int concurrency, Duration timeout) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.concurrency = concurrency;
    this.timeout = timeout;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setConnectTimeout(CONNECT_MS),
            new PoolOptions().setHttp1MaxSize(concurrency));
  }

  /** Runs a step after a while; steps of no time keep their order. From any thread. */
  void after(Duration time, Runnable step) {
    context.runOnContext(
        now -> {
          if (time.isZero()) {
            step.run();
          } else {
            vertx.setTimer(Math.max(1, time.toMillis()), fired -> step.run());
          }
        });
  }

  /** Carries out an errand once there is a hand free for it. From any thread. */
  void add(Supplier<Future<Void>> errand) {
    context.runOnContext(
        now -> {
          waiting.add(errand);
          next();
        });
  }

  private void next() {
    while (underWay < concurrency) {
      Supplier<Future<Void>> errand = waiting.poll();
      if (errand == null) {
        return;
      }
      underWay++;
      errand
          .get()
          .onComplete(
              done ->
                  context.runOnContext(
                      free -> {
                        underWay--;
                        next();
                      }));
    }
  }

  /** Sends one body; the receiver's status, or why there was none. */
  Future<Integer> post(URI url, Map<String, String> headers, Buffer body) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setAbsoluteURI(url.toString())
            .setTimeout(timeout.toMillis());
    headers.forEach(options::putHeader);
    return client
        .request(options)
        .compose(request -> request.send(body))
        .compose(response -> response.end().map(ended -> response.statusCode()));
  }

  Future<Void> close() {
    return client.close();
  }
}
