package psp;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One PSP account. What an adapter owes: {@link #prepare} is pure; {@link #send} sends exactly
 * those bytes once, with the key, within its timeout, and never fails its future for anything the
 * network or the PSP does (that is a {@link PspResult}); no retries of its own.
 */
public interface Psp {

  /** The exact request for a command. */
  PspCall prepare(PspCommand command);

  /**
   * Whether a token that a merchant's page got of a PSP may be one of this PSP's, by its shape:
   * another one's is not sent there.
   */
  default boolean recognizes(String token) {
    return true;
  }

  /**
   * Why a token that {@link #recognizes} takes cannot be paid with here, in words for whoever gave
   * it and with nothing of the token in them; empty where nothing speaks against it.
   *
   * @param customerId our public id of the customer who pays, null where none is known
   */
  default Optional<String> objection(String token, @Nullable String customerId) {
    return Optional.empty();
  }

  /**
   * What may be kept of a prepared call once the PSP has answered it, where that is less than the
   * whole: {@link PspCall#over} with a body that holds neither a card's number nor its security
   * code, not even encrypted (PCI DSS 3.3.1). {@link #lookup} may be given such a call, {@link
   * #send} never is.
   */
  default Optional<PspCall> kept(PspCall call) {
    return Optional.empty();
  }

  /** Sends an operation's stored request. The future fails only on a broken assumption. */
  Future<PspResult> send(Sending sending);

  /**
   * Asks what became of an operation without doing it, again or for the first time. Nothing found
   * is {@link PspResult.UnknownReason#NOT_FOUND}, which proves nothing.
   */
  Future<PspResult> lookup(Sending sending);

  /**
   * Whether {@link #lookup} shows how an operation stands now. Otherwise it repeats at most what
   * was answered first, so that what has an answer and waits, for the PSP or for the customer, is
   * not asked about: only a webhook or the customer's return tells more.
   */
  default boolean showsState() {
    return true;
  }

  /**
   * Whether an authorization that waits for the customer ends only by our {@link
   * PspCommand.CompleteAuthentication} with what their browser brings back. Then nothing can be
   * authorized without us, and an authentication that nobody finishes has nothing to void.
   * Otherwise the PSP finishes it by itself, at any moment.
   */
  boolean authorizesOnlyByOurWord();

  /**
   * The names of what the PSP gives a customer's browser to bring back from an authentication, and
   * wants to be told. What a browser brings beside is left.
   */
  default Set<String> returnParameters() {
    return Set.of();
  }

  /** How long the PSP remembers an idempotency key: until then a repeat cannot charge twice. */
  Duration idempotencyLifetime();
}
