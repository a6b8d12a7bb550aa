package routes.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import payments.Parameters;
import payments.Refusal;
import payments.Refusal.Code;

/** The catalogues' verdict on single parameters. */
class ParameterCatalogueTest {

  @ParameterizedTest
  @CsvSource({
    "amount=12.5,                              PARAMETER_INVALID_INTEGER, amount",
    "amount=abc,                               PARAMETER_INVALID_INTEGER, amount",
    "amount=%2B5,                              PARAMETER_INVALID_INTEGER, amount",
    "amount=0,                                 PARAMETER_INVALID_INTEGER, amount",
    "amount=-5,                                PARAMETER_INVALID_INTEGER, amount",
    "amount=100000000,                         AMOUNT_TOO_LARGE, amount",
    "amount=99999999999999999999999,           AMOUNT_TOO_LARGE, amount",
    "amount=,                                  PARAMETER_INVALID_EMPTY, amount",
    "amount[a]=1,                              PARAMETER_INVALID_INTEGER, amount",
    "currency=,                                PARAMETER_INVALID_EMPTY, currency",
    "currency[x]=usd,                          PARAMETER_INVALID, currency",
    "confirm=yes,                              PARAMETER_INVALID, confirm",
    "capture_method=later,                     PARAMETER_INVALID, capture_method",
    "off_session=maybe,                        PARAMETER_INVALID, off_session",
    "foo=1,                                    PARAMETER_UNKNOWN, foo",
    "shipping[foo]=1,                          PARAMETER_UNKNOWN, shipping[foo]",
    "shipping[name]=Ada,                       PARAMETER_MISSING, shipping[address]",
    "shipping=Ada,                             PARAMETER_INVALID, shipping",
    "transfer_data[destination]=acct_1,        PARAMETER_UNSUPPORTED, transfer_data",
    "application_fee_amount=5,                 PARAMETER_UNSUPPORTED, application_fee_amount",
    "on_behalf_of=acct_1,                      PARAMETER_UNSUPPORTED, on_behalf_of",
    "payment_method_data[type]=klarna,         PARAMETER_INVALID, payment_method_data[type]",
    "payment_method_data[type]=card,           PARAMETER_MISSING, payment_method_data[card]",
    "payment_method_data[sepa_debit][iban]=DE, PARAMETER_UNSUPPORTED,"
        + " payment_method_data[sepa_debit]",
    "payment_method_options[card][moto]=true,  PARAMETER_UNSUPPORTED,"
        + " payment_method_options[card][moto]",
    "payment_method_types=card,                PARAMETER_INVALID, payment_method_types",
    "return_url=/back,                         URL_INVALID, return_url",
    "return_url=shop.example/back,             URL_INVALID, return_url",
    "return_url=//shop.example/back,           URL_INVALID, return_url",
    "return_url=https://,                      URL_INVALID, return_url",
    "return_url=https://shop.example/a%20b,    URL_INVALID, return_url",
    "receipt_email=nobody,                     EMAIL_INVALID, receipt_email",
    "receipt_email=a@b@c.de,                   EMAIL_INVALID, receipt_email",
    "statement_descriptor=12345,               PARAMETER_INVALID, statement_descriptor",
    "statement_descriptor=A*B,                 PARAMETER_INVALID, statement_descriptor",
    "statement_descriptor=ABCDEFGHIJKLMNOPQRSTUVW, PARAMETER_INVALID, statement_descriptor",
    "description=%20%20,                       PARAMETER_INVALID_STRING_BLANK, description",
    "metadata=x,                               PARAMETER_INVALID, metadata",
    "metadata[a][b]=x,                         PARAMETER_INVALID, metadata[a]",
    "expand[]=,                                PARAMETER_INVALID_EMPTY, expand[0]"
  })
  void refusesByName(String form, Code code, String param) {
    Refusal refusal =
        Refusals.of(() -> PaymentIntentParameters.CREATE.check(FormReaderTest.read(form)));
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal.param()).isEqualTo(param);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "amount=abc | Invalid integer: abc",
        "foo=1 | Received unknown parameter: foo",
        "transfer_data[x]=1 | Sluice does not support `transfer_data` yet.",
        "currency=usd | Missing required param: amount.",
        "amount=0 | This value must be greater than or equal to 1.",
        "confirm=2 | Invalid boolean: 2"
      })
  void saysWhatStripeSays(String form, String message) {
    assertThat(
            Refusals.of(() -> PaymentIntentParameters.CREATE.check(FormReaderTest.read(form)))
                .message())
        .isEqualTo(message);
  }

  @Test
  void boundsMetadata() {
    var tooMany = new LinkedHashMap<String, Object>();
    for (int i = 0; i < 51; i++) {
      tooMany.put("k" + i, "v");
    }
    assertThat(metadata(tooMany).param()).isEqualTo("metadata");
    assertThat(metadata(Map.of("k".repeat(41), "v")).code()).isEqualTo(Code.PARAMETER_INVALID);
    assertThat(metadata(Map.of("a]", "v")).code()).isEqualTo(Code.PARAMETER_INVALID);
    assertThat(metadata(Map.of("k", "v".repeat(501))).param()).isEqualTo("metadata[k]");
  }

  @Test
  void turnsValuesIntoTheirTypesFromFormsAndFromJson() {
    var form =
        check(
            PaymentIntentParameters.CREATE,
            "amount=1099&currency=usd&confirm=true&payment_method_types[1]=link"
                + "&payment_method_types[0]=card&metadata[7]=8");
    var json =
        PaymentIntentParameters.CREATE.check(
            Map.of(
                "amount",
                1099L,
                "currency",
                "usd",
                "confirm",
                true,
                "payment_method_types",
                List.of("card", "link"),
                "metadata",
                Map.of("7", 8L)));
    assertThat(form.values()).isEqualTo(json.values());
    assertThat(form.values().get("amount")).isEqualTo(1099L);
    assertThat(Fingerprint.of("POST", "/v1/x", form.values()))
        .isEqualTo(Fingerprint.of("POST", "/v1/x", json.values()));
  }

  @Test
  void keepsOnlyWhatIsKept() {
    Parameters kept =
        check(
                PaymentIntentParameters.CREATE,
                "amount=1&currency=usd&description=Tea&customer=cus_1&receipt_email="
                    + "&metadata[a]=1&metadata[b]=&payment_method_options[card]"
                    + "[request_three_d_secure]=any")
            .kept();
    assertThat(kept.values())
        .isEqualTo(
            Map.of(
                "description", "Tea",
                "metadata", Map.of("a", "1"),
                "payment_method_options", Map.of("card", Map.of("request_three_d_secure", "any"))));
  }

  @Test
  void keepsEmptyValuesOfAnUpdateBecauseTheyUnset() {
    Parameters changes =
        check(PaymentIntentParameters.UPDATE, "description=&metadata[a]=&metadata[b]=2")
            .keptByUpdate();
    assertThat(changes.values())
        .isEqualTo(Map.of("description", "", "metadata", Map.of("a", "", "b", "2")));
    assertThat(check(PaymentIntentParameters.UPDATE, "metadata=").keptByUpdate().values())
        .isEqualTo(Map.of("metadata", ""));
  }

  @Test
  void tellsRequestsApartByMethodPathAndContent() {
    String one = Fingerprint.of("POST", "/v1/a", Map.of("a", "1", "b", "2"));
    assertThat(Fingerprint.of("POST", "/v1/a", Map.of("b", "2", "a", "1"))).isEqualTo(one);
    assertThat(Fingerprint.of("POST", "/v1/b", Map.of("a", "1", "b", "2"))).isNotEqualTo(one);
    assertThat(Fingerprint.of("POST", "/v1/a", Map.of("a", "1", "b", "3"))).isNotEqualTo(one);
    assertThat(Fingerprint.of("POST", "/v1/a", Map.of("a", List.of("1", "2"))))
        .isNotEqualTo(Fingerprint.of("POST", "/v1/a", Map.of("a", List.of("2", "1"))));
    assertThat(Fingerprint.of("POST", "/v1/a", Map.of("a", "1:b1:2")))
        .isNotEqualTo(Fingerprint.of("POST", "/v1/a", Map.of("a", "1", "b", "2")));
  }

  private static Refusal metadata(Object metadata) {
    return Refusals.of(() -> PaymentIntentParameters.CREATE.check(Map.of("metadata", metadata)));
  }

  private static CheckedParameters check(ParameterCatalogue catalogue, String form) {
    return catalogue.check(FormReaderTest.read(form));
  }
}
