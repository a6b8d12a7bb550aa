package psp.adyen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import money.Money;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import psp.PspCall;
import psp.PspCommand;

/**
 * Every request of the adapter against Adyen's own document of Checkout, where that is at hand: its
 * schemas are JSON Schema 2020-12, as OpenAPI 3.1 has them.
 */
final class AdyenSpecificationTest {
  private static final Path DOCUMENT = Path.of("../shared/specs/adyen/CheckoutService-v71.json");
  private static final String ID = "urn:adyen:checkout:v71";
  private static final String COMPONENT =
      "{\"type\":\"scheme\",\"encryptedCardNumber\":\"a\",\"encryptedExpiryMonth\":\"b\","
          + "\"encryptedExpiryYear\":\"c\",\"encryptedSecurityCode\":\"d\"}";

  private static JsonSchemaFactory schemas;
  private static JsonObject document;

  private final AdyenCalls calls = new AdyenCalls(Commands.MERCHANT_ACCOUNT, false);

  @BeforeAll
  static void read() throws IOException {
    assumeThat(DOCUMENT).exists();
    String text = Files.readString(DOCUMENT);
    document = new JsonObject(text);
    schemas =
        JsonSchemaFactory.getInstance(
            SpecVersion.VersionFlag.V202012,
            builder -> builder.schemaLoaders(loaders -> loaders.schemas(Map.of(ID, text))));
  }

  private static void check(PspCall call) {
    String path = call.path().substring(AdyenCalls.VERSION.length());
    String template =
        path.replaceAll(
            "^/payments/[^/]+/(captures|cancels|refunds|reversals)$",
            "/payments/{paymentPspReference}/$1");
    JsonObject operation =
        document.getJsonObject("paths").getJsonObject(template).getJsonObject("post");
    String schema =
        operation
            .getJsonObject("requestBody")
            .getJsonObject("content")
            .getJsonObject("application/json")
            .getJsonObject("schema")
            .getString("$ref");
    assertThat(
            schemas
                .getSchema(SchemaLocation.of(ID + schema))
                .validate(call.body(), InputFormat.JSON))
        .as(call.path() + " " + call.body())
        .isEmpty();
  }

  @Test
  void everyPaymentIsAsTheDocumentSays() {
    List<Commands> all = new ArrayList<>();
    AdyenTestCards.CARDS.keySet().forEach(name -> all.add(Commands.plain("pm_card_" + name)));
    all.add(Commands.plain("pm_card_authenticationRequired").away());
    all.add(Commands.plain(COMPONENT));
    all.add(Commands.plain(COMPONENT).held());
    all.add(Commands.plain(COMPONENT).unfollowed());
    all.add(Commands.plain(COMPONENT).wishing("any"));
    all.add(Commands.plain(COMPONENT).from("cus_1").storing("off_session"));
    all.add(Commands.plain(COMPONENT).from("cus_1").storing("on_session"));
    all.add(Commands.plain("cus_1/M5N7TQ4TG5PFWR50"));
    all.add(Commands.plain("cus_1/M5N7TQ4TG5PFWR50").away());
    all.add(
        Commands.plain(
            "{\"paymentMethod\":"
                + COMPONENT
                + ",\"riskData\":{\"clientData\":\"x\"},\"browserInfo\":{\"acceptHeader\":\"*/*\","
                + "\"colorDepth\":24,\"javaEnabled\":false,\"language\":\"en\","
                + "\"screenHeight\":100,\"screenWidth\":100,\"timeZoneOffset\":0,"
                + "\"userAgent\":\"x\"}}"));
    all.add(
        Commands.plain(COMPONENT)
            .sentTo(
                Map.of("name", "Ann Lee", "address", Map.of("line1", "1 Way")),
                Map.of(
                    "name",
                    "Ann Lee",
                    "email",
                    "ann@example.com",
                    "address",
                    Map.of("line1", "1 Way", "country", "US", "state", "CA"))));
    assertThat(all).allSatisfy(commands -> check(calls.of(commands.command())));
  }

  @Test
  void everythingElseIsAsTheDocumentSays() {
    check(
        calls.of(
            new PspCommand.CompleteAuthentication(
                "sluice-complete-1", "PSP1", Map.of("redirectResult", "x"))));
    check(calls.of(new PspCommand.Capture("sluice-capture-1", "PSP1", Money.of(1, "eur"))));
    check(calls.of(new PspCommand.VoidHold("sluice-void-1", "PSP1", null)));
    check(calls.of(new PspCommand.VoidByKey("sluice-let-go-1", "sluice-1")));
    check(calls.of(new PspCommand.Reverse("sluice-give-back-1", "PSP1", Money.of(1, "eur"))));
    for (String reason :
        new String[] {"duplicate", "fraudulent", "requested_by_customer", "other"}) {
      check(calls.of(new PspCommand.Refund("sluice-refund-1", "PSP1", Money.of(1, "eur"), reason)));
    }
  }

  @Test
  void aCardIsStoredAsTheDocumentSays() {
    AdyenAuthorize.Card card = AdyenComponent.card(COMPONENT).orElseThrow();
    JsonObject body = AdyenVault.storing(Commands.MERCHANT_ACCOUNT, card.paymentMethod(), "cus_1");
    check(AdyenCalls.post(AdyenCalls.STORED, body));
  }

  /** What would not be noticed by a schema that takes everything. */
  @Test
  void theDocumentRefusesWhatItDoesNotKnow() {
    assertThat(
            schemas
                .getSchema(SchemaLocation.of(ID + "#/components/schemas/PaymentRequest"))
                .validate("{\"amonut\":{}}", InputFormat.JSON))
        .isNotEmpty();
  }
}
