package chaos;

import com.stripe.net.Webhook;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import simulator.Simulator;
import simulator.webhooks.WebhookEvent;
import support.Await;
import support.GatewayProcess;
import support.TestDatabase;

/**
 * A gateway process that takes a PSP's webhooks, and the PSP that sends each until it is
 * acknowledged, whatever becomes of the gateway meanwhile.
 */
final class EventSite implements AutoCloseable {
  /** Recovery stays out of it: what is settled is settled by what the PSP tells. */
  static final String[] TOLD_ONLY = {
    "--recovery.poll-interval=1h",
    "--recovery.schedule=1h",
    "--recovery.accepted-delay=1h",
    "--recovery.challenge-delay=1h",
    "--recovery.authorization-deadline=23h",
    "--breaker.max-failures=10000"
  };

  /** What a killed gateway had in hand is due again soon, and nothing is given up. */
  private static final String[] SOON = {
    "--timeouts.psp-connect=2s",
    "--timeouts.psp-call=3500ms",
    "--timeouts.database-statement=4s",
    "--timeouts.breaker=4s",
    "--timeouts.event-bus-reply=4500ms",
    "--timeouts.edge=5s",
    "--routing.time-limit=4400ms",
    "--inbox.poll-interval=100ms",
    "--inbox.schedule=100ms,200ms,500ms" + ",1s".repeat(600),
    "--inbox.foreign-after=1h"
  };

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long BACKOFF_NANOS = 20_000_000;

  private final Path directory;
  private final TestDatabase database;
  private final Simulator simulator;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicInteger sentAgain = new AtomicInteger();
  private volatile GatewayProcess gateway;

  /** Done while the gateway is there. */
  private volatile CompletableFuture<Void> up = CompletableFuture.completedFuture(null);

  EventSite(Path directory, TestDatabase database, Simulator simulator) throws IOException {
    this.directory = directory;
    this.database = database;
    this.simulator = simulator;
    gateway = launch();
  }

  private GatewayProcess launch() throws IOException {
    String[] changes = Stream.of(TOLD_ONLY, SOON).flatMap(Stream::of).toArray(String[]::new);
    return GatewayProcess.start(
        directory, database, database.options().port(), simulator.port(), changes);
  }

  /** SIGKILL, and another life on the same database; who sends meanwhile waits and sends again. */
  void kill() throws IOException, InterruptedException {
    var again = new CompletableFuture<Void>();
    up = again;
    gateway.kill();
    gateway.close();
    gateway = launch();
    again.complete(null);
  }

  /** Sends events over so many connections, in their order as far as one connection goes. */
  CompletableFuture<Void> send(List<WebhookEvent> events, int connections) {
    Queue<WebhookEvent> waiting = new ConcurrentLinkedQueue<>(events);
    return sendAll(Collections.nCopies(connections, waiting));
  }

  /**
   * Sends events over so many connections, those of one payment over one: each when the one before
   * it was acknowledged.
   */
  CompletableFuture<Void> sendInOrder(List<WebhookEvent> events, int connections) {
    List<Queue<WebhookEvent>> waiting =
        Stream.<Queue<WebhookEvent>>generate(ConcurrentLinkedQueue::new)
            .limit(connections)
            .toList();
    for (WebhookEvent event : events) {
      waiting.get(Math.floorMod(payment(event).hashCode(), connections)).add(event);
    }
    return sendAll(waiting);
  }

  /** The PSP's name of the payment that an event is about; of the object where it is of none. */
  private static String payment(WebhookEvent event) {
    JsonObject object = new JsonObject(event.body()).getJsonObject("data").getJsonObject("object");
    return Objects.requireNonNullElse(object.getString("payment_intent"), event.object());
  }

  /** One sender for each of these, which may be the same. */
  private CompletableFuture<Void> sendAll(List<Queue<WebhookEvent>> waiting) {
    var workers = Executors.newVirtualThreadPerTaskExecutor();
    CompletableFuture<?>[] all =
        waiting.stream()
            .map(queue -> CompletableFuture.runAsync(() -> sendAll(queue), workers))
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(all).whenComplete((done, failed) -> workers.shutdown());
  }

  private void sendAll(Queue<WebhookEvent> waiting) {
    for (WebhookEvent event = waiting.poll(); event != null; event = waiting.poll()) {
      long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
      while (!taken(event)) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError("not acknowledged: " + event.id() + " " + event.type());
        }
        sentAgain.incrementAndGet();
        LockSupport.parkNanos(BACKOFF_NANOS);
        up.join();
      }
      acknowledged.incrementAndGet();
    }
  }

  private boolean taken(WebhookEvent event) {
    byte[] body = event.body().getBytes();
    try {
      var request =
          HttpRequest.newBuilder(gateway.webhooks())
              .timeout(PATIENCE)
              .header(
                  "Stripe-Signature",
                  Webhook.Signature.generateSignatureHeader(
                      new String(body, StandardCharsets.UTF_8),
                      GatewayProcess.WEBHOOK_SECRET,
                      Instant.now().getEpochSecond()))
              .POST(HttpRequest.BodyPublishers.ofByteArray(body))
              .build();
      return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException refusedOrLost) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** How many sendings were acknowledged. */
  int acknowledged() {
    return acknowledged.get();
  }

  /** How many sendings were refused, or lost with their answer, and made again. */
  int sentAgain() {
    return sentAgain.get();
  }

  /** How many events wait or are in hand. */
  long pending() {
    return database.number("SELECT count(*) FROM inbox_work");
  }

  /** Waits until everything that has come was looked at. */
  void awaitLookedAt() {
    awaitNone("SELECT count(*) FROM inbox_work WHERE attempts = 0");
  }

  /**
   * Waits until nothing is pending any more and all changes are told.
   *
   * @param foreign how many events are of no payment of ours, and wait for what does not come
   */
  void awaitWorked(int foreign) {
    awaitNone("SELECT count(*) - " + foreign + " FROM inbox_work");
    // Time passes.
    database.execute(
        "UPDATE inbox_event e SET received_at = received_at - interval '1 day' FROM inbox_work w"
            + " WHERE w.merchant_id = e.merchant_id AND w.psp_account_id = e.psp_account_id AND"
            + " w.name = e.name; UPDATE inbox_work SET due_at = now()");
    awaitNone("SELECT count(*) FROM inbox_work");
    awaitNone("SELECT count(*) FROM outbox");
  }

  /** Waits for as long as the count falls, however slow the machine is. */
  private void awaitNone(String count) {
    for (long left = database.number(count); left > 0; left = database.number(count)) {
      long before = left;
      Await.until("fewer than " + before + ": " + count, () -> database.number(count) < before);
    }
  }

  /** SIGTERM; returns when it has ended. */
  void stop() throws InterruptedException {
    gateway.process().terminate();
    gateway.process().awaitExit();
  }

  @Override
  public void close() throws InterruptedException {
    gateway.close();
    client.shutdownNow();
  }
}
