package psp.stripe;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import money.Currency;
import money.Money;
import org.jspecify.annotations.Nullable;
import payments.OperationKind;
import psp.PspResult;
import psp.PspResult.Accepted;
import psp.PspResult.ActionRequired;
import psp.PspResult.Approved;
import psp.PspResult.Declined;
import psp.PspResult.Details;
import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;
import psp.RetryAfter;
import psp.Sending;
import psp.stripe.StripeObjects.ApiError;
import psp.stripe.StripeObjects.Intent;
import psp.stripe.StripeObjects.Refund;

/**
 * What Stripe's objects and errors mean, pure (Stripe API: "PaymentIntent lifecycle", Refunds,
 * Errors, "Idempotent requests"). One rule rules: once an attempt may have been sent, only Stripe's
 * own statement about that operation closes it. A status or code we do not know is unknown, never a
 * failure.
 */
final class StripeMapping {
  private StripeMapping() {}

  /** What the answer to a sending means. */
  static PspResult ofAnswer(Sending sending, StripeAnswer answer) {
    if (!answer.isSuccess()) {
      return ofFailure(sending, answer);
    }
    try {
      return switch (sending.kind()) {
        case AUTHORIZE, COMPLETE_AUTHENTICATION, CAPTURE, VOID ->
            ofIntent(sending, StripeReader.intent(answer.body()));
        case REFUND -> ofRefund(sending, StripeReader.refund(answer.body()));
      };
    } catch (IOException | RuntimeException e) {
      return garbled(e);
    }
  }

  /** An intent that was asked for by its id. */
  static PspResult ofAsked(Sending sending, String id, Intent intent) {
    return isAnother(id, intent.id()) ? ofAnother() : ofIntent(sending, intent);
  }

  /**
   * A refund that was asked for by its id. One that no call of ours made may bear the key of an
   * operation that nobody remembers.
   */
  static PspResult ofAsked(Sending sending, String id, Refund refund) {
    if (isAnother(id, refund.id())) {
      return ofAnother();
    }
    boolean ours = sending.call().path().equals(StripeCalls.REFUNDS);
    return ours ? ofRefund(sending, refund) : ofRefund(refund);
  }

  private static PspResult ofIntent(Sending sending, Intent intent) {
    return isOfAnother(sending, intent) ? ofAnother() : ofIntent(sending.kind(), intent);
  }

  private static PspResult ofRefund(Sending sending, Refund refund) {
    return isAnother(sending.operationId(), refund.operationKey()) ? ofAnother() : ofRefund(refund);
  }

  /**
   * Whether an intent is another operation's. HTTP tells answers of one connection apart by their
   * order alone: where something between us and Stripe loses that, two payments must not change
   * places.
   */
  private static boolean isOfAnother(Sending sending, Intent intent) {
    return switch (sending.kind()) {
      case AUTHORIZE, COMPLETE_AUTHENTICATION ->
          isAnother(sending.operationId(), intent.operationKey());
      case CAPTURE, VOID ->
          StripeCalls.intentIn(sending.call())
              .filter(asked -> isAnother(asked, intent.id()))
              .isPresent();
      case REFUND -> throw new IllegalArgumentException("a refund is not told by an intent");
    };
  }

  /** Whether what an answer tells of itself, if anything, is not what was asked. */
  static boolean isAnother(String asked, @Nullable String told) {
    return told != null && !told.equals(asked);
  }

  private static PspResult ofAnother() {
    return unreadable("the answer is about another operation");
  }

  // ---- objects

  /** An intent as the answer to, or the state after, an operation of a kind. */
  static PspResult ofIntent(OperationKind kind, Intent intent) {
    String id = intent.id();
    String status = intent.status();
    if (id == null || status == null) {
      return garbled("no payment intent in the answer");
    }
    return switch (kind) {
      case AUTHORIZE, COMPLETE_AUTHENTICATION -> authorized(intent, id, status);
      case CAPTURE -> captured(intent, id, status);
      case VOID -> voided(intent, id, status);
      case REFUND -> throw new IllegalArgumentException("a refund is not told by an intent");
    };
  }

  private static PspResult authorized(Intent intent, String id, String status) {
    return switch (status) {
      case "succeeded" -> approved(intent, id, intent.amountReceived(), true);
      case "requires_capture" -> approved(intent, id, intent.amountCapturable(), false);
      case "requires_action" -> actionRequired(intent, id);
      case "processing" -> new Accepted(id, intent.charge());
      case "requires_payment_method" -> unpaid(intent, id);
      case "requires_confirmation" ->
          new Unknown(UnknownReason.IN_PROGRESS, "the intent is not confirmed yet");
      // What was declined before it was canceled was declined all the same.
      case "canceled" ->
          intent.lastPaymentError() == null ? declinedByState(intent, id) : unpaid(intent, id);
      default -> Unknown.status(status, id, null);
    };
  }

  /** The attempt failed, where the intent says why; else it has not got that far. */
  private static PspResult unpaid(Intent intent, String id) {
    ApiError error = intent.lastPaymentError();
    if (error == null) {
      return new Unknown(UnknownReason.IN_PROGRESS, "the intent shows no attempt yet");
    }
    Details details =
        intent.expandedCharge() == null ? StripeCards.ofError(error) : StripeCards.ofIntent(intent);
    String charge = error.charge() == null ? intent.charge() : error.charge();
    return new Declined(StripeDeclines.ofCard(error), id, charge, details);
  }

  private static PspResult actionRequired(Intent intent, String id) {
    return intent.redirectUrl() == null
        ? unreadable("the intent asks for an action other than a redirect")
        : new ActionRequired(id, intent.redirectUrl(), StripeCards.ofIntent(intent));
  }

  private static PspResult captured(Intent intent, String id, String status) {
    return switch (status) {
      case "succeeded" -> approved(intent, id, intent.amountReceived(), true);
      case "processing" -> new Accepted(id, intent.charge());
      case "canceled" -> declinedByState(intent, id);
      case "requires_capture" ->
          new Unknown(UnknownReason.NOT_FOUND, "the intent is still to be captured");
      default -> Unknown.status(status, id, null);
    };
  }

  private static PspResult voided(Intent intent, String id, String status) {
    return switch (status) {
      case "canceled" -> approved(intent, id, intent.amount(), false);
      case "succeeded" -> declinedByState(intent, id);
      case "processing" -> new Unknown(UnknownReason.IN_PROGRESS, "the intent is processing");
      case "requires_capture",
          "requires_action",
          "requires_payment_method",
          "requires_confirmation" ->
          new Unknown(UnknownReason.NOT_FOUND, "the intent is not canceled");
      default -> Unknown.status(status, id, null);
    };
  }

  static PspResult ofRefund(Refund refund) {
    String id = refund.id();
    String status = refund.status();
    if (id == null || status == null) {
      return garbled("no refund in the answer");
    }
    return switch (status) {
      case "succeeded" ->
          money(refund.amount(), refund.currency())
              .<PspResult>map(
                  amount -> new Approved(id, refund.charge(), amount, true, null, Details.NONE))
              .orElseGet(() -> unreadable("the refund's amount is unreadable"));
      case "pending", "requires_action" -> new Accepted(id, refund.charge());
      case "failed", "canceled" ->
          new Declined(
              StripeDeclines.ofState(
                  refund.failureReason() == null ? status : refund.failureReason()),
              id,
              refund.charge(),
              Details.NONE);
      default -> Unknown.status(status, id, null);
    };
  }

  private static PspResult approved(
      Intent intent, String id, @Nullable Long amountMinor, boolean captured) {
    return money(amountMinor, intent.currency())
        .<PspResult>map(
            amount ->
                new Approved(
                    id,
                    intent.charge(),
                    amount,
                    captured,
                    intent.method(),
                    StripeCards.ofIntent(intent)))
        .orElseGet(() -> unreadable("the intent's amount is unreadable"));
  }

  private static PspResult declinedByState(Intent intent, String id) {
    return new Declined(
        StripeDeclines.ofState(intent.status()), id, intent.charge(), StripeCards.ofIntent(intent));
  }

  private static Optional<Money> money(@Nullable Long minor, @Nullable String currency) {
    return minor == null || currency == null
        ? Optional.empty()
        : Currency.find(currency).map(known -> new Money(minor, known));
  }

  // ---- errors

  /** What a failed sending means. */
  static PspResult ofFailure(Sending sending, StripeAnswer answer) {
    int status = answer.status();
    ApiError error = StripeReader.error(answer.body()).orElse(null);
    String detail = describe(answer, error);
    if (status >= 500) {
      // Also when replayed: Stripe says then that it may have half done it.
      return new Unknown(UnknownReason.PSP_ERROR, detail);
    }
    if (status == 409 || (error != null && "idempotency_key_in_use".equals(error.code()))) {
      return new Unknown(UnknownReason.IN_PROGRESS, detail);
    }
    if (status == 429) {
      return new Unknown(UnknownReason.RATE_LIMITED, detail)
          .withRetryAfter(retryAfter(answer, error));
    }
    if (error == null || error.type() == null) {
      // A definite no has to be Stripe's own, readable, not some proxy's page.
      return garbled(detail);
    }
    return switch (status) {
      case 400, 402, 404 -> ofRefusal(sending, answer, error, detail);
      case 401, 403 ->
          sending.attempt() > 1
              ? new Unknown(UnknownReason.UNAUTHORIZED, detail)
              : new Declined(StripeDeclines.ofUnauthorized(error), null, null, Details.NONE);
      default -> new Unknown(UnknownReason.UNREADABLE, detail);
    };
  }

  private static PspResult ofRefusal(
      Sending sending, StripeAnswer answer, ApiError error, String detail) {
    Intent intent = error.intent();
    if (intent != null && sending.kind() != OperationKind.REFUND && isOfAnother(sending, intent)) {
      return ofAnother();
    }
    if ("idempotency_error".equals(error.type())) {
      // The key met another body: our assumption is broken, and the first body may have worked.
      return new Unknown(UnknownReason.UNREADABLE, detail);
    }
    if ("payment_intent_unexpected_state".equals(error.code())
        && (sending.kind() == OperationKind.CAPTURE || sending.kind() == OperationKind.VOID)
        && intent != null
        && !(ofIntent(sending.kind(), intent) instanceof Unknown)) {
      // The intent's own state says what became of it, whoever brought it there.
      return ofIntent(sending.kind(), intent);
    }
    if (sending.kind() == OperationKind.AUTHORIZE && showsMoney(intent)) {
      return new Unknown(UnknownReason.UNREADABLE, detail + ", yet its intent shows money");
    }
    boolean card = answer.status() == 402 && "card_error".equals(error.type());
    if (sending.attempt() > 1 && !card && !answer.isReplayed()) {
      // Not done now, but an earlier sending may have worked: Stripe would have replayed its answer
      // only if it still knows the key.
      return new Unknown(UnknownReason.REFUSED_AGAIN, detail + " on a repeat");
    }
    String charge = error.charge() == null && intent != null ? intent.charge() : error.charge();
    return new Declined(
        card ? StripeDeclines.ofCard(error) : StripeDeclines.ofRefusal(error),
        intent == null ? null : intent.id(),
        charge,
        card ? StripeCards.ofError(error) : Details.NONE);
  }

  private static boolean showsMoney(@Nullable Intent intent) {
    String status = intent == null ? null : intent.status();
    return status != null
        && switch (status) {
          case "succeeded", "requires_capture", "processing" -> true;
          default -> false;
        };
  }

  /** What a failed look-up means: nothing, whatever it was. */
  static PspResult ofFailedLookup(StripeAnswer answer) {
    int status = answer.status();
    ApiError error = StripeReader.error(answer.body()).orElse(null);
    UnknownReason reason =
        switch (status) {
          case 401, 403 -> UnknownReason.UNAUTHORIZED;
          case 404 -> UnknownReason.NOT_FOUND;
          case 409 -> UnknownReason.IN_PROGRESS;
          case 429 -> UnknownReason.RATE_LIMITED;
          default -> {
            if (status >= 500) {
              yield UnknownReason.PSP_ERROR;
            }
            yield error != null && error.type() != null
                ? UnknownReason.UNREADABLE
                : UnknownReason.GARBLED;
          }
        };
    var unknown = new Unknown(reason, describe(answer, error));
    return reason == UnknownReason.RATE_LIMITED
        ? unknown.withRetryAfter(retryAfter(answer, error))
        : unknown;
  }

  /** What came is not Stripe's word, whoever's it is. */
  static Unknown garbled(String detail) {
    return new Unknown(UnknownReason.GARBLED, detail);
  }

  static Unknown unreadable(String detail) {
    return new Unknown(UnknownReason.UNREADABLE, detail);
  }

  /** The exception's text may quote the answer, and with it secrets, so only its name is kept. */
  static Unknown garbled(Throwable unreadable) {
    return garbled("unreadable answer: " + unreadable.getClass().getSimpleName());
  }

  /** Only Stripe knows how long it wants to be left alone, not some proxy. */
  private static @Nullable Duration retryAfter(StripeAnswer answer, @Nullable ApiError error) {
    return error == null ? null : RetryAfter.of(answer.retryAfter());
  }

  /**
   * Status, codes, Stripe's request id and what it asks us to wait; never its text, which may quote
   * what was sent.
   */
  static String describe(StripeAnswer answer, @Nullable ApiError error) {
    var text = new StringBuilder("HTTP ").append(answer.status());
    if (error != null) {
      append(text, " ", error.type());
      append(text, " ", error.code());
      append(text, " request ", answer.requestId());
      text.append(answer.isReplayed() ? " replayed" : "");
      append(text, " retry after ", answer.retryAfter());
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String before, @Nullable String value) {
    if (value != null) {
      text.append(before).append(value);
    }
  }
}
