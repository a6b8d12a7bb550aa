package flows;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.Answer;
import payments.IdSource;
import payments.Refusal;
import payments.RequestContext;
import payments.WebhookEndpoint;

/**
 * The secrets that sign deliveries, and the answers that show one once: made here, kept encrypted.
 */
public final class EndpointSecrets {
  private static final String PREFIX = "whsec_";

  private final @Nullable SecretBox box;

  /** Without a box nothing can be made or read. */
  public EndpointSecrets(@Nullable SecretBox box) {
    this.box = box;
  }

  /** A new secret of 256 random bits, as its owner sees it. */
  static String fresh(IdSource ids) {
    return PREFIX + ids.secret() + ids.secret();
  }

  /** Fails {@link Refused} where the operator gave no key to encrypt with. */
  String seal(String secret, String merchantId, UUID endpointId) {
    return required().seal(secret, "webhook-secret", merchantId, endpointId.toString());
  }

  /**
   * The secrets that sign at a moment, the current one first.
   *
   * @throws SecretBox.Unreadable where the operator's key is not the one they were encrypted with,
   *     or there is none any more
   */
  public List<String> at(WebhookEndpoint endpoint, Instant now) {
    SecretBox key = box;
    if (key == null) {
      throw new SecretBox.Unreadable();
    }
    return endpoint.secretsAt(now).stream()
        .map(
            kept ->
                key.open(kept, "webhook-secret", endpoint.merchantId(), endpoint.id().toString()))
        .toList();
  }

  /** An answer as it is stored under the request's idempotency key. */
  Answer closed(RequestContext context, Answer answer) {
    var idempotency = context.idempotency();
    return idempotency == null
        ? answer
        : new Answer(
            answer.status(),
            required().seal(answer.body(), answerOf(context, idempotency)),
            answer.replayed());
  }

  /** The same answer in clear again; one that shows no secret is as it was stored. */
  Answer opened(RequestContext context, RequestContext.Idempotency idempotency, Answer stored) {
    return SecretBox.isSealed(stored.body())
        ? new Answer(
            stored.status(),
            required().open(stored.body(), answerOf(context, idempotency)),
            stored.replayed())
        : stored;
  }

  private static String[] answerOf(RequestContext context, RequestContext.Idempotency idempotency) {
    return new String[] {
      "answer", context.merchantId(), String.valueOf(context.livemode()), idempotency.key()
    };
  }

  private SecretBox required() {
    if (box == null) {
      throw new Refused(
          Refusal.of(
              Refusal.Code.NOT_CONFIGURED,
              "This Sluice has no key to keep webhook secrets with: whoever runs it must set"
                  + " encryption-key to 32 random bytes in Base64."));
    }
    return box;
  }
}
