package psp.adyen;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import payments.DeclineCode;
import psp.CardVault;
import psp.Psp;
import psp.PspAccount;
import psp.PspCall;
import psp.PspCommand;
import psp.PspResult;
import psp.PspResult.Declined;
import psp.PspResult.Details;
import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;
import psp.PspWebhooks;
import psp.Sending;
import psp.TransportFailure;

/** One Adyen merchant account as a PSP, through Checkout v71. */
public final class AdyenPsp implements Psp {
  /** Adyen keeps a key for at least this long (Adyen docs: "API idempotency"). */
  private static final Duration IDEMPOTENCY_LIFETIME = Duration.ofDays(7);

  /** A repeat that arrives when the key is just forgotten would be done again. */
  private static final Duration LIFETIME_MARGIN = Duration.ofHours(1);

  private final String accountId;
  private final AdyenConnection connection;
  private final AdyenCalls calls;
  private final CardVault vault;
  private final PspWebhooks webhooks;
  private final boolean testCards;
  private final InstantSource clock;

  public AdyenPsp(Vertx vertx, AdyenSettings settings) {
    this(vertx, settings, InstantSource.system());
  }

  AdyenPsp(Vertx vertx, AdyenSettings settings, InstantSource clock) {
    accountId = settings.accountId();
    connection = new AdyenConnection(vertx, settings);
    calls = new AdyenCalls(settings.merchantAccount(), settings.livemode());
    vault = new AdyenVault(connection, settings);
    webhooks = new AdyenWebhooks(settings);
    testCards = !settings.livemode();
    this.clock = clock;
  }

  /** This account with its vault and its webhooks, without limits yet. */
  public PspAccount account() {
    return new PspAccount(accountId, this, vault, webhooks);
  }

  @Override
  public boolean recognizes(String token) {
    return AdyenTestCards.isTestToken(token)
        ? testCards && AdyenTestCards.of(token).isPresent()
        : AdyenComponent.isOne(token) || AdyenToken.isOne(token);
  }

  @Override
  public Optional<String> objection(String token, @Nullable String customerId) {
    return AdyenComponent.isOne(token)
        ? AdyenComponent.objection(token)
        : AdyenToken.objection(token, customerId);
  }

  @Override
  public PspCall prepare(PspCommand command) {
    return calls.of(command);
  }

  @Override
  public Optional<PspCall> kept(PspCall call) {
    return AdyenCalls.withoutCardData(call);
  }

  @Override
  public Future<PspResult> send(Sending sending) {
    Optional<DeclineCode> refusal = AdyenCalls.refusal(sending.call());
    return refusal.isPresent()
        ? Future.succeededFuture(refused(sending, refusal.get()))
        : call(sending)
            .map(answer -> AdyenMapping.ofAnswer(sending, answer))
            .recover(failure -> ofFailure(sending, failure));
  }

  /**
   * Adyen shows no payment to who asks. What it answered once it answers again to the same request
   * with the same key, so that is sent where a reference of Adyen's proves that there is an answer,
   * for as long as it surely knows the key, else it might be done now, and where the whole request
   * is still kept. Captures, cancels and refunds it only repeats to have taken in.
   */
  @Override
  public Future<PspResult> lookup(Sending sending) {
    Optional<DeclineCode> refusal = AdyenCalls.refusal(sending.call());
    if (refusal.isPresent()) {
      return Future.succeededFuture(refused(sending, refusal.get()));
    }
    boolean remembered =
        clock
            .instant()
            .isBefore(sending.begunAt().plus(IDEMPOTENCY_LIFETIME).minus(LIFETIME_MARGIN));
    boolean answered = sending.reference() != null;
    boolean taken =
        switch (sending.kind()) {
          case AUTHORIZE, COMPLETE_AUTHENTICATION -> false;
          case CAPTURE, VOID, REFUND -> true;
        };
    if (!answered || taken || !remembered || sending.call().isOver()) {
      return Future.succeededFuture(
          new Unknown(UnknownReason.NOT_FOUND, "Adyen tells of it by webhook only"));
    }
    return call(sending)
        .map(answer -> AdyenMapping.ofLookup(sending, answer))
        .recover(failure -> ofFailure(again(sending), failure));
  }

  @Override
  public boolean showsState() {
    return false;
  }

  private Future<AdyenAnswer> call(Sending sending) {
    PspCall call = sending.call();
    if (!call.method().equals("POST")) {
      throw new IllegalArgumentException("not a call of this adapter: " + call.method());
    }
    return connection.call(HttpMethod.POST, call.path(), call.body(), sending.idempotencyKey());
  }

  private static Future<PspResult> ofFailure(Sending sending, Throwable failure) {
    return failure instanceof TransportFailure transport
        ? Future.succeededFuture(transport.of(sending))
        : garbled(failure);
  }

  /** The exception's text may quote the answer, and with it secrets, so only its name is kept. */
  private static Future<PspResult> garbled(Throwable failure) {
    return failure instanceof RuntimeException
        ? Future.succeededFuture(
            AdyenMapping.garbled("unreadable answer: " + failure.getClass().getSimpleName()))
        : Future.failedFuture(failure);
  }

  /** A question that was not asked proves nothing, whatever attempt it is about. */
  private static Sending again(Sending sending) {
    return new Sending(
        sending.accountId(),
        sending.kind(),
        sending.operationId(),
        sending.amount(),
        sending.call(),
        sending.idempotencyKey(),
        sending.reference(),
        Math.max(2, sending.attempt()),
        sending.begunAt());
  }

  private static PspResult refused(Sending sending, DeclineCode code) {
    return new Declined(
        AdyenDeclines.ofState(code, "not_sent", sending.call().body()), null, null, Details.NONE);
  }

  /** Cardholders bring back from an authentication what only we can pass on to Adyen. */
  @Override
  public boolean authorizesOnlyByOurWord() {
    return true;
  }

  @Override
  public Set<String> returnParameters() {
    return AdyenCalls.RETURN_PARAMETERS;
  }

  @Override
  public Duration idempotencyLifetime() {
    return IDEMPOTENCY_LIFETIME;
  }

  /** Closes the connections; calls under way end as unknown. */
  public Future<Void> close() {
    return connection.close();
  }
}
