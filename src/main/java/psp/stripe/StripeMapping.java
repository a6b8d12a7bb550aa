package psp.stripe;

import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.model.StripeError;
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

/**
 * What Stripe's objects and errors mean, pure (Stripe API: "PaymentIntent lifecycle", Refunds,
 * Errors, "Idempotent requests"). One rule rules: once an attempt may have been sent, only Stripe's
 * own statement about that operation closes it. A status or code we do not know is unknown, never a
 * failure.
 */
final class StripeMapping {
  private static final String REPLAYED = "Idempotent-Replayed";
  private static final String RETRY_AFTER = "Retry-After";

  private StripeMapping() {}

  // ---- objects

  /** An intent as the answer to, or the state after, an operation of a kind. */
  static PspResult ofIntent(OperationKind kind, @Nullable PaymentIntent intent) {
    if (intent == null || intent.getId() == null || intent.getStatus() == null) {
      return garbled("no payment intent in the answer");
    }
    return switch (kind) {
      case AUTHORIZE, COMPLETE_AUTHENTICATION -> authorized(intent);
      case CAPTURE -> captured(intent);
      case VOID -> voided(intent);
      case REFUND -> throw new IllegalArgumentException("a refund is not told by an intent");
    };
  }

  private static PspResult authorized(PaymentIntent intent) {
    return switch (intent.getStatus()) {
      case "succeeded" -> approved(intent, intent.getAmountReceived(), true);
      case "requires_capture" -> approved(intent, intent.getAmountCapturable(), false);
      case "requires_action" -> actionRequired(intent);
      case "processing" -> new Accepted(intent.getId(), intent.getLatestCharge());
      case "requires_payment_method" -> unpaid(intent);
      case "requires_confirmation" ->
          new Unknown(UnknownReason.IN_PROGRESS, "the intent is not confirmed yet");
      // What was declined before it was canceled was declined all the same.
      case "canceled" ->
          intent.getLastPaymentError() == null ? declinedByState(intent) : unpaid(intent);
      default -> Unknown.status(intent.getStatus(), intent.getId(), null);
    };
  }

  /** The attempt failed, where the intent says why; else it has not got that far. */
  private static PspResult unpaid(PaymentIntent intent) {
    StripeError error = intent.getLastPaymentError();
    if (error == null) {
      return new Unknown(UnknownReason.IN_PROGRESS, "the intent shows no attempt yet");
    }
    Details details =
        intent.getLatestChargeObject() == null
            ? StripeCards.ofError(error)
            : StripeCards.ofIntent(intent);
    String charge = error.getCharge() == null ? intent.getLatestCharge() : error.getCharge();
    return new Declined(StripeDeclines.ofCard(error), intent.getId(), charge, details);
  }

  private static PspResult actionRequired(PaymentIntent intent) {
    PaymentIntent.NextAction action = intent.getNextAction();
    if (action == null
        || action.getRedirectToUrl() == null
        || action.getRedirectToUrl().getUrl() == null) {
      return unreadable("the intent asks for an action other than a redirect");
    }
    return new ActionRequired(
        intent.getId(), action.getRedirectToUrl().getUrl(), StripeCards.ofIntent(intent));
  }

  private static PspResult captured(PaymentIntent intent) {
    return switch (intent.getStatus()) {
      case "succeeded" -> approved(intent, intent.getAmountReceived(), true);
      case "processing" -> new Accepted(intent.getId(), intent.getLatestCharge());
      case "canceled" -> declinedByState(intent);
      case "requires_capture" ->
          new Unknown(UnknownReason.NOT_FOUND, "the intent is still to be captured");
      default -> Unknown.status(intent.getStatus(), intent.getId(), null);
    };
  }

  private static PspResult voided(PaymentIntent intent) {
    return switch (intent.getStatus()) {
      case "canceled" -> approved(intent, intent.getAmount(), false);
      case "succeeded" -> declinedByState(intent);
      case "processing" -> new Unknown(UnknownReason.IN_PROGRESS, "the intent is processing");
      case "requires_capture",
          "requires_action",
          "requires_payment_method",
          "requires_confirmation" ->
          new Unknown(UnknownReason.NOT_FOUND, "the intent is not canceled");
      default -> Unknown.status(intent.getStatus(), intent.getId(), null);
    };
  }

  static PspResult ofRefund(@Nullable Refund refund) {
    if (refund == null || refund.getId() == null || refund.getStatus() == null) {
      return garbled("no refund in the answer");
    }
    return switch (refund.getStatus()) {
      case "succeeded" ->
          money(refund.getAmount(), refund.getCurrency())
              .<PspResult>map(
                  amount ->
                      new Approved(
                          refund.getId(), refund.getCharge(), amount, true, null, Details.NONE))
              .orElseGet(() -> unreadable("the refund's amount is unreadable"));
      case "pending", "requires_action" -> new Accepted(refund.getId(), refund.getCharge());
      case "failed", "canceled" ->
          new Declined(
              StripeDeclines.ofState(
                  refund.getFailureReason() == null
                      ? refund.getStatus()
                      : refund.getFailureReason()),
              refund.getId(),
              refund.getCharge(),
              Details.NONE);
      default -> Unknown.status(refund.getStatus(), refund.getId(), null);
    };
  }

  private static PspResult approved(
      PaymentIntent intent, @Nullable Long amountMinor, boolean captured) {
    return money(amountMinor, intent.getCurrency())
        .<PspResult>map(
            amount ->
                new Approved(
                    intent.getId(),
                    intent.getLatestCharge(),
                    amount,
                    captured,
                    intent.getPaymentMethod(),
                    StripeCards.ofIntent(intent)))
        .orElseGet(() -> unreadable("the intent's amount is unreadable"));
  }

  private static PspResult declinedByState(PaymentIntent intent) {
    return new Declined(
        StripeDeclines.ofState(intent.getStatus()),
        intent.getId(),
        intent.getLatestCharge(),
        StripeCards.ofIntent(intent));
  }

  private static Optional<Money> money(@Nullable Long minor, @Nullable String currency) {
    return minor == null || currency == null
        ? Optional.empty()
        : Currency.find(currency).map(known -> new Money(minor, known));
  }

  // ---- errors

  /** What a failed sending means. */
  static PspResult ofFailure(Sending sending, StripeException failure) {
    if (failure instanceof StripeTransportException transport) {
      return transport.failure().of(sending);
    }
    int status = failure.getStatusCode() == null ? 0 : failure.getStatusCode();
    StripeError error = failure.getStripeError();
    String detail = describe(status, error);
    if (status >= 500) {
      // Also when replayed: Stripe says then that it may have half done it.
      return new Unknown(UnknownReason.PSP_ERROR, detail);
    }
    if (status == 409 || (error != null && "idempotency_key_in_use".equals(error.getCode()))) {
      return new Unknown(UnknownReason.IN_PROGRESS, detail);
    }
    if (status == 429) {
      return new Unknown(UnknownReason.RATE_LIMITED, detail).withRetryAfter(retryAfter(error));
    }
    if (error == null || error.getType() == null) {
      // A definite no has to be Stripe's own, readable, not some proxy's page.
      return garbled(detail);
    }
    return switch (status) {
      case 400, 402, 404 -> ofRefusal(sending, status, error, detail);
      case 401, 403 ->
          sending.attempt() > 1
              ? new Unknown(UnknownReason.UNAUTHORIZED, detail)
              : new Declined(StripeDeclines.ofUnauthorized(error), null, null, Details.NONE);
      default -> new Unknown(UnknownReason.UNREADABLE, detail);
    };
  }

  private static PspResult ofRefusal(
      Sending sending, int status, StripeError error, String detail) {
    if (error.getType().equals("idempotency_error")) {
      // The key met another body: our assumption is broken, and the first body may have worked.
      return new Unknown(UnknownReason.UNREADABLE, detail);
    }
    if ("payment_intent_unexpected_state".equals(error.getCode())
        && (sending.kind() == OperationKind.CAPTURE || sending.kind() == OperationKind.VOID)
        && error.getPaymentIntent() != null
        && !(ofIntent(sending.kind(), error.getPaymentIntent()) instanceof Unknown)) {
      // The intent's own state says what became of it, whoever brought it there.
      return ofIntent(sending.kind(), error.getPaymentIntent());
    }
    if (sending.kind() == OperationKind.AUTHORIZE && showsMoney(error.getPaymentIntent())) {
      return new Unknown(UnknownReason.UNREADABLE, detail + ", yet its intent shows money");
    }
    boolean card = status == 402 && error.getType().equals("card_error");
    if (sending.attempt() > 1 && !card && !replayed(error)) {
      // Not done now, but an earlier sending may have worked: Stripe would have replayed its answer
      // only if it still knows the key.
      return new Unknown(UnknownReason.REFUSED_AGAIN, detail + " on a repeat");
    }
    PaymentIntent intent = error.getPaymentIntent();
    String charge =
        error.getCharge() == null && intent != null ? intent.getLatestCharge() : error.getCharge();
    return new Declined(
        card ? StripeDeclines.ofCard(error) : StripeDeclines.ofRefusal(error),
        intent == null ? null : intent.getId(),
        charge,
        card ? StripeCards.ofError(error) : Details.NONE);
  }

  private static boolean showsMoney(@Nullable PaymentIntent intent) {
    return intent != null
        && intent.getStatus() != null
        && switch (intent.getStatus()) {
          case "succeeded", "requires_capture", "processing" -> true;
          default -> false;
        };
  }

  /** What a failed look-up means: nothing, whatever it was. */
  static PspResult ofFailedLookup(StripeException failure) {
    if (failure instanceof StripeTransportException transport) {
      return transport.failure().ofQuestion();
    }
    int status = failure.getStatusCode() == null ? 0 : failure.getStatusCode();
    StripeError error = failure.getStripeError();
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
            yield error != null && error.getType() != null
                ? UnknownReason.UNREADABLE
                : UnknownReason.GARBLED;
          }
        };
    var unknown = new Unknown(reason, describe(status, error));
    return reason == UnknownReason.RATE_LIMITED
        ? unknown.withRetryAfter(retryAfter(error))
        : unknown;
  }

  /** What came is not Stripe's word, whoever's it is. */
  static Unknown garbled(String detail) {
    return new Unknown(UnknownReason.GARBLED, detail);
  }

  static Unknown unreadable(String detail) {
    return new Unknown(UnknownReason.UNREADABLE, detail);
  }

  private static @Nullable Duration retryAfter(@Nullable StripeError error) {
    return error == null ? null : RetryAfter.of(header(error, RETRY_AFTER).orElse(null));
  }

  private static boolean replayed(StripeError error) {
    return header(error, REPLAYED).filter("true"::equalsIgnoreCase).isPresent();
  }

  private static Optional<String> header(StripeError error, String name) {
    return error.getLastResponse() == null
        ? Optional.empty()
        : error.getLastResponse().headers().firstValue(name);
  }

  /**
   * Status, codes, Stripe's request id and what it asks us to wait; never its text, which may quote
   * what was sent.
   */
  static String describe(int status, @Nullable StripeError error) {
    var text = new StringBuilder("HTTP ").append(status);
    if (error != null) {
      append(text, " ", error.getType());
      append(text, " ", error.getCode());
      if (error.getLastResponse() != null) {
        append(text, " request ", error.getLastResponse().requestId());
        text.append(replayed(error) ? " replayed" : "");
        append(text, " retry after ", header(error, RETRY_AFTER).orElse(null));
      }
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String before, @Nullable String value) {
    if (value != null) {
      text.append(before).append(value);
    }
  }
}
