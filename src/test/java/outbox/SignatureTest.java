package outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.stripe.exception.SignatureVerificationException;
import com.stripe.net.Webhook;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Our signatures as the merchants' own SDK checks them. */
class SignatureTest {
  private static final String BODY = "{\"id\":\"evt_1\",\"object\":\"event\",\"name\":\"ä€\"}";

  private static String header(Instant at, String... secrets) {
    return Signature.header(at, BODY.getBytes(StandardCharsets.UTF_8), List.of(secrets));
  }

  @Test
  void isWhatTheSdkVerifies() throws SignatureVerificationException {
    String header = header(Instant.now(), "whsec_new", "whsec_old");
    assertThat(header).matches("t=\\d+,v1=[0-9a-f]{64},v1=[0-9a-f]{64}");
    assertThat(Webhook.Signature.verifyHeader(BODY, header, "whsec_new", 300)).isTrue();
    assertThat(Webhook.Signature.verifyHeader(BODY, header, "whsec_old", 300)).isTrue();
  }

  @Test
  void isRefusedForAnotherSecretAnotherBodyAndAnOldTime() {
    for (Checked refused :
        List.<Checked>of(
            () -> Webhook.Signature.verifyHeader(BODY, header(Instant.now(), "one"), "other", 300),
            () ->
                Webhook.Signature.verifyHeader(
                    BODY + " ", header(Instant.now(), "one"), "one", 300),
            () ->
                Webhook.Signature.verifyHeader(
                    BODY, header(Instant.now().minusSeconds(600), "one"), "one", 300))) {
      assertThatExceptionOfType(SignatureVerificationException.class).isThrownBy(refused::run);
    }
  }

  private interface Checked {
    void run() throws SignatureVerificationException;
  }
}
