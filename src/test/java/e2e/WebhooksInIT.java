package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.net.Webhook;
import config.MerchantSettings;
import config.PspAccountSettings;
import config.Secret;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import support.Await;
import support.Metrics;
import support.StoredEvents;
import support.TestGateway;

/** A PSP's webhooks on their way into the inbox: acknowledged is what is durable. */
final class WebhooksInIT {
  private static final String CURRENT = "whsec_simulator";
  private static final String PREVIOUS = "whsec_before";
  private static final String PATH = "/webhooks/stripe/stripe_demo";

  private static TestGateway gateway;
  private static HttpClient client;

  @BeforeAll
  static void start() {
    gateway =
        TestGateway.startWith(
            merchants -> merchants.stream().map(WebhooksInIT::withMoreAccounts).toList(),
            "--webhooks.max-body-bytes=4096",
            "--webhooks.instances=2");
    client = HttpClient.newHttpClient();
  }

  /** The demo merchant with a secret that is being changed, and an account without one. */
  private static MerchantSettings withMoreAccounts(MerchantSettings merchant) {
    var accounts = new ArrayList<PspAccountSettings>();
    for (PspAccountSettings account : merchant.pspAccounts()) {
      accounts.add(account(account, account.id(), account.webhookSecret(), new Secret(PREVIOUS)));
      accounts.add(account(account, "stripe_bare", null, null));
    }
    return new MerchantSettings(merchant.id(), merchant.keys(), accounts);
  }

  private static PspAccountSettings account(
      PspAccountSettings like, String id, @Nullable Secret secret, @Nullable Secret previous) {
    return new PspAccountSettings(
        id,
        like.psp(),
        like.mode(),
        like.baseUrl(),
        like.secretKey(),
        like.merchantAccount(),
        secret,
        previous,
        like.priority(),
        like.weight());
  }

  @AfterAll
  static void stop() {
    client.close();
    gateway.close();
  }

  @Test
  void acknowledgesAnEventOnlyWhenItsRowIsThere() throws SQLException {
    try (Connection other = gateway.database().connect();
        var statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE inbox_event IN EXCLUSIVE MODE");
      CompletableFuture<HttpResponse<String>> answer = sendLater("evt_durable");
      Await.until(
          "it waits to be stored",
          () ->
              gateway.number(
                      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND"
                          + " wait_event_type = 'Lock' AND query LIKE '%INSERT INTO inbox_event%'")
                  > 0);
      assertThat(answer).isNotDone();
      other.rollback();
      assertThat(answer.join().statusCode()).isEqualTo(200);
    }
    assertThat(rows("evt_durable")).isEqualTo(1);
    assertThat(
            gateway.number(
                "SELECT count(*) FROM inbox_event WHERE name = 'evt_durable' AND merchant_id ="
                    + " 'demo' AND psp_account_id = 'stripe_demo' AND type = 'customer.created' AND"
                    + " body LIKE '{\"id\":\"evt_durable\"%'"))
        .isEqualTo(1);
  }

  @Test
  void waitsForANodeThatKnowsTheAccount() {
    StoredEvents.put(
        gateway.database(),
        Map.of(
            "merchant_id", "'demo'",
            "psp_account_id", "'stripe_new'",
            "name", "'evt_early'"));
    Await.until(
        "it was looked at",
        () ->
            gateway.number(
                    "SELECT count(*) FROM inbox_standing WHERE name = 'evt_early' AND reason = 'no"
                        + " PSP account of this name is configured'")
                > 0);
    assertThat(
            gateway.number(
                "SELECT count(*) FROM inbox_standing WHERE name = 'evt_early' AND status ="
                    + " 'pending'"))
        .isEqualTo(1);
  }

  @Test
  void keepsAnEventOnceHoweverOftenItIsSent() {
    var answers =
        Stream.generate(() -> sendLater("evt_twice")).limit(20).toList().stream()
            .map(CompletableFuture::join)
            .toList();
    assertThat(answers).allMatch(answer -> answer.statusCode() == 200);
    assertThat(send("evt_twice").statusCode()).isEqualTo(200);
    assertThat(rows("evt_twice")).isEqualTo(1);
    assertThat(metric("sluice_webhooks_duplicates_total")).isGreaterThanOrEqualTo(20);
  }

  @Test
  void keepsEveryEventOfAStorm() {
    int events = 500;
    var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (int at = 0; at < events; at++) {
      answers.add(sendLater("evt_storm_" + at));
    }
    assertThat(answers).allMatch(answer -> answer.join().statusCode() == 200);
    assertThat(gateway.number("SELECT count(*) FROM inbox_event WHERE name LIKE 'evt\\_storm\\_%'"))
        .isEqualTo(events);
  }

  @Test
  void takesBothSecretsWhileTheyChange() {
    assertThat(send(PATH, "evt_new", CURRENT, Instant.now()).statusCode()).isEqualTo(200);
    assertThat(send(PATH, "evt_old", PREVIOUS, Instant.now()).statusCode()).isEqualTo(200);
    assertThat(send(PATH, "evt_other", "whsec_other", Instant.now()).statusCode()).isEqualTo(400);
    assertThat(rows("evt_other")).isZero();
  }

  @Test
  void takesNothingThatIsNotGenuine() {
    Instant old = Instant.now().minus(Duration.ofHours(1));
    assertThat(send(PATH, "evt_late", CURRENT, old).body()).contains("too old");
    String body = body("evt_forged");
    assertThat(post(PATH, body + " ", signature(body, CURRENT, Instant.now())).statusCode())
        .isEqualTo(400);
    assertThat(send("/webhooks/stripe/stripe_none", "evt_x", CURRENT, Instant.now()).statusCode())
        .isEqualTo(404);
    assertThat(send("/webhooks/stripe/stripe_bare", "evt_x", CURRENT, Instant.now()).statusCode())
        .isEqualTo(403);
    String large = body("evt_large").replace("cus_1", "c".repeat(5_000));
    assertThat(post(PATH, large, signature(large, CURRENT, Instant.now())).statusCode())
        .isEqualTo(413);
    String live = body("evt_live").replace("\"livemode\":false", "\"livemode\":true");
    assertThat(post(PATH, live, signature(live, CURRENT, Instant.now())).body())
        .contains("a live one");
    assertThat(
            gateway.number(
                "SELECT count(*) FROM inbox_event WHERE name IN ('evt_late', 'evt_forged', 'evt_x',"
                    + " 'evt_large', 'evt_live')"))
        .isZero();
  }

  @Test
  void asksForAnotherSendingWhileTheDatabaseIsAway() {
    String database = gateway.database().options().database();
    gateway.database().execute("REVOKE CONNECT ON DATABASE " + database + " FROM PUBLIC");
    try {
      Await.until(
          "the database is away",
          () -> {
            gateway
                .database()
                .execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename ="
                        + " 'sluice_app' AND datname = current_database()");
            HttpResponse<String> answer = send("evt_away");
            return answer.statusCode() == 503
                && answer.headers().firstValue("Retry-After").isPresent();
          });
    } finally {
      gateway.database().execute("GRANT CONNECT ON DATABASE " + database + " TO PUBLIC");
    }
    Await.until("it is taken again", () -> send("evt_away").statusCode() == 200);
    assertThat(rows("evt_away")).isEqualTo(1);
  }

  private static HttpResponse<String> send(String event) {
    return sendLater(event).join();
  }

  private static CompletableFuture<HttpResponse<String>> sendLater(String event) {
    String body = body(event);
    return postLater(PATH, body, signature(body, CURRENT, Instant.now()));
  }

  private static HttpResponse<String> send(String path, String event, String secret, Instant at) {
    String body = body(event);
    return post(path, body, signature(body, secret, at));
  }

  private static HttpResponse<String> post(String path, String body, String signature) {
    return postLater(path, body, signature).join();
  }

  private static CompletableFuture<HttpResponse<String>> postLater(
      String path, String body, String signature) {
    URI at = gateway.webhooks().resolve(path);
    return client.sendAsync(
        HttpRequest.newBuilder(at)
            .timeout(Duration.ofSeconds(60))
            .header("Stripe-Signature", signature)
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  /** Of a type that moves nothing, however it is worked. */
  private static String body(String event) {
    return """
    {"id":"%s","object":"event","livemode":false,"data":{"object":{"id":"cus_1","object":"customer"}},\
    "type":"customer.created"}\
    """
        .formatted(event);
  }

  private static String signature(String body, String secret, Instant at) {
    try {
      return Webhook.Signature.generateSignatureHeader(body, secret, at.getEpochSecond());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static long rows(String event) {
    return gateway.number("SELECT count(*) FROM inbox_event WHERE name = '" + event + "'");
  }

  private static double metric(String name) {
    return Metrics.values(gateway.operator("/metrics").body(), name, "stripe_demo").sum();
  }
}
