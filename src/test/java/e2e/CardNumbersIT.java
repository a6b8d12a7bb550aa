package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Card numbers are refused wherever they are, and leave no trace. */
final class CardNumbersIT {
  private static final String NUMBER = "4242424242424242";
  private static final String AMEX = "378282246310005";
  private static final String ORDER = "amount=1000&currency=eur";
  private static final List<String> ROOMS = List.of("routes", "flows", "store", "psp", "verticles");

  private static final Logger ROOT =
      (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private static final Lines LINES = new Lines();

  private static Shop shop;
  private static Wire wire;

  /** Everything that is logged. */
  private static final class Lines extends AppenderBase<ILoggingEvent> {
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    @Override
    protected void append(ILoggingEvent event) {
      lines.add(event.getLoggerName() + " " + event.getFormattedMessage());
      if (event.getThrowableProxy() != null) {
        lines.add(ThrowableProxyUtil.asString(event.getThrowableProxy()));
      }
    }

    String all() {
      return String.join("\n", lines);
    }
  }

  @BeforeAll
  static void open() {
    shop = Shop.open();
    wire = new Wire(shop.gateway());
    LINES.setContext(ROOT.getLoggerContext());
    LINES.start();
    ROOT.addAppender(LINES);
    ROOMS.forEach(room -> ((Logger) LoggerFactory.getLogger(room)).setLevel(Level.TRACE));
  }

  @AfterAll
  static void audit() {
    ROOMS.forEach(room -> ((Logger) LoggerFactory.getLogger(room)).setLevel(null));
    ROOT.detachAppender(LINES);
    try (var closing = shop;
        var alsoClosing = wire) {
      closing.audit();
    }
  }

  private static List<HttpResponse<String>> attempts() {
    return List.of(
        wire.post(
            "/v1/payment_intents",
            ORDER
                + "&confirm=true&payment_method_data[type]=card&payment_method_data[card][number]="
                + NUMBER
                + "&payment_method_data[card][exp_month]=12&payment_method_data[card][cvc]=123"),
        wire.post("/v1/payment_intents", ORDER + "&description=card+" + NUMBER),
        wire.post("/v1/payment_intents", ORDER + "&description=4242+4242-4242+4242"),
        wire.post("/v1/payment_intents", ORDER + "&metadata[" + NUMBER + "]=x"),
        wire.post("/v1/payment_intents", ORDER + "&metadata[card]=" + AMEX),
        wire.post("/v1/payment_intents", ORDER + "&unknown=" + NUMBER),
        wire.post("/v1/payment_intents", ORDER + "&shipping[name]=" + NUMBER),
        wire.post("/v1/payment_intents", ORDER + "&payment_method=" + NUMBER),
        wire.post(
            "/v1/payment_intents",
            Wire.JSON,
            "{\"amount\":1000,\"currency\":\"eur\",\"metadata\":{\"n\":" + NUMBER + "}}"),
        wire.post("/v1/customers", "name=Ada&source[number]=" + NUMBER),
        wire.post("/v1/payment_methods", "type=card&card[number]=" + NUMBER),
        wire.post("/v1/refunds", "payment_intent=" + NUMBER),
        wire.get("/v1/customers?email=" + NUMBER + "@example.com"),
        wire.send(
            wire.to("/v1/payment_intents")
                .header("Content-Type", Wire.FORM)
                .header("Idempotency-Key", NUMBER)
                .POST(BodyPublishers.ofString(ORDER))));
  }

  @Test
  void refusesThemEverywhereAndKeepsNothing() throws SQLException {
    List<HttpResponse<String>> answers = attempts();
    for (int i = 0; i < answers.size(); i++) {
      var answer = answers.get(i);
      assertThat(answer.statusCode()).as("attempt %d: %s", i, answer.body()).isEqualTo(400);
      assertThat(Wire.error(answer).getString("code"))
          .as("attempt %d: %s", i, answer.body())
          .isEqualTo("card_number_not_accepted");
      assertThat(answer.body()).as("attempt %d", i).doesNotContain(NUMBER, AMEX, "4242 4242");
      assertThat(answer.headers().map().toString()).as("attempt %d", i).doesNotContain(NUMBER);
    }
    var inPath = wire.get("/v1/payment_intents/" + NUMBER);
    assertThat(inPath.statusCode()).isBetween(400, 404);
    assertThat(inPath.body()).doesNotContain(NUMBER);
    assertThat(LINES.all()).doesNotContain(NUMBER, AMEX, "4242 4242");
    assertThat(rowsWith(NUMBER)).as("tables that hold a card number").isEmpty();
    assertThat(rowsWith(AMEX)).as("tables that hold a card number").isEmpty();
    assertThat(shop.gateway().number("SELECT count(*) FROM payment WHERE status <> 'succeeded'"))
        .isZero();
  }

  @Test
  void logsTheRequestsIdAndNothingOfItsBody() {
    var paid =
        wire.post(
            "/v1/payment_intents",
            ORDER
                + "&confirm=true&payment_method=pm_card_visa&description=confidential-words"
                + "&receipt_email=private@example.com&shipping[name]=Mx+Secretive"
                + "&shipping[address][line1]=1+Hidden+Street&metadata[k]=hidden-value");
    assertThat(paid.statusCode()).as(paid.body()).isEqualTo(200);
    var refused = wire.post("/v1/payment_intents", ORDER + "&confidential-words=1");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(LINES.all())
        .contains("request_id=" + Wire.header(paid, "Request-Id"))
        .contains(Wire.json(paid).getString("id"))
        .doesNotContain(
            "confidential-words",
            "private@example.com",
            "Secretive",
            "Hidden Street",
            "hidden-value",
            Wire.json(paid).getString("client_secret"),
            "sk_test_");
  }

  /** The tables in which the text stands anywhere. */
  private static List<String> rowsWith(String text) throws SQLException {
    var found = new ArrayList<String>();
    try (var connection = shop.gateway().database().connect();
        var statement = connection.createStatement()) {
      var tables = new ArrayList<String>();
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")) {
        while (rows.next()) {
          tables.add(rows.getString(1));
        }
      }
      assertThat(tables).contains("payment", "operation", "idempotency_key", "customer");
      for (String table : tables) {
        try (ResultSet rows =
            statement.executeQuery(
                "SELECT count(*) FROM \"" + table + "\" t WHERE t::text LIKE '%" + text + "%'")) {
          rows.next();
          if (rows.getLong(1) > 0) {
            found.add(table);
          }
        }
      }
    }
    return found;
  }
}
