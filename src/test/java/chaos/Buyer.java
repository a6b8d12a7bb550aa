package chaos;

import chaos.Purchase.Acknowledged;
import chaos.Purchase.Answer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The merchant's server, with what an official Stripe SDK does: a request without an answer, or
 * with 409, 429 or 5xx, is sent again with the same key (where the answer says {@code
 * Stripe-Should-Retry}, that counts), after a backoff that doubles, so often and no oftener, each
 * time to another node.
 */
final class Buyer implements AutoCloseable {
  private static final String PAYMENTS = "/v1/payment_intents";
  private static final Duration PATIENCE = Duration.ofSeconds(12);
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(200);
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(3);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
  private static final int RETRIES = 6;
  private static final int LOOKS = 150;

  private final Town town;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong repeats = new AtomicLong();

  Buyer(Town town) {
    this.town = town;
  }

  /** Nobody answered in the end; the merchant comes back later, with the same keys. */
  static final class GaveUp extends RuntimeException {
    private static final long serialVersionUID = 1;

    GaveUp(String what) {
      super(what);
    }
  }

  /** How many requests were sent. */
  long requests() {
    return requests.get();
  }

  /** How many of them were sent again. */
  long repeats() {
    return repeats.get();
  }

  /** Gives the purchases of a run the payment methods with which they may go elsewhere. */
  void addMethods(String run) {
    town.addMethods(run);
  }

  /** Does a purchase from its beginning, or does again what was begun. */
  void buy(Purchase purchase) {
    switch (purchase.kind()) {
      case TAKE -> pay(purchase, "pm_card_visa", "");
      case DECLINED -> pay(purchase, "pm_card_chargeDeclined", "");
      case ELSEWHERE -> pay(purchase, Town.method(purchase), "");
      case TWICE -> twice(purchase);
      case TWO_STEPS -> {
        String id = create(purchase);
        ask(purchase, "confirm", PAYMENTS + "/" + id + "/confirm", "payment_method=pm_card_visa");
        settle(purchase, id);
      }
      case CANCEL_EARLY -> {
        String id = create(purchase);
        ask(purchase, "cancel", PAYMENTS + "/" + id + "/cancel", "");
        settle(purchase, id);
      }
      case CAPTURE_IN_PART ->
          hold(purchase, "capture", "amount_to_capture=" + purchase.amount() / 3);
      case RELEASE -> hold(purchase, "cancel", "");
      case REFUND -> refund(purchase);
    }
    purchase.end();
  }

  /** The first step of a purchase that has several. */
  void begin(Purchase purchase) {
    switch (purchase.kind()) {
      case TWO_STEPS, CANCEL_EARLY -> create(purchase);
      case CAPTURE_IN_PART, RELEASE -> pay(purchase, "pm_card_visa", "&capture_method=manual");
      case REFUND -> pay(purchase, "pm_card_visa", "");
      case TAKE, TWICE, DECLINED, ELSEWHERE -> {}
    }
  }

  /** Begins a payment; the form's rest is given. */
  private String pay(Purchase purchase, String method, String more) {
    return settle(
        purchase, id(purchase, ask(purchase, "create", PAYMENTS, form(purchase, method) + more)));
  }

  private static String form(Purchase purchase, String method) {
    return basics(purchase) + "&confirm=true&payment_method=" + method;
  }

  private static String basics(Purchase purchase) {
    return "amount=%d&currency=%s&metadata[purchase]=%s"
        .formatted(purchase.amount(), purchase.currency(), purchase.name());
  }

  private String create(Purchase purchase) {
    return id(purchase, ask(purchase, "create", PAYMENTS, basics(purchase)));
  }

  private void twice(Purchase purchase) {
    List<Answer> answers =
        together(
            List.of(
                () -> ask(purchase, "create", PAYMENTS, form(purchase, "pm_card_visa")),
                () -> ask(purchase, "create", PAYMENTS, form(purchase, "pm_card_visa"))));
    settle(purchase, id(purchase, answers.getFirst()));
  }

  private void hold(Purchase purchase, String then, String form) {
    String id = pay(purchase, "pm_card_visa", "&capture_method=manual");
    if (!purchase.status().equals("requires_payment_method")) {
      // Where it was begun before and is done meanwhile, it is answered as it was.
      ask(purchase, then, PAYMENTS + "/" + id + "/" + then, form);
      settle(purchase, id);
    }
  }

  private void refund(Purchase purchase) {
    String id = pay(purchase, "pm_card_visa", "");
    if (!purchase.status().equals("succeeded")) {
      return;
    }
    long part = purchase.amount() / 4;
    var parts = new ArrayList<Supplier<Answer>>();
    for (int i = 0; i < 3; i++) {
      String step = "refund" + i;
      parts.add(
          () ->
              ask(
                  purchase,
                  step,
                  "/v1/refunds",
                  "payment_intent=%s&amount=%d".formatted(id, part)));
    }
    for (Answer answer : together(parts)) {
      if (answer.status() == 200) {
        settleRefund(purchase, new JsonObject(answer.body()).getString("id"));
      }
    }
    settle(purchase, id);
  }

  private <T> List<T> together(List<Supplier<T>> all) {
    List<CompletableFuture<T>> begun =
        all.stream().map(each -> CompletableFuture.supplyAsync(each, threads)).toList();
    try {
      return begun.stream().map(CompletableFuture::join).toList();
    } catch (java.util.concurrent.CompletionException e) {
      if (e.getCause() instanceof GaveUp gaveUp) {
        throw gaveUp;
      }
      throw e;
    }
  }

  /** The payment that an answer shows, which a decline does too. */
  private static String id(Purchase purchase, Answer answer) {
    var body = new JsonObject(answer.body());
    var error = body.getJsonObject("error");
    var payment = error == null ? body : error.getJsonObject("payment_intent");
    if (payment == null) {
      throw new GaveUp(purchase.name() + " has no payment: " + answer);
    }
    return payment.getString("id");
  }

  /** Looks until nothing of the payment is under way. */
  private String settle(Purchase purchase, String id) {
    for (int looks = 0; looks < LOOKS; looks++) {
      JsonObject seen = look(purchase, PAYMENTS + "/" + id);
      if (seen != null && !seen.getString("status").equals("processing")) {
        purchase.stands(id, seen.getString("status"), seen.getLong("amount_received"));
        return id;
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
    throw new GaveUp(purchase.name() + " is still processing");
  }

  private void settleRefund(Purchase purchase, String id) {
    for (int looks = 0; looks < LOOKS; looks++) {
      JsonObject seen = look(purchase, "/v1/refunds/" + id);
      if (seen != null && !seen.getString("status").equals("pending")) {
        boolean done = seen.getString("status").equals("succeeded");
        purchase.refunded(id, done ? seen.getLong("amount") : 0);
        return;
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
    throw new GaveUp(purchase.name() + ": refund " + id + " is still pending");
  }

  private @Nullable JsonObject look(Purchase purchase, String path) {
    HttpResponse<String> answer = send(node(purchase, 0), path, null, "");
    if (answer != null && answer.statusCode() == 404) {
      purchase.wrong(path + " is not there: " + answer.body());
      throw new GaveUp(path + " is not there");
    }
    return answer == null || answer.statusCode() != 200 ? null : new JsonObject(answer.body());
  }

  /** Asks until there is an answer that counts. */
  Answer ask(Purchase purchase, String step, String path, String form) {
    String key = purchase.key(step);
    Answer counts = answer(purchase, path, form, key);
    purchase.acknowledge(new Acknowledged(path, form, key, counts));
    if (counts.status() != 200 && counts.status() != 402 && !doneAlready(purchase, counts)) {
      purchase.wrong(key + ": " + counts);
    }
    return counts;
  }

  private Answer answer(Purchase purchase, String path, String form, String key) {
    for (int tries = 0; ; tries++) {
      HttpResponse<String> answer = send(node(purchase, tries), path, form, key);
      if (answer != null && !again(answer)) {
        return new Answer(answer.statusCode(), answer.body());
      }
      if (tries == RETRIES) {
        throw new GaveUp(key + (answer == null ? ": no answer" : ": " + answer.body()));
      }
      repeats.incrementAndGet();
      backOff(tries);
    }
  }

  /**
   * Where a database was put back, the PSP may have told of what a merchant asks for again before
   * the merchant does: then it is refused, and the refusal shows that it is so.
   */
  private static boolean doneAlready(Purchase purchase, Answer answer) {
    if (!purchase.forgotten() || answer.status() != 400) {
      return false;
    }
    var error = new JsonObject(answer.body()).getJsonObject("error");
    var payment = error.getJsonObject("payment_intent");
    String wanted = purchase.kind() == Purchase.Kind.CAPTURE_IN_PART ? "succeeded" : "canceled";
    return "payment_intent_unexpected_state".equals(error.getString("code"))
        && payment != null
        && wanted.equals(payment.getString("status"));
  }

  /**
   * Sends again what was acknowledged: the answer that counts is the same to the byte. The first
   * one may meet a connection to the database that broke in the storm, and say so.
   */
  void repeat(Purchase purchase, Acknowledged was) {
    try {
      Answer answer = answer(purchase, was.path(), was.form(), was.key());
      purchase.acknowledge(new Acknowledged(was.path(), was.form(), was.key(), answer));
    } catch (GaveUp unanswered) {
      purchase.wrong(was.key() + " is not answered again: " + unanswered.getMessage());
    }
  }

  /** What stripe-java's {@code HttpClient.shouldRetry} says, and 429 as later SDKs have it. */
  private static boolean again(HttpResponse<String> answer) {
    String told = answer.headers().firstValue("Stripe-Should-Retry").orElse("");
    if (!told.isEmpty()) {
      return told.equals("true");
    }
    return answer.statusCode() == 409 || answer.statusCode() == 429 || answer.statusCode() >= 500;
  }

  private static void backOff(int tries) {
    long longest =
        Math.min(LONGEST_BACKOFF.toNanos(), FIRST_BACKOFF.toNanos() << Math.min(tries, 10));
    LockSupport.parkNanos(longest * 3 / 4 + ThreadLocalRandom.current().nextLong(longest / 4));
  }

  /** Another node with every try, by what the balancer knows: who is asleep is among them. */
  private @Nullable URI node(Purchase purchase, int tries) {
    List<URI> up = town.apis();
    int first =
        Math.floorMod(purchase.name().hashCode(), 2) + ThreadLocalRandom.current().nextInt(2);
    return up.isEmpty() ? null : up.get((first + tries) % up.size());
  }

  /** The answer, or null where there is none. */
  @Nullable HttpResponse<String> send(
      @Nullable URI node, String path, @Nullable String form, String key) {
    if (node == null) {
      return null;
    }
    var request =
        HttpRequest.newBuilder(node.resolve(path))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + Town.SECRET_KEY);
    if (form != null) {
      requests.incrementAndGet();
      request
          .header("Content-Type", "application/x-www-form-urlencoded")
          .header("Idempotency-Key", key)
          .POST(HttpRequest.BodyPublishers.ofString(form));
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException noAnswer) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    client.shutdownNow();
  }
}
