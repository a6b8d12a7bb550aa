package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.stripe.exception.AuthenticationException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that are not done: each is told what is wrong with it, and nothing is charged. */
final class RefusalsIT {
  private static final String ORDER = "amount=1000&currency=eur";

  private static Shop shop;
  private static Wire wire;

  @BeforeAll
  static void open() {
    shop = Shop.open();
    wire = new Wire(shop.gateway());
  }

  @AfterAll
  static void audit() {
    try (var closing = shop;
        var alsoClosing = wire) {
      assertThat(closing.attempts()).as("attempts but those of this test's own").isZero();
      closing.audit();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "application_fee_amount=5, application_fee_amount",
    "transfer_data[destination]=acct_1, transfer_data",
    "on_behalf_of=acct_1, on_behalf_of",
    "confirmation_token=ctoken_1, confirmation_token",
    "mandate=mandate_1, mandate",
    "radar_options[session]=rse_1, radar_options",
    "confirmation_method=manual, confirmation_method",
    "payment_method_options[card][installments][enabled]=true,"
        + " payment_method_options[card][installments]",
    "payment_method_data[type]=card&payment_method_data[klarna][x]=1,"
        + " payment_method_data[klarna]"
  })
  void namesWhatItDoesNotSupport(String extra, String param) {
    var refused = wire.post("/v1/payment_intents", ORDER + "&" + extra);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
    assertThat(Wire.error(refused).getString("code")).isEqualTo("parameter_unsupported");
    assertThat(Wire.error(refused).getString("param")).isEqualTo(param);
  }

  @ParameterizedTest
  @CsvSource({
    "foo=1, parameter_unknown, foo",
    "shipping[nam]=x, parameter_unknown, shipping[nam]",
    "payment_method_options[card][foo]=1, parameter_unknown, payment_method_options[card][foo]",
    "off_session=true, '', off_session",
    "return_url=https://shop.example, '', return_url",
    "confirm=maybe, '', confirm",
    "confirm=true, parameter_missing, payment_method",
    "capture_method=later, '', capture_method",
    "metadata=text, '', metadata",
    "receipt_email=nobody, email_invalid, receipt_email",
    "statement_descriptor_suffix=****, '', statement_descriptor_suffix",
    "payment_method_types[]=sepa_debit, '', payment_method_types",
    "customer=cus_none, resource_missing, customer",
    "expand[]=invoice, '', expand[0]"
  })
  void namesTheParameterThatIsWrong(String extra, String code, String param) {
    var refused = wire.post("/v1/payment_intents", ORDER + "&" + extra);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
    assertThat(Wire.error(refused).getString("type")).isEqualTo("invalid_request_error");
    assertThat(Wire.error(refused).getString("code", "")).isEqualTo(code);
    assertThat(Wire.error(refused).getString("param")).isEqualTo(param);
    assertThat(Wire.error(refused).getString("message")).isNotBlank();
  }

  @Test
  void namesWhatIsMissing() {
    var amount = wire.post("/v1/payment_intents", "currency=eur");
    assertThat(Wire.error(amount).getString("code")).isEqualTo("parameter_missing");
    assertThat(Wire.error(amount).getString("param")).isEqualTo("amount");
    var refund = wire.post("/v1/refunds", "amount=1");
    assertThat(Wire.error(refund).getString("code")).isEqualTo("parameter_missing");
  }

  @Test
  void doesNotChangeChargesDirectly() {
    var refused = wire.post("/v1/charges", "amount=1000&currency=eur&source=tok_visa");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(Wire.error(refused).getString("code")).isEqualTo("parameter_unsupported");
    assertThat(Wire.error(refused).getString("message")).contains("/v1/payment_intents");
  }

  @Test
  void takesJson() {
    var created =
        wire.post(
            "/v1/payment_intents",
            Wire.JSON,
            """
            {"amount": 1000, "currency": "eur", "metadata": {"order": "7", "count": 3},
             "payment_method_types": ["card"], "shipping": {"name": "Ada", "address": {"line1": "1 Main St"}}}
            """);
    assertThat(created.statusCode()).as(created.body()).isEqualTo(200);
    var payment = Wire.json(created);
    assertThat(payment.getInteger("amount")).isEqualTo(1000);
    assertThat(payment.getJsonObject("metadata").getString("order")).isEqualTo("7");
    assertThat(payment.getJsonObject("metadata").getString("count")).isEqualTo("3");
    assertThat(payment.getJsonObject("shipping").getJsonObject("address").getString("line1"))
        .isEqualTo("1 Main St");
    var wrong =
        wire.post("/v1/payment_intents", Wire.JSON, "{\"amount\": 1000, \"curency\": \"eur\"}");
    assertThat(Wire.error(wrong).getString("param")).isEqualTo("curency");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json | {\"amount\": 1000,",
        "application/json | [1, 2]",
        "application/json | {\"amount\": 1, \"amount\": 2, \"currency\": \"eur\"}",
        "application/json | {\"amount\": 10.5, \"currency\": \"eur\"}",
        "application/x-www-form-urlencoded | amount=%ZZ&currency=eur",
        "application/x-www-form-urlencoded | amount[=1&currency=eur",
        "application/x-www-form-urlencoded | amount=1000&amount=2000&currency=eur",
        "text/plain | amount=1000&currency=eur",
        "multipart/form-data; boundary=x | --x--"
      })
  void refusesWhatCannotBeRead(String type, String body) {
    var refused = wire.post("/v1/payment_intents", type, body);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
    assertThat(Wire.error(refused).getString("type")).isEqualTo("invalid_request_error");
  }

  @Test
  void refusesABodyOverOneMegabyte() {
    String body = ORDER + "&description=" + "x".repeat(1024 * 1024);
    var declared = wire.post("/v1/payment_intents", body);
    assertThat(declared.statusCode()).isEqualTo(413);
    assertThat(Wire.error(declared).getString("type")).isEqualTo("invalid_request_error");
    assertThat(Wire.header(declared, "Request-Id")).startsWith("req_");
  }

  @Test
  void tellsWhatDoesNotExist() {
    for (String path : List.of("/v1/payment_intents/pi_none", "/v1/customers/cus_none")) {
      var missing = wire.get(path);
      assertThat(missing.statusCode()).as(path).isEqualTo(404);
      assertThat(Wire.error(missing).getString("code")).isEqualTo("resource_missing");
    }
    for (String path : List.of("/v1/invoices", "/v1/payment_intents/pi_1/explode", "/", "/v2/x")) {
      var unknown = wire.get(path);
      assertThat(unknown.statusCode()).as(path).isEqualTo(404);
      assertThat(Wire.error(unknown).getString("message")).contains("Unrecognized request URL");
    }
  }

  @Test
  void knowsItsKeys() {
    var wrong =
        catchThrowableOfType(
            AuthenticationException.class,
            () -> shop.client("sk_test_somebodyelses").v1().paymentIntents().list());
    assertThat(wrong.getStatusCode()).isEqualTo(401);
    assertThat(wrong).hasMessageNotContaining("somebodyelses");
    var none = wire.send(HttpRequest.newBuilder(shop.gateway().api().resolve("/v1/charges")).GET());
    assertThat(none.statusCode()).isEqualTo(401);
  }

  @Test
  void doesNotActForConnectedAccounts() {
    var refused =
        wire.send(wire.to("/v1/payment_intents").header("Stripe-Account", "acct_1").GET());
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(Wire.error(refused).getString("message")).contains("Stripe-Account");
  }

  @Test
  void everyAnswerNamesItsRequestAndTheVersion() throws StripeException {
    var answers =
        List.of(
            wire.post("/v1/payment_intents", ORDER),
            wire.get("/v1/payment_intents"),
            wire.get("/v1/payment_intents/pi_none"),
            wire.get("/v1/none"),
            wire.post("/v1/payment_intents", "foo=1"),
            wire.post("/v1/payment_intents", Wire.JSON, "{"),
            wire.send(
                wire.to("/v1/payment_intents")
                    .header("Stripe-Version", "2020-08-27")
                    .header("Content-Type", Wire.FORM)
                    .POST(BodyPublishers.ofString(ORDER))),
            wire.send(HttpRequest.newBuilder(shop.gateway().api().resolve("/v1/charges")).GET()));
    var ids = new HashSet<String>();
    for (HttpResponse<String> answer : answers) {
      assertThat(Wire.header(answer, "Request-Id")).startsWith("req_");
      assertThat(Wire.header(answer, "Stripe-Version")).isEqualTo(com.stripe.Stripe.API_VERSION);
      assertThat(Wire.header(answer, "Content-Type")).startsWith("application/json");
      ids.add(Wire.header(answer, "Request-Id"));
    }
    assertThat(ids).hasSize(answers.size());
    assertThat(shop.unpaid().getLastResponse().requestId()).startsWith("req_");
    var missing =
        catchThrowableOfType(
            InvalidRequestException.class, () -> shop.payments().retrieve("pi_none"));
    assertThat(missing.getRequestId()).startsWith("req_");
  }
}
