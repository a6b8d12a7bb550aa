package psp.adyen;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** By published vectors, so that not only our own idea of the scheme holds. */
final class AdyenSignatureTest {
  private static final String KEY =
      "DFB1EB5485895CFA84146406857104ABB4CBCABDC8AAF103A624C8F6A3EAAB00";
  private static final String SIGNATURE = "ipnxGCaUZ4l8TUW75a71/ghd2Fe5ffvX0pV4TLTntIc=";

  static JsonObject item() {
    return new JsonObject()
        .put("pspReference", "pspReference")
        .put("originalReference", "originalReference")
        .put("merchantAccountCode", "merchantAccount")
        .put("merchantReference", "reference")
        .put("amount", new JsonObject().put("currency", "EUR").put("value", 1000))
        .put("eventCode", "EVENT")
        .put("success", "true")
        .put("additionalData", new JsonObject().put("hmacSignature", SIGNATURE));
  }

  @Test
  void signsTextsAsPublished() {
    byte[] signed =
        AdyenSignature.hmac(
            "9064450A8892A093D9E97EFCC9639DE31B74F3A7803135555A3C96F5A57915D6",
            "TestPayload".getBytes(StandardCharsets.UTF_8));
    assertThat(Base64.getEncoder().encodeToString(signed))
        .isEqualTo("YA9/UDjldIO4Gq68X4ATYYoEaPYH4f4k2uzBBzEF1PA=");
  }

  @Test
  void takesAnItemSignedAsPublished() {
    assertThat(AdyenSignature.payload(item()))
        .isEqualTo("pspReference:originalReference:merchantAccount:reference:1000:EUR:EVENT:true");
    assertThat(AdyenSignature.fault(item(), List.of(KEY))).isNull();
    assertThat(AdyenSignature.fault(item(), List.of("00FF", KEY))).as("a second key").isNull();
    assertThat(AdyenSignature.fault(item(), List.of(KEY.toLowerCase(java.util.Locale.ROOT))))
        .isNull();
  }

  @Test
  void whatIsMissingIsEmpty() {
    assertThat(AdyenSignature.payload(new JsonObject())).isEqualTo(":::::::");
  }

  @Test
  void refusesWhatAnyFieldOfWasChanged() {
    for (String field :
        new String[] {
          "pspReference",
          "originalReference",
          "merchantAccountCode",
          "merchantReference",
          "eventCode",
          "success"
        }) {
      assertThat(AdyenSignature.fault(item().put(field, "other"), List.of(KEY)))
          .as(field)
          .contains("no signature matches");
      JsonObject without = item();
      without.remove(field);
      assertThat(AdyenSignature.fault(without, List.of(KEY))).as(field).isNotNull();
    }
    var other = new JsonObject().put("currency", "EUR").put("value", 1001);
    assertThat(AdyenSignature.fault(item().put("amount", other), List.of(KEY))).isNotNull();
  }

  @Test
  void refusesWhatIsNotSignedOrWithAnotherKey() {
    assertThat(AdyenSignature.fault(item(), List.of("00FF"))).contains("HMAC key");
    JsonObject unsigned = item();
    unsigned.remove("additionalData");
    assertThat(AdyenSignature.fault(unsigned, List.of(KEY))).contains("no hmacSignature");
    assertThat(
            AdyenSignature.fault(
                item().put("additionalData", new JsonObject().put("hmacSignature", "%%%")),
                List.of(KEY)))
        .contains("not Base64");
  }
}
