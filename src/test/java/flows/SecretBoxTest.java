package flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import payments.Answer;
import payments.Parameters;
import payments.Refusal;
import payments.RequestContext;
import payments.WebhookEndpoint;

/** Secrets that the database keeps: unreadable without the key, and only where they belong. */
class SecretBoxTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final UUID ENDPOINT = new UUID(1, 2);

  private final SecretBox box = box(1);

  private static SecretBox box(int fill) {
    var key = new byte[32];
    Arrays.fill(key, (byte) fill);
    return new SecretBox(key, new SecureRandom());
  }

  @Test
  void opensWhatItSealed() {
    String kept = box.seal("whsec_ä", "secret", "m1", "we_1");
    assertThat(kept).startsWith("sealed.v1.").doesNotContain("whsec");
    assertThat(SecretBox.isSealed(kept)).isTrue();
    assertThat(SecretBox.isSealed("{\"id\":1}")).isFalse();
    assertThat(box.open(kept, "secret", "m1", "we_1")).isEqualTo("whsec_ä");
  }

  @Test
  void sealsTheSameTextDifferentlyEachTime() {
    assertThat(box.seal("text", "a")).isNotEqualTo(box.seal("text", "a"));
  }

  @Test
  void opensNothingOfAnotherOwner() {
    String kept = box.seal("text", "m1", "we_1");
    for (String[] other :
        List.of(
            new String[] {"m1", "we_2"},
            new String[] {"m2", "we_1"},
            new String[] {"m1we_1", ""},
            new String[] {"m1"})) {
      assertThatExceptionOfType(SecretBox.Unreadable.class).isThrownBy(() -> box.open(kept, other));
    }
  }

  @Test
  void opensNothingOfAnotherKeyAndNothingThatWasChanged() {
    String kept = box.seal("text", "m1");
    assertThatExceptionOfType(SecretBox.Unreadable.class)
        .isThrownBy(() -> box(2).open(kept, "m1"))
        .withMessageContaining("encryption-key");
    String changed =
        kept.substring(0, 20) + (kept.charAt(20) == 'A' ? 'B' : 'A') + kept.substring(21);
    for (String broken : List.of(changed, "sealed.v1.", "sealed.v1.%%%", kept.substring(0, 30))) {
      assertThatExceptionOfType(SecretBox.Unreadable.class)
          .isThrownBy(() -> box.open(broken, "m1"));
    }
  }

  @Test
  void takesKeysOf32BytesOnly() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SecretBox(new byte[16], new SecureRandom()));
  }

  @Test
  void tellsTheOperatorWhatToSetWhereThereIsNoKey() {
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> new EndpointSecrets(null).seal("whsec_1", "m1", ENDPOINT))
        .satisfies(
            refused -> {
              assertThat(refused.refusal().code()).isEqualTo(Refusal.Code.NOT_CONFIGURED);
              assertThat(refused.refusal().message()).contains("encryption-key");
            });
  }

  @Test
  void opensNoEndpointsSecretWhereThereIsNoKeyAnyMore() {
    var endpoint =
        new WebhookEndpoint(
            "m1",
            false,
            ENDPOINT,
            "https://example.com",
            true,
            null,
            List.of("*"),
            Parameters.EMPTY,
            new EndpointSecrets(box).seal("whsec_1", "m1", ENDPOINT),
            null,
            null,
            1,
            null);
    assertThat(new EndpointSecrets(box).at(endpoint, Instant.EPOCH)).containsExactly("whsec_1");
    assertThatExceptionOfType(SecretBox.Unreadable.class)
        .isThrownBy(() -> new EndpointSecrets(null).at(endpoint, Instant.EPOCH))
        .withMessageContaining("encryption-key");
  }

  @Test
  void keepsAnAnswerThatShowsASecretEncryptedAndReplaysItInClear() {
    var secrets = new EndpointSecrets(box);
    var asked = new RequestContext.Idempotency("key-1", "/v1/webhook_endpoints", "f");
    RequestContext context = Given.context(asked);
    Answer kept = secrets.closed(context, new Answer(200, "{\"secret\":\"whsec_1\"}", false));
    assertThat(kept.body()).doesNotContain("whsec");
    assertThat(secrets.opened(context, asked, kept.asReplay()))
        .isEqualTo(new Answer(200, "{\"secret\":\"whsec_1\"}", true));
    var open = new Answer(200, "{}", true);
    assertThat(secrets.opened(context, asked, open)).isSameAs(open);
  }

  @Test
  void signsWithThePreviousSecretUntilItsTimeIsOver() {
    var secrets = new EndpointSecrets(box);
    var endpoint =
        new WebhookEndpoint(
            "m1",
            false,
            ENDPOINT,
            "https://example.com",
            true,
            null,
            List.of("*"),
            Parameters.EMPTY,
            secrets.seal("whsec_new", "m1", ENDPOINT),
            secrets.seal("whsec_old", "m1", ENDPOINT),
            NOW,
            1,
            null);
    assertThat(secrets.at(endpoint, NOW.minusMillis(1))).containsExactly("whsec_new", "whsec_old");
    assertThat(secrets.at(endpoint, NOW)).containsExactly("whsec_new");
  }
}
