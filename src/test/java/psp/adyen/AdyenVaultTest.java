package psp.adyen;

import static org.assertj.core.api.Assertions.assertThat;
import static psp.Results.await;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import payments.CardDetails;
import psp.CardVault;
import psp.CardVault.CardOnFile;
import psp.CardVault.VaultResult;
import psp.HostileServer;

/** Cards on file at Adyen. */
final class AdyenVaultTest extends AdyenFixture {
  private static final String STORED =
      "{\"id\":\"M5\",\"brand\":\"mc\",\"lastFour\":\"1111\",\"expiryMonth\":\"03\","
          + "\"expiryYear\":\"30\",\"type\":\"scheme\"}";
  private static final CardDetails CARD =
      new CardDetails("mastercard", "1111", 3, 2030, "unknown", null, null, "mastercard");

  private CardVault vault() {
    return psp(LONG).account().vault();
  }

  @Test
  void aShopperIsOurCustomerAndIsNotMade() {
    assertThat(await(vault().createCustomer("cus_1", Map.of("name", "Ann"), "key-1")))
        .isEqualTo(new VaultResult.Done<>("cus_1"));
    assertThat(server.received).isEmpty();
  }

  @Test
  void testTokensStandForTheirCards() {
    CardVault vault = vault();
    for (VaultResult<CardOnFile> result :
        List.of(
            await(vault.retrieve("pm_card_mastercard")),
            await(vault.attach("pm_card_mastercard", "cus_1", "key-1")),
            await(vault.detach("pm_card_mastercard", "key-2")))) {
      assertThat(result)
          .isInstanceOfSatisfying(
              VaultResult.Done.class,
              done -> {
                CardOnFile card = (CardOnFile) done.value();
                assertThat(card.token()).isEqualTo("pm_card_mastercard");
                assertThat(card.card()).isNotNull();
              });
    }
    assertThat(await(vault.retrieve("pm_card_noSuchToken")))
        .isInstanceOf(VaultResult.NotFound.class);
    assertThat(server.received).isEmpty();
  }

  @Test
  void showsAStoredCardOfItsShopper() {
    server.answers(200, "{\"storedPaymentMethods\":[{\"id\":\"M4\"}," + STORED + "]}");
    assertThat(await(vault().retrieve("cus_1/M5")))
        .isInstanceOfSatisfying(
            VaultResult.Done.class,
            done -> assertThat(((CardOnFile) done.value()).card()).isEqualTo(CARD));
    assertThat(server.received.getFirst().method()).isEqualTo("GET");
    assertThat(server.received.getFirst().uri())
        .isEqualTo("/v71/storedPaymentMethods?merchantAccount=SluiceTest&shopperReference=cus_1");
    assertThat(await(vault().retrieve("cus_1/M6"))).isInstanceOf(VaultResult.NotFound.class);
  }

  @Test
  void aCardWithoutAShopperCannotBeShownOrDeleted() {
    assertThat(await(vault().retrieve("M5"))).isInstanceOf(VaultResult.NotFound.class);
    assertThat(await(vault().detach("M5", "key-1"))).isInstanceOf(VaultResult.NotFound.class);
    assertThat(server.received).isEmpty();
  }

  @Test
  void storesACardFromTheBrowser() {
    server.answers(201, STORED);
    String token = "{\"type\":\"scheme\",\"encryptedCardNumber\":\"a\"}";
    assertThat(await(vault().attach(token, "cus_1", "key-1")))
        .isInstanceOfSatisfying(
            VaultResult.Done.class,
            done -> {
              CardOnFile card = (CardOnFile) done.value();
              assertThat(card.token()).isEqualTo("cus_1/M5");
              assertThat(card.card()).isEqualTo(CARD);
            });
    HostileServer.Received received = server.received.getFirst();
    assertThat(received.method() + " " + received.uri())
        .isEqualTo("POST /v71/storedPaymentMethods");
    assertThat(received.headers()).containsEntry("Idempotency-Key", "key-1");
    JsonObject body = new JsonObject(received.body());
    assertThat(body.getString("shopperReference")).isEqualTo("cus_1");
    assertThat(body.getJsonObject("paymentMethod")).isEqualTo(new JsonObject(token));
  }

  @Test
  void anAnswerAboutAnotherShopperIsNone() {
    String anothers = STORED.replace("}", ",\"shopperReference\":\"cus_2\"}");
    server.answers(201, anothers);
    CardVault vault = vault();
    String token = "{\"type\":\"scheme\",\"encryptedCardNumber\":\"a\"}";
    assertThat(await(vault.attach(token, "cus_1", "key-1")))
        .isInstanceOf(VaultResult.Unavailable.class);
    assertThat(await(vault.attach(token, "cus_2", "key-1"))).isInstanceOf(VaultResult.Done.class);

    server.answers(200, "{\"shopperReference\":\"cus_2\",\"storedPaymentMethods\":[]}");
    assertThat(await(vault.retrieve("cus_1/M5"))).isInstanceOf(VaultResult.Unavailable.class);
    assertThat(await(vault.retrieve("cus_2/M5"))).isInstanceOf(VaultResult.NotFound.class);
  }

  @Test
  void aStoredCardIsItsShoppersAlready() {
    assertThat(await(vault().attach("M5", "cus_1", "key-1")))
        .isInstanceOfSatisfying(
            VaultResult.Done.class,
            done -> assertThat(((CardOnFile) done.value()).token()).isEqualTo("cus_1/M5"));
    assertThat(server.received).isEmpty();
  }

  @Test
  void neverStoresPlainCardData() {
    assertThat(
            await(
                vault()
                    .attach(
                        "{\"type\":\"scheme\",\"number\":\"4111111111111111\"}", "cus_1", "key-1")))
        .isInstanceOf(VaultResult.NotFound.class);
    assertThat(server.received).isEmpty();
  }

  @Test
  void deletesAStoredCard() {
    server.answers(204, "");
    assertThat(await(vault().detach("cus_1/M5", "key-1"))).isInstanceOf(VaultResult.Done.class);
    assertThat(server.received.getFirst().method() + " " + server.received.getFirst().uri())
        .isEqualTo(
            "DELETE /v71/storedPaymentMethods/M5?merchantAccount=SluiceTest"
                + "&shopperReference=cus_1");
  }

  @ParameterizedTest
  @CsvSource({
    "404, 000, NotFound",
    "422, 800, Refused",
    "400, 702, Refused",
    "422, 704, Unavailable",
    "401, 000, Unavailable",
    "429, 000, Unavailable",
    "500, 000, Unavailable",
  })
  void tellsWhatAFailureMeans(int status, String code, String result) {
    server.answers(status, error(code));
    assertThat(await(vault().detach("cus_1/M5", "key-1")).getClass().getSimpleName())
        .isEqualTo(result);
    assertThat(await(vault().retrieve("cus_1/M5")).getClass().getSimpleName()).isEqualTo(result);
  }

  @Test
  void noAnswerIsUnavailable() {
    CardVault vault = psp(URI.create("http://no-such-host.invalid"), LONG, 4, 4).account().vault();
    assertThat(await(vault.retrieve("cus_1/M5"))).isInstanceOf(VaultResult.Unavailable.class);
    assertThat(await(vault.detach("cus_1/M5", "key-1")))
        .isInstanceOf(VaultResult.Unavailable.class);
  }
}
