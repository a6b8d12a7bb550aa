package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import payments.PaymentStatus;
import payments.Transitions;
import simulator.CallMatch;
import simulator.Fault;
import simulator.Faults;
import support.Await;
import support.Books;
import support.TestGateway;

/**
 * Any sequence of commands and PSP answers leaves a legal state, a ledger that sums to zero, equal
 * totals on payment, ledger and simulator, and every promise kept that an answer made. The commands
 * of a history replay from the seed; what meets what does not, as histories run side by side.
 */
final class RandomHistoriesIT {
  private static final int HISTORIES = 200;
  private static final int SIDE_BY_SIDE = 8;
  private static final long SEED = Long.getLong("sluice.seed", System.nanoTime());

  private static TestGateway gateway;
  private static HttpClient client;

  @BeforeAll
  static void open() {
    gateway =
        TestGateway.start(
            "--timeouts.psp-call=1s",
            "--timeouts.psp-connect=900ms",
            "--breaker.max-failures=10000");
    client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  @AfterAll
  static void close() {
    client.close();
    gateway.close();
  }

  @Test
  void keepsTheBooksAndEveryPromise() throws Exception {
    faults(gateway.simulator().faults());
    var histories = new ConcurrentLinkedQueue<History>();
    try (var workers = Executors.newFixedThreadPool(SIDE_BY_SIDE)) {
      var running = new ArrayList<Future<?>>();
      for (int at = 0; at < HISTORIES; at++) {
        var history = new History(new Random(SEED + at), at);
        histories.add(history);
        running.add(workers.submit(history::run));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
    gateway.simulator().faults().clear();
    gateway.simulator().faults().release();
    settle();

    new Books(gateway).balance();
    assertLegalMoves();
    histories.forEach(History::assertKept);
  }

  private static void faults(Faults faults) {
    var any = CallMatch.any();
    faults.atRate(0.06, any, Fault.answerLost());
    faults.atRate(0.05, any, Fault.reset());
    faults.atRate(0.05, any, Fault.serverError(500));
    faults.atRate(0.05, any, Fault.serverErrorAfterEffect(502));
    faults.atRate(0.03, any, Fault.serverErrorAfterEffectKept(500));
    faults.atRate(0.05, any, Fault.rateLimited(null));
    faults.atRate(0.02, any, Fault.keyInUse());
    faults.atRate(0.02, any, Fault.truncated());
    faults.atRate(0.03, any, Fault.misstateAmount(7));
    faults.atRate(0.01, any, Fault.hang());
    faults.atRate(0.01, any, Fault.hangAfterEffect());
    faults.atRate(0.10, any, Fault.delay(Duration.ofMillis(20)));
  }

  /**
   * Until nothing is open but what waits for a customer. What is held, because the PSP told another
   * amount than it moved, is looked at again, as an operator would have it.
   */
  private static void settle() {
    Await.until(
        "every operation is settled or held",
        () ->
            gateway.number(
                    "SELECT count(*) FROM operation WHERE recover_at IS NOT NULL AND status <>"
                        + " 'awaiting_customer'")
                == 0);
    gateway
        .database()
        .execute(
            "UPDATE operation SET recover_at = now(), held_reason = NULL"
                + " WHERE held_reason = 'amount_mismatch'");
    Await.until(
        "no operation is open",
        () ->
            gateway.number(
                    "SELECT count(*) FROM operation WHERE status IN ('pending', 'unknown',"
                        + " 'accepted')")
                == 0);
  }

  private static void assertLegalMoves() throws SQLException {
    try (var connection = gateway.database().connect();
        var statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT DISTINCT from_status, to_status FROM payment_event WHERE from_status IS NOT"
                    + " NULL AND from_status <> to_status")) {
      while (rows.next()) {
        var from = PaymentStatus.ofWire(rows.getString(1));
        var to = PaymentStatus.ofWire(rows.getString(2));
        assertThat(Transitions.TABLE)
            .as("from %s to %s", from, to)
            .anyMatch(it -> it.from() == from && it.to() == to);
      }
    }
  }

  /** One payment's commands, and what their answers promised. */
  private static final class History {
    private final Random random;
    private final int number;
    private final List<String> told = new ArrayList<>();
    private final String currency;
    private @Nullable String payment;
    private @Nullable String lastPath;
    private String lastForm = "";
    private String lastKey = "";
    private @Nullable HttpResponse<String> lastAnswer;
    private boolean succeeded;
    private boolean canceled;
    private long received;
    private long refunded;
    private long refundsInDoubt;
    private boolean refundsUnheard;

    History(Random random, int number) {
      this.random = random;
      this.number = number;
      this.currency = random.nextBoolean() ? "usd" : "jpy";
    }

    void run() {
      create();
      int commands = 3 + random.nextInt(6);
      for (int at = 0; at < commands; at++) {
        command();
      }
    }

    private void create() {
      var form =
          new StringBuilder("currency=" + currency + "&amount=" + (100 + random.nextInt(9_900)));
      if (random.nextInt(3) > 0) {
        form.append("&payment_method=").append(method());
        form.append(random.nextInt(3) > 0 ? "&confirm=true" : "");
      }
      form.append(random.nextInt(3) == 0 ? "&capture_method=manual" : "");
      heard(post("/v1/payment_intents", form.toString()));
    }

    private void command() {
      String id = payment;
      if (id == null) {
        create();
        return;
      }
      String path = "/v1/payment_intents/" + id;
      switch (random.nextInt(12)) {
        case 0, 1 -> heard(post(path + "/confirm", "payment_method=" + method()));
        case 2, 3 -> heard(post(path + "/capture", partly("amount_to_capture")));
        case 4 -> heard(post(path + "/cancel", ""));
        case 5, 6, 7 -> refund(id);
        case 8 -> heard(post(path, "amount=" + (100 + random.nextInt(9_900))));
        case 9 -> heard(post(path, "metadata[n]=" + random.nextInt(100)));
        case 10 -> again();
        default -> heard(send(HttpRequest.newBuilder(gateway.api().resolve(path)).GET()));
      }
    }

    private void refund(String id) {
      var answer = post("/v1/refunds", "payment_intent=" + id + partly("&amount"));
      if (answer.statusCode() == 200) {
        var refund = new JsonObject(answer.body());
        long minor = refund.getLong("amount");
        String status = refund.getString("status");
        assertThat(status).isIn("succeeded", "pending");
        if (status.equals("succeeded")) {
          refunded += minor;
        } else {
          refundsInDoubt += minor;
        }
      } else if (answer.statusCode() >= 500) {
        refundsUnheard = true;
      }
    }

    /** The same request once more: an answer that was given is given again, byte for byte. */
    private void again() {
      String path = lastPath;
      HttpResponse<String> before = lastAnswer;
      if (path == null || before == null) {
        return;
      }
      if (before.statusCode() == 200 || before.statusCode() == 402) {
        var repeat = send(request(path, lastForm, lastKey));
        assertThat(repeat.statusCode()).as(history()).isEqualTo(before.statusCode());
        assertThat(repeat.body()).as(history()).isEqualTo(before.body());
      }
    }

    private void heard(HttpResponse<String> answer) {
      assertThat(answer.statusCode()).as(history()).isIn(200, 400, 402, 409);
      if (answer.statusCode() != 200) {
        return;
      }
      var shown = new JsonObject(answer.body());
      payment = shown.getString("id");
      String status = shown.getString("status");
      assertThat(status.equals("succeeded") || !succeeded).as(history()).isTrue();
      assertThat(status.equals("canceled") || !canceled).as(history()).isTrue();
      succeeded = status.equals("succeeded");
      canceled = status.equals("canceled");
      if (succeeded) {
        assertThat(received == 0 || received == shown.getLong("amount_received"))
            .as(history())
            .isTrue();
        received = shown.getLong("amount_received");
      }
    }

    /** What was promised holds in the end. */
    void assertKept() {
      String id = payment;
      if (id == null) {
        return;
      }
      heard(send(HttpRequest.newBuilder(gateway.api().resolve("/v1/payment_intents/" + id)).GET()));
      long given =
          gateway.number(
              "SELECT coalesce(sum(amount), 0) FROM operation WHERE kind = 'refund' AND NOT"
                  + " gives_back AND status = 'succeeded' AND payment_id = "
                  + "(SELECT payment_id FROM payment WHERE client_secret LIKE '"
                  + id
                  + "_secret_%')");
      assertThat(given).as(history()).isGreaterThanOrEqualTo(refunded);
      if (!refundsUnheard) {
        assertThat(given).as(history()).isLessThanOrEqualTo(refunded + refundsInDoubt);
      }
      if (succeeded) {
        assertThat(given).as(history()).isLessThanOrEqualTo(received);
      }
    }

    private String method() {
      return switch (random.nextInt(8)) {
        case 0 -> "pm_card_chargeDeclined";
        case 1 -> "pm_card_authenticationRequired";
        default -> "pm_card_visa";
      };
    }

    private String partly(String parameter) {
      return random.nextBoolean() ? "" : parameter + "=" + (1 + random.nextInt(3_000));
    }

    private HttpResponse<String> post(String path, String form) {
      lastPath = path;
      lastForm = form;
      lastKey = "history-" + number + "-" + told.size();
      HttpResponse<String> answer = send(request(path, lastForm, lastKey));
      lastAnswer = answer;
      told.add(path + " " + form + " -> " + answer.statusCode() + " " + summary(answer.body()));
      return answer;
    }

    private static String summary(String body) {
      var json = new JsonObject(body);
      return json.containsKey("error")
          ? json.getJsonObject("error").getString("message", "")
          : json.getString("status", "");
    }

    private String history() {
      return "seed " + SEED + " history " + number + ":\n" + String.join("\n", told);
    }

    private static HttpRequest.Builder request(String path, String form, String key) {
      return HttpRequest.newBuilder(gateway.api().resolve(path))
          .header("Content-Type", "application/x-www-form-urlencoded")
          .header("Idempotency-Key", key)
          .POST(HttpRequest.BodyPublishers.ofString(form));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
      try {
        return client.send(
            request.header("Authorization", "Bearer " + TestGateway.SECRET_KEY).build(),
            HttpResponse.BodyHandlers.ofString());
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }
}
