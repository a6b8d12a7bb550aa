package contracts;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import payments.OperationKind;
import psp.PspFact;
import psp.PspResult;
import psp.PspResult.Approved;
import psp.PspWebhooks;
import psp.PspWebhooks.Genuine;

/** What one adapter makes of webhooks. */
final class Listening {
  /** When every webhook is signed and comes in. */
  static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

  private final Dialect dialect;
  private final PspWebhooks webhooks;

  Listening(Dialect dialect, PspWebhooks webhooks) {
    this.dialect = dialect;
    this.webhooks = webhooks;
  }

  /** What it reads; "refused" where it does not take it. */
  String read(Event event, boolean genuine) {
    Dialect.Webhook webhook = dialect.webhook(event, genuine);
    if (!(check(webhook) instanceof Genuine taken) || !(check(webhook) instanceof Genuine again)) {
      return "refused";
    }
    PspWebhooks.Item item = taken.items().getFirst();
    PspFact fact = webhooks.read(item.type(), item.body().toString());
    String subject =
        event.about == Event.About.NOTHING
            ? ""
            : differs("its subject", dialect.reference(OperationKind.AUTHORIZE), item.subject());
    return word(event.about, fact)
        + ids(event, fact)
        + subject
        + differs("its name when it is told again", item.name(), again.items().getFirst().name());
  }

  /** Whether one that was changed on its way is taken all the same. */
  boolean takesChanged(Event event) {
    Dialect.Webhook webhook = dialect.webhook(event, true);
    String changed = webhook.body().replaceFirst("1099|700|cus_1", "9");
    if (changed.equals(webhook.body())) {
      throw new AssertionError("nothing to change in " + webhook.body());
    }
    return check(new Dialect.Webhook(webhook.headers(), changed)) instanceof Genuine;
  }

  private PspWebhooks.Check check(Dialect.Webhook webhook) {
    return webhooks.check(name -> webhook.headers().get(name), Buffer.buffer(webhook.body()), NOW);
  }

  private static String word(Event.About about, PspFact fact) {
    return switch (fact) {
      case PspFact.Authorization told ->
          switch (about) {
            case ENDED -> told.ended() ? "ended" : "stands";
            case AUTHORIZE, CAPTURE, VOID -> Words.ofFact(result(about, told));
            case REFUND, DISPUTE, NOTHING -> "an authorization";
          };
      case PspFact.Authorized told ->
          about == Event.About.AUTHORIZE ? Words.ofFact(told.result()) : "an authorization";
      case PspFact.Modification told ->
          about.kind == told.kind()
              ? Words.ofFact(told.result())
                  + (told.authorizationReference() == null ? ", nothing is there" : "")
              : "a " + told.kind();
      case PspFact.Refund told -> Words.ofFact(told.result());
      case PspFact.Dispute told ->
          told.stage().name().toLowerCase(Locale.ROOT) + ", " + told.amount();
      case PspFact.Irrelevant ignored -> "irrelevant";
      case PspFact.Unreadable ignored -> "unreadable";
    };
  }

  private static PspResult result(Event.About about, PspFact.Authorization told) {
    return switch (about) {
      case CAPTURE -> told.asCapture();
      case VOID -> told.asVoid();
      case AUTHORIZE, ENDED, REFUND, DISPUTE, NOTHING -> told.asAuthorize();
    };
  }

  // ---- what it is about

  private String ids(Event event, PspFact fact) {
    String authorization = dialect.reference(OperationKind.AUTHORIZE);
    return switch (fact) {
      case PspFact.Authorization told ->
          differs("the authorization", authorization, told.reference())
              + (told.operationKey() == null && told.ended()
                  ? ""
                  : key(event, OperationKind.AUTHORIZE, told.operationKey()));
      case PspFact.Authorized told ->
          differs("the authorization", authorization, told.reference())
              + key(event, OperationKind.AUTHORIZE, told.operationKey())
              + named(told.reference(), told.result());
      case PspFact.Modification told ->
          (told.authorizationReference() == null
                  ? ""
                  : differs("the authorization", authorization, told.authorizationReference()))
              + differs("it", dialect.reference(told.kind()), told.reference())
              + key(event, told.kind(), told.operationKey())
              + named(told.reference(), told.result());
      case PspFact.Refund told ->
          differs("the authorization", authorization, told.authorizationReference())
              + differs("it", dialect.reference(OperationKind.REFUND), told.reference())
              + key(event, OperationKind.REFUND, told.operationKey())
              + named(told.reference(), told.result());
      case PspFact.Dispute told ->
          differs("the authorization", authorization, told.authorizationReference());
      case PspFact.Irrelevant ignored -> "";
      case PspFact.Unreadable ignored -> "";
    };
  }

  /** Our key where we had it done; none where someone did it at the PSP. */
  private static String key(Event event, OperationKind kind, @Nullable String read) {
    return differs("our key", event.ours ? Dialect.key(kind) : null, read);
  }

  private static String named(String reference, PspResult result) {
    return result instanceof Approved approved
        ? differs("its result's id", reference, approved.reference())
        : "";
  }

  private static String differs(String what, @Nullable String told, @Nullable String read) {
    return Objects.equals(told, read)
        ? ""
        : ", takes %s for %s where the PSP told %s".formatted(read, what, told);
  }
}
