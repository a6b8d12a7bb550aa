package psp.stripe;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.StripeObject;
import com.stripe.net.ApiMode;
import com.stripe.net.ApiResource.RequestMethod;
import com.stripe.net.RawRequestOptions;
import com.stripe.net.StripeResponse;
import com.stripe.service.V1Services;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One account's stripe-java client with its virtual threads, of which there are never more than
 * calls that can have or await a connection. stripe-java's retries are off: who repeats what is for
 * the operation log to say.
 */
final class StripeConnection {
  private static final Logger LOG = LoggerFactory.getLogger(StripeConnection.class);

  private final Vertx vertx;
  private final VertxStripeHttpClient http;
  private final StripeClient client;
  private final ExecutorService threads;
  private final Semaphore permits;

  StripeConnection(Vertx vertx, StripeSettings settings) {
    this.vertx = vertx;
    http = new VertxStripeHttpClient(vertx, settings);
    String base = settings.baseUrl().toString();
    client =
        StripeClient.builder()
            .setApiKey(settings.secretKey())
            .setApiBase(base.endsWith("/") ? base.substring(0, base.length() - 1) : base)
            .setMaxNetworkRetries(0)
            .setHttpClient(http)
            .build();
    threads =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("stripe-" + settings.accountId() + "-", 0).factory());
    permits = new Semaphore(settings.poolSize() + settings.maxWaitingCalls());
  }

  /**
   * Runs blocking work on a virtual thread and gives its result back on the caller's context.
   *
   * @param refusal the result where too many calls are under way, or none are taken any more; the
   *     work is then not begun
   */
  <T> Future<T> run(Supplier<T> work, Supplier<T> refusal) {
    if (!permits.tryAcquire()) {
      return Future.succeededFuture(refusal.get());
    }
    Context context = vertx.getOrCreateContext();
    Promise<T> promise = Promise.promise();
    try {
      threads.execute(
          () -> {
            Future<T> result = resultOf(work);
            permits.release();
            handBack(context, result, promise);
          });
    } catch (RejectedExecutionException closed) {
      permits.release();
      return Future.succeededFuture(refusal.get());
    }
    return promise.future();
  }

  private static <T> void handBack(Context context, Future<T> result, Promise<T> promise) {
    try {
      context.runOnContext(back -> result.onComplete(promise));
    } catch (RejectedExecutionException closed) {
      // Nobody is left to be told. The operation is pending in the log, and recovery settles it.
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

  /** One call, on the caller's virtual thread; the body goes out as it is. */
  StripeResponse post(String path, String body, String idempotencyKey) throws StripeException {
    return client.rawRequest(
        RequestMethod.POST,
        path,
        body,
        RawRequestOptions.builder().setIdempotencyKey(idempotencyKey).build());
  }

  /** The object in the answer to {@link #post}. */
  StripeObject read(StripeResponse response) throws StripeException {
    return read(response.body());
  }

  /** An object of Stripe's; calls nobody. */
  StripeObject read(String json) throws StripeException {
    return client.deserialize(json, ApiMode.V1);
  }

  /** stripe-java's typed calls, for what is not stored as bytes; on a virtual thread only. */
  V1Services services() {
    return client.v1();
  }

  /** Takes no more calls, breaks off those under way, and waits until their results are told. */
  Future<Void> close() {
    threads.shutdown();
    Promise<Void> ended = Promise.promise();
    http.close()
        .onComplete(
            closed ->
                Thread.startVirtualThread(
                    () -> {
                      threads.close();
                      ended.handle(closed);
                    }));
    return ended.future();
  }
}
