package store;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.Answer;
import payments.Operation;
import payments.Parameters;
import payments.Payment;
import payments.PaymentMethod;
import payments.PaymentStatus;
import payments.RequestContext;

/**
 * One guarded change of a payment, written in one statement and one commit together with what hangs
 * on it.
 *
 * @param payment the payment as it is to be
 * @param fromStatus the status it was decided on, null for a new payment
 * @param fromVersion the version it was decided on
 * @param operation the operation that begins with it, or null
 * @param key the merchant's idempotency key that is claimed with it, or null
 * @param method a payment method that comes into being with it, or null
 * @param cause what happened and by whom, for the history
 */
public record Write(
    Payment payment,
    @Nullable PaymentStatus fromStatus,
    long fromVersion,
    @Nullable Begin operation,
    @Nullable KeyClaim key,
    @Nullable PaymentMethod method,
    Cause cause) {

  public Write {
    // The operation's request has it now.
    if (method != null
        && operation != null
        && method.isForOnePayment(operation.operation.pspAccountId())) {
      method = method.without(operation.operation.pspAccountId());
    }
  }

  /**
   * An operation's first row.
   *
   * @param recoverInMs after how long recovery takes it over should it still be open
   * @param routing why it goes to its PSP account, kept beside it; null where nothing was chosen
   * @param keptRequest what takes the place of its request once the PSP has answered it, null where
   *     the request holds nothing that may not be kept
   */
  public record Begin(
      Operation operation,
      String node,
      long recoverInMs,
      @Nullable Parameters routing,
      @Nullable String keptRequest) {
    /** An operation whose account was not chosen: it acts on what is at one already. */
    public Begin(Operation operation, String node, long recoverInMs) {
      this(operation, node, recoverInMs, null, null);
    }
  }

  /**
   * A merchant's idempotency key, claimed in the commit that begins the work.
   *
   * @param answer the answer, where it is known already; else it is stored at the end
   */
  public record KeyClaim(
      RequestContext context,
      RequestContext.Idempotency idempotency,
      @Nullable UUID operationId,
      @Nullable Answer answer) {

    /** The claim of a request, or null where it brought no key. */
    public static @Nullable KeyClaim of(
        RequestContext context, @Nullable UUID operationId, @Nullable Answer answer) {
      var idempotency = context.idempotency();
      return idempotency == null ? null : new KeyClaim(context, idempotency, operationId, answer);
    }
  }

  /**
   * Why a payment changed.
   *
   * @param event the event's name in the history
   * @param reference the request id, or the name of the background work
   * @param actor the API key's id, or who else
   */
  public record Cause(String event, String reference, String actor) {}
}
