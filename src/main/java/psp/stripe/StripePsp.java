package psp.stripe;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Function;
import java.util.regex.Pattern;
import psp.CardVault;
import psp.Psp;
import psp.PspAccount;
import psp.PspCall;
import psp.PspCommand;
import psp.PspResult;
import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;
import psp.PspWebhooks;
import psp.Sending;
import psp.TransportFailure;

/** One Stripe account as a PSP. */
public final class StripePsp implements Psp {
  /** Stripe may forget a key after this (Stripe API: "Idempotent requests"). */
  static final Duration IDEMPOTENCY_LIFETIME = Duration.ofHours(24);

  private static final Pattern TOKEN = Pattern.compile("[a-z]+_[A-Za-z0-9_]+");

  private final String accountId;
  private final StripeConnection connection;
  private final PspWebhooks webhooks;
  private final StripeQuestions questions;

  public StripePsp(Vertx vertx, StripeSettings settings) {
    accountId = settings.accountId();
    connection = new StripeConnection(vertx, settings);
    questions = new StripeQuestions(connection);
    webhooks = new StripeWebhooks(settings.webhooks());
  }

  /** This account with its vault and its webhooks, without limits yet. */
  public PspAccount account() {
    return new PspAccount(accountId, this, vault(), webhooks);
  }

  /** The account's cards on file, over the same connections. */
  public CardVault vault() {
    return new StripeVault(connection);
  }

  /**
   * Stripe's tokens are names with what they are in front, such as {@code pm_} and {@code tok_}.
   */
  @Override
  public boolean recognizes(String token) {
    return TOKEN.matcher(token).matches();
  }

  @Override
  public PspCall prepare(PspCommand command) {
    return StripeCalls.of(command);
  }

  @Override
  public Future<PspResult> send(Sending sending) {
    PspCall call = sending.call();
    if (!call.method().equals("POST")) {
      throw new IllegalArgumentException("not a call of this adapter: " + call.method());
    }
    return connection
        .call(
            () ->
                connection
                    .post(call.path(), call.body(), sending.idempotencyKey())
                    .map(answer -> StripeMapping.ofAnswer(sending, answer)),
            () -> PspResult.notSent(sending, "too many calls to this account"))
        .recover(failure -> ofFailure(failure, transport -> transport.of(sending)));
  }

  @Override
  public Future<PspResult> lookup(Sending sending) {
    return connection
        .call(
            () -> questions.ask(sending),
            () -> new Unknown(UnknownReason.NOT_ASKED, "too many calls to this account"))
        .recover(failure -> ofFailure(failure, TransportFailure::ofQuestion));
  }

  /** What could not be taken in is no proof: what it was answering may well be done. */
  private static Future<PspResult> ofFailure(
      Throwable failure, Function<TransportFailure, PspResult> ofTransport) {
    return switch (failure) {
      case TransportFailure transport -> Future.succeededFuture(ofTransport.apply(transport));
      case RuntimeException unreadable -> Future.succeededFuture(StripeMapping.garbled(unreadable));
      default -> Future.failedFuture(failure);
    };
  }

  /** Stripe finishes by itself before it sends the customer to the return_url. */
  @Override
  public boolean authorizesOnlyByOurWord() {
    return false;
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
