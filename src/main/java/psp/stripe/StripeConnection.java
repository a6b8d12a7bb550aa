package psp.stripe;

import com.stripe.Stripe;
import com.stripe.StripeClient;
import com.stripe.service.V1Services;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import psp.CallLimit;
import psp.PspConnections;
import psp.TransportFailure;

/**
 * One account's connections to Stripe, of which calls are made in two ways: what moves money and
 * asks after it goes out as it is ({@link #post}, {@link #get}); for the rest there is
 * stripe-java's client, which blocks, with its virtual threads ({@link #services}). Both together
 * are bounded to what can have or await a connection. stripe-java's retries are off: who repeats
 * what is for the operation log to say.
 */
final class StripeConnection {
  private static final Logger LOG = LoggerFactory.getLogger(StripeConnection.class);

  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence FORM =
      HttpHeaders.createOptimized("application/x-www-form-urlencoded;charset=UTF-8");
  private static final CharSequence VERSION_NAME = HttpHeaders.createOptimized("Stripe-Version");
  private static final CharSequence VERSION = HttpHeaders.createOptimized(Stripe.API_VERSION);
  private static final CharSequence KEY_NAME = HttpHeaders.createOptimized("Idempotency-Key");

  /** As stripe-java says it of itself, which makes what we send. */
  private static final CharSequence USER_AGENT =
      HttpHeaders.createOptimized("Stripe/v1 JavaBindings/" + Stripe.VERSION);

  private final Vertx vertx;
  private final URI url;
  private final CharSequence authorization;
  private final PspConnections connections;
  private final StripeClient client;
  private final ExecutorService threads;
  private final CallLimit limit;
  private volatile boolean closed;

  StripeConnection(Vertx vertx, StripeSettings settings) {
    this.vertx = vertx;
    url = settings.baseUrl();
    authorization = HttpHeaders.createOptimized("Bearer " + settings.secretKey());
    connections =
        new PspConnections(
            vertx,
            new PspConnections.Options(
                settings.accountId(),
                settings.connectTimeout(),
                settings.callTimeout(),
                settings.poolSize(),
                settings.maxWaitingCalls()));
    String base = url.toString();
    client =
        StripeClient.builder()
            .setApiKey(settings.secretKey())
            .setApiBase(base.endsWith("/") ? base.substring(0, base.length() - 1) : base)
            .setMaxNetworkRetries(0)
            .setHttpClient(new VertxStripeHttpClient(connections))
            .build();
    threads =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("stripe-" + settings.accountId() + "-", 0).factory());
    limit = new CallLimit(settings.poolSize() + settings.maxWaitingCalls());
  }

  /**
   * Makes calls, one after the other, where there is room for one.
   *
   * @param refusal the result where too many calls are under way, or none are taken any more; none
   *     is then made
   */
  <T> Future<T> call(Supplier<Future<T>> calls, Supplier<T> refusal) {
    return closed ? Future.succeededFuture(refusal.get()) : limit.call(calls, refusal);
  }

  /** One call; the body goes out as it is. Fails with {@link TransportFailure} only. */
  Future<StripeAnswer> post(String path, String body, String idempotencyKey) {
    RequestOptions request = request(HttpMethod.POST, path);
    request.getHeaders().set(HttpHeaders.CONTENT_TYPE, FORM).set(KEY_NAME, idempotencyKey);
    return connections.call(request, Buffer.buffer(body)).map(StripeConnection::answer);
  }

  /** One question. Fails with {@link TransportFailure} only. */
  Future<StripeAnswer> get(String pathAndQuery) {
    return connections
        .call(request(HttpMethod.GET, pathAndQuery), null)
        .map(StripeConnection::answer);
  }

  private RequestOptions request(HttpMethod method, String pathAndQuery) {
    MultiMap headers =
        HttpHeaders.headers()
            .set(HttpHeaders.ACCEPT, JSON)
            .set(HttpHeaders.AUTHORIZATION, authorization)
            .set(HttpHeaders.USER_AGENT, USER_AGENT)
            .set(VERSION_NAME, VERSION);
    return PspConnections.request(url, method, pathAndQuery).setHeaders(headers);
  }

  private static StripeAnswer answer(PspConnections.Answer answer) {
    return new StripeAnswer(
        answer.status(),
        answer.body().toString(StandardCharsets.UTF_8),
        answer.headers().get(StripeAnswer.REQUEST_ID),
        "true".equalsIgnoreCase(answer.headers().get(StripeAnswer.REPLAYED)),
        answer.headers().get(StripeAnswer.RETRY_AFTER));
  }

  /** Runs work of {@link #services} and gives its result back on the caller's context. */
  <T> Future<T> run(Supplier<T> work, Supplier<T> refusal) {
    return call(() -> onThread(work, refusal), refusal);
  }

  private <T> Future<T> onThread(Supplier<T> work, Supplier<T> refusal) {
    Context context = vertx.getOrCreateContext();
    Promise<T> promise = Promise.promise();
    try {
      threads.execute(() -> handBack(context, resultOf(work), promise));
    } catch (RejectedExecutionException closedMeanwhile) {
      return Future.succeededFuture(refusal.get());
    }
    return promise.future();
  }

  private static <T> void handBack(Context context, Future<T> result, Promise<T> promise) {
    try {
      context.runOnContext(back -> result.onComplete(promise));
    } catch (RejectedExecutionException closed) {
      // Nobody is left to be told.
      LOG.warn("A call to Stripe ended after Vert.x was closed");
    }
  }

  private static <T> Future<T> resultOf(Supplier<T> work) {
    try {
      return Future.succeededFuture(work.get());
    } catch (RuntimeException | Error e) {
      return Future.failedFuture(e);
    }
  }

  /** stripe-java's typed calls, for what moves no money; on a virtual thread only. */
  V1Services services() {
    return client.v1();
  }

  /** Takes no more calls, breaks off those under way, and waits until their results are told. */
  Future<Void> close() {
    closed = true;
    threads.shutdown();
    Promise<Void> ended = Promise.promise();
    connections
        .close()
        .onComplete(
            result ->
                Thread.startVirtualThread(
                    () -> {
                      threads.close();
                      ended.handle(result);
                    }));
    return ended.future();
  }
}
