package psp;

import io.vertx.core.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** A bound on calls in flight; a call above it gets its refusal at once. */
final class CallLimit {
  private final int maxCalls;
  private final Semaphore permits;

  CallLimit(int maxCalls) {
    this.maxCalls = maxCalls;
    permits = new Semaphore(maxCalls);
  }

  <T> Future<T> call(Supplier<Future<T>> call, Supplier<T> refusal) {
    if (!permits.tryAcquire()) {
      return Future.succeededFuture(refusal.get());
    }
    Future<T> future;
    try {
      future = call.get();
    } catch (RuntimeException e) {
      future = Future.failedFuture(e);
    }
    return future.andThen((result, failure) -> permits.release());
  }

  int inUse() {
    return maxCalls - permits.availablePermits();
  }
}
