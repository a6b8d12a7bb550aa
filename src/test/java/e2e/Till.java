package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import config.DataMode;
import config.KeyKind;
import config.KeySettings;
import config.MerchantSettings;
import config.PspKind;
import config.Secret;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import payments.PublicId;
import simulator.Authorization;
import simulator.Call;
import simulator.Operation;
import support.Await;
import support.Books;
import support.TestGateway;

/** Where a merchant takes money over plain HTTP, and from where one can look behind the gateway. */
final class Till implements AutoCloseable {
  static final String VISA = "pm_card_visa";

  /** Another merchant's key, and the one of its own account at the simulator. */
  static final String OTHER_KEY = "sk_test_other";

  static final String OTHER_PSP_KEY = "sk_test_simulator_other";

  private static final AtomicInteger KEYS = new AtomicInteger();

  private final TestGateway gateway;
  private final String secretKey;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Till(TestGateway gateway) {
    this(gateway, TestGateway.SECRET_KEY);
  }

  Till(TestGateway gateway, String secretKey) {
    this.gateway = gateway;
    this.secretKey = secretKey;
  }

  /** An answer of the API. */
  record Reply(int status, String text, boolean replayed) {
    JsonObject body() {
      return new JsonObject(text);
    }

    String id() {
      return text("id");
    }

    String text(String name) {
      return String.valueOf(body().getValue(name));
    }

    JsonObject error() {
      return body().getJsonObject("error");
    }

    /** The payment of an answer, an error's too. */
    JsonObject payment() {
      return body().containsKey("error") ? error().getJsonObject("payment_intent") : body();
    }

    Reply expect(int wanted) {
      assertThat(status).as(text).isEqualTo(wanted);
      return this;
    }

    Reply in(String wanted) {
      expect(200);
      assertThat(text("status")).isEqualTo(wanted);
      return this;
    }
  }

  /** The demo merchant, and another one with a PSP account of its own. */
  static List<MerchantSettings> withOther(List<MerchantSettings> merchants) {
    var key =
        new KeySettings("other_secret", KeyKind.SECRET, DataMode.TEST, null, new Secret(OTHER_KEY));
    var account = AtSimulator.account("stripe_other", PspKind.STRIPE, OTHER_PSP_KEY, 100);
    var more = new ArrayList<>(merchants);
    more.add(new MerchantSettings("other", List.of(key), List.of(account)));
    return List.copyOf(more);
  }

  /** The books of both merchants. */
  static Books books(TestGateway gateway) {
    return new Books(
        gateway.database(), gateway.simulator(), TestGateway.PSP_KEY, Till.OTHER_PSP_KEY);
  }

  /** A key that no request had before. */
  static String newKey() {
    return "order-" + KEYS.incrementAndGet();
  }

  CompletableFuture<Reply> posting(String path, String form, @Nullable String key) {
    var request =
        request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form));
    if (key != null) {
      request.header("Idempotency-Key", key);
    }
    return client
        .sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
        .thenApply(Till::reply);
  }

  Reply post(String path, String form, @Nullable String key) {
    return posting(path, form, key).join();
  }

  Reply post(String path, String form) {
    return post(path, form, newKey());
  }

  Reply postJson(String path, JsonObject body) {
    return client
        .sendAsync(
            request(path)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", newKey())
                .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .thenApply(Till::reply)
        .join();
  }

  Reply get(String path) {
    try {
      return reply(client.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(gateway.api().resolve(path))
        .timeout(Duration.ofSeconds(60))
        .header("Authorization", "Bearer " + secretKey);
  }

  private static Reply reply(HttpResponse<String> response) {
    return new Reply(
        response.statusCode(),
        response.body(),
        response.headers().firstValue("Idempotent-Replayed").isPresent());
  }

  // ---- payments

  static String form(long amount, String method, String more) {
    return "amount="
        + amount
        + "&currency=usd&confirm=true&payment_method="
        + method
        + (more.isEmpty() ? "" : "&" + more);
  }

  /** Takes a payment at once. */
  Reply pay(long amount) {
    return pay(amount, "", newKey());
  }

  Reply pay(long amount, String more, @Nullable String key) {
    return post("/v1/payment_intents", form(amount, VISA, more), key);
  }

  CompletableFuture<Reply> paying(long amount) {
    return posting("/v1/payment_intents", form(amount, VISA, ""), newKey());
  }

  /** Holds an amount, to be captured by hand. */
  Reply hold(long amount) {
    return pay(amount, "capture_method=manual", newKey());
  }

  JsonObject payment(String id) {
    return get("/v1/payment_intents/" + id).expect(200).body();
  }

  String status(String id) {
    return payment(id).getString("status");
  }

  void settles(String id, String status) {
    Await.until(id + " becomes " + status, () -> status(id).equals(status));
  }

  Reply refund(String payment, long amount) {
    return refund(payment, amount, newKey());
  }

  Reply refund(String payment, long amount, String key) {
    return post("/v1/refunds", "payment_intent=" + payment + "&amount=" + amount, key);
  }

  String refundStatus(String id) {
    return get("/v1/refunds/" + id).expect(200).text("status");
  }

  void refundSettles(String id, String status) {
    Await.until(id + " becomes " + status, () -> refundStatus(id).equals(status));
  }

  // ---- behind the gateway

  static UUID uuid(String paymentId) {
    return PublicId.PAYMENT.parse(paymentId).orElseThrow();
  }

  /** One text from the database, as the superuser sees it. */
  Optional<String> text(String sql) {
    try (var connection = gateway.database().connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  /** A column of the latest operation of a kind. */
  Optional<String> operation(String paymentId, String kind, String column) {
    return text(
        "SELECT "
            + column
            + " FROM operation WHERE payment_id = '"
            + uuid(paymentId)
            + "' AND kind = '"
            + kind
            + "' ORDER BY operation_id DESC LIMIT 1");
  }

  String operationStatus(String paymentId, String kind) {
    return operation(paymentId, kind, "status").orElseThrow();
  }

  String pspKey(String paymentId, String kind) {
    return operation(paymentId, kind, "psp_idempotency_key").orElseThrow();
  }

  /** Makes a payment's open operations due now. */
  void kick(String paymentId) {
    gateway
        .database()
        .execute(
            "UPDATE operation SET recover_at = now() WHERE payment_id = '"
                + uuid(paymentId)
                + "' AND recover_at IS NOT NULL");
  }

  /**
   * Makes an idle operation older: its id tells when it was made. What refers to it follows, and it
   * is due.
   */
  void age(String paymentId, String kind, Duration by) {
    UUID id = UUID.fromString(operation(paymentId, kind, "operation_id").orElseThrow());
    var older =
        new UUID(id.getMostSignificantBits() - (by.toMillis() << 16), id.getLeastSignificantBits());
    gateway
        .database()
        .execute(
            ("UPDATE idempotency_key SET operation_id = '%2$s' WHERE operation_id = '%1$s';"
                    + " UPDATE operation SET operation_id = '%2$s', recover_at = now() WHERE"
                    + " operation_id = '%1$s'")
                .formatted(id, older));
  }

  /** Has recovery look at a payment's open operation so many times. */
  void looks(String paymentId, String kind, int times) {
    for (int look = 0; look < times; look++) {
      int before = Integer.parseInt(operation(paymentId, kind, "attempts").orElseThrow());
      kick(paymentId);
      Await.until(
          "it is looked at",
          () -> Integer.parseInt(operation(paymentId, kind, "attempts").orElseThrow()) > before);
    }
  }

  /** The sendings of a payment's operation that the PSP got. */
  List<Call> calls(String paymentId, String kind) {
    String key = pspKey(paymentId, kind);
    return gateway.simulator().calls().stream()
        .filter(call -> key.equals(call.idempotencyKey()))
        .toList();
  }

  long count(Operation operation) {
    return gateway.simulator().calls().stream()
        .filter(call -> call.operation() == operation)
        .count();
  }

  /** The charges that really were made for a payment. */
  List<Authorization> charges(String paymentId) {
    return gateway
        .simulator()
        .truth()
        .metadata("operation_id", pspKey(paymentId, "authorize"))
        .approved();
  }

  JsonArray anomalies(boolean resolvedToo) {
    return new JsonObject(
            gateway.operator("/ops/anomalies" + (resolvedToo ? "?resolved=true" : "")).body())
        .getJsonArray("data");
  }

  /** A payment's anomaly, where there is one. */
  Optional<JsonObject> anomaly(String paymentId, boolean resolvedToo) {
    return anomalies(resolvedToo).stream()
        .map(JsonObject.class::cast)
        .filter(row -> paymentId.equals(row.getString("payment")))
        .findFirst();
  }

  Optional<JsonObject> held(String paymentId) {
    return new JsonObject(gateway.operator("/ops/operations/held").body())
        .getJsonArray("data").stream()
            .map(JsonObject.class::cast)
            .filter(row -> paymentId.equals(row.getString("payment")))
            .findFirst();
  }

  /** What an account of a payment's ledger holds: debits less credits. */
  long balance(String paymentId, String account) {
    return gateway.number(
        ("SELECT coalesce(sum(CASE WHEN debit LIKE '%2$s%%' THEN amount ELSE -amount END), 0) FROM"
             + " ledger_transfer WHERE payment_id = '%1$s' AND (debit LIKE '%2$s%%' OR credit LIKE"
             + " '%2$s%%')")
            .formatted(uuid(paymentId), account));
  }

  @Override
  public void close() {
    client.close();
  }
}
