package psp.adyen;

import io.vertx.core.json.JsonObject;
import java.util.Optional;
import money.Money;
import org.jspecify.annotations.Nullable;
import payments.DeclineCode;
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
 * What Adyen's answers mean, pure (Adyen docs: "Payment result codes", "API idempotency", "HTTP
 * status codes"). One rule rules: once an attempt may have been sent, only Adyen's own statement
 * about that operation closes it. A result or code we do not know is unknown, never a failure.
 */
final class AdyenMapping {
  /** The same key is at work, or another request holds it (Adyen docs: "API idempotency"). */
  private static final String IN_PROGRESS = "704";

  private AdyenMapping() {}

  /** What the answer to a sending means. */
  static PspResult ofAnswer(Sending sending, AdyenAnswer answer) {
    if (answer.isSuccess()) {
      JsonObject body = answer.body();
      if (body == null) {
        return garbled("HTTP " + answer.status() + " without an object");
      }
      return switch (sending.kind()) {
        case AUTHORIZE, COMPLETE_AUTHENTICATION -> ofPayment(sending, body);
        case CAPTURE, VOID, REFUND -> ofModification(sending, body);
      };
    }
    return ofFailure(sending, answer);
  }

  // ---- payments

  private static PspResult ofPayment(Sending sending, JsonObject body) {
    String reference = AdyenJson.filled(body, "pspReference");
    String result = AdyenJson.filled(body, "resultCode");
    if (result == null) {
      return garbled("an answer without a result code");
    }
    String key = AdyenJson.filled(body, AdyenReferences.REFERENCE);
    if (!mayBeAbout(sending, key)) {
      return unreadable(
          key == null ? "an answer that names no payment of ours" : "it is about another payment");
    }
    return switch (result) {
      case "Authorised" -> approved(sending, reference, body);
      case "Refused", "Cancelled", "Error" -> refused(reference, result, body);
      case "Received", "Pending" -> accepted(reference, key);
      case "RedirectShopper" -> redirect(sending, reference, body);
      case "ChallengeShopper", "IdentifyShopper" ->
          refusesChallenge(sending)
              ? authenticationRequired(reference, result, body)
              : unreadable("it asks for an action other than a redirect");
      case "PartiallyAuthorised" -> partial(sending, reference, body);
      default -> Unknown.status(result, reference, key);
    };
  }

  private static PspResult approved(Sending sending, @Nullable String reference, JsonObject body) {
    Optional<Money> amount = AdyenAmounts.authorised(body);
    if (reference == null || amount.isEmpty()) {
      return unreadable("an authorised payment without reference or amount");
    }
    return new Approved(
        reference,
        null,
        amount.get(),
        capturesAtOnce(sending),
        AdyenCards.storedToken(AdyenJson.object(body, "additionalData")),
        AdyenCards.ofAnswer(body, true));
  }

  /**
   * Less than was asked for is held: no success of what was asked, and nothing to be repeated.
   * Where it does not say how much less, it says nothing that we can go by.
   */
  private static PspResult partial(Sending sending, @Nullable String reference, JsonObject body) {
    return AdyenAmounts.authorised(body).filter(sending.amount()::equals).isPresent()
        ? unreadable("a part is authorised, and it names the whole amount")
        : approved(sending, reference, body);
  }

  private static PspResult refused(@Nullable String reference, String result, JsonObject body) {
    JsonObject additional = AdyenJson.object(body, "additionalData");
    String code = AdyenJson.filled(body, "refusalReasonCode");
    String text = AdyenJson.filled(body, "refusalReason");
    String told = text == null ? result : text;
    return new Declined(
        AdyenDeclines.ofRefusal(code, told, additional),
        reference,
        null,
        AdyenCards.ofRefusal(withBrand(body), additional, code, told));
  }

  /** Answers name the brand within the payment method, webhooks in its place. */
  private static JsonObject withBrand(JsonObject body) {
    JsonObject method = AdyenJson.object(body, "paymentMethod");
    String brand = method == null ? null : AdyenJson.filled(method, "brand");
    return body.copy().put("paymentMethod", brand);
  }

  /**
   * Adyen finds the payment that an authentication is of by what the customer brought, which may be
   * another one's: which it is has to be told, and is held against the charge by the core.
   */
  private static boolean mayBeAbout(Sending sending, @Nullable String key) {
    return sending.kind() == OperationKind.COMPLETE_AUTHENTICATION
        ? key != null
        : key == null || key.equals(sending.operationId());
  }

  private static PspResult accepted(@Nullable String reference, @Nullable String key) {
    return reference == null
        ? unreadable("a pending answer without a reference")
        : new Accepted(reference, null, key);
  }

  /**
   * Adyen gives a reference with it or only in the answer to the details (Checkout v71,
   * PaymentResponse.pspReference), which need none.
   */
  private static PspResult redirect(Sending sending, @Nullable String reference, JsonObject body) {
    if (refusesChallenge(sending)) {
      return authenticationRequired(reference, "RedirectShopper", body);
    }
    JsonObject action = AdyenJson.object(body, "action");
    String url = action == null ? null : AdyenJson.filled(action, "url");
    boolean followed =
        action != null
            && "redirect".equals(AdyenJson.text(action, "type"))
            && !"POST".equals(AdyenJson.text(action, "method"));
    return url == null || !followed
        ? unreadable("it asks for an action other than a redirect that can be followed")
        : new ActionRequired(reference, url, AdyenCards.ofAnswer(body, false));
  }

  /**
   * Nobody can follow the challenge. Nothing was charged, and nothing will be: that takes another
   * call of ours.
   */
  private static PspResult authenticationRequired(
      @Nullable String reference, String result, JsonObject body) {
    return new Declined(
        AdyenDeclines.ofState(
            DeclineCode.AUTHENTICATION_REQUIRED, result, "an authentication is asked for"),
        reference,
        null,
        AdyenCards.ofAnswer(body, false));
  }

  private static boolean refusesChallenge(Sending sending) {
    return AdyenJson.object(sending.call().body())
        .filter(AdyenAuthorize::refusesChallenge)
        .isPresent();
  }

  /**
   * Adyen does not tell whether it took the money with the authorisation: it does as it was asked
   * to. What completes an authentication carries no word of that.
   */
  private static boolean capturesAtOnce(Sending sending) {
    return AdyenJson.object(sending.call().body())
        .filter(AdyenAuthorize::capturesAtOnce)
        .isPresent();
  }

  // ---- modifications

  /** Captures, cancels and refunds are only taken in; a webhook tells what became of them. */
  private static PspResult ofModification(Sending sending, JsonObject body) {
    String reference = AdyenJson.filled(body, "pspReference");
    String status = AdyenJson.filled(body, "status");
    if (reference == null || status == null) {
      return garbled("a modification without reference or status");
    }
    String told = AdyenJson.filled(body, "reference");
    boolean another =
        told != null
            && AdyenJson.object(sending.call().body())
                .map(call -> AdyenJson.filled(call, "reference"))
                .filter(asked -> !asked.equals(told))
                .isPresent();
    if (another) {
      return unreadable("it is about another modification");
    }
    return status.equals("received")
        ? new Accepted(reference, null)
        : Unknown.status(status, reference, null);
  }

  // ---- failures

  /**
   * An error's reference is the request's own, and no payment's: it is kept of none. An
   * authentication whose details are refused still stands.
   */
  private static PspResult ofFailure(Sending sending, AdyenAnswer answer) {
    Optional<AdyenError> error = AdyenError.of(answer.body());
    String detail = describe(answer);
    int status = answer.status();
    if (status == 409 || error.filter(AdyenMapping::isInProgress).isPresent()) {
      return new Unknown(UnknownReason.IN_PROGRESS, detail);
    }
    if (status == 429) {
      return new Unknown(UnknownReason.RATE_LIMITED, detail)
          .withRetryAfter(RetryAfter.of(answer.retryAfter()));
    }
    if (status >= 500 || answer.isTransient()) {
      return new Unknown(UnknownReason.PSP_ERROR, detail);
    }
    if (error.isEmpty()) {
      // A definite no has to be Adyen's own, readable, not some proxy's page.
      return garbled(detail);
    }
    return switch (status) {
      case 400, 404, 422 -> ofRefusal(sending, error.get(), detail);
      case 401, 403 ->
          sending.attempt() > 1
              ? new Unknown(UnknownReason.UNAUTHORIZED, detail)
              : new Declined(AdyenDeclines.ofUnauthorized(error.get()), null, null, Details.NONE);
      default -> new Unknown(UnknownReason.UNREADABLE, detail);
    };
  }

  private static PspResult ofRefusal(Sending sending, AdyenError error, String detail) {
    if (sending.attempt() > 1) {
      // Not done now. Nothing in the answer tells that it is the first sending's, replayed.
      return new Unknown(UnknownReason.REFUSED_AGAIN, detail + " on a repeat");
    }
    return new Declined(AdyenDeclines.ofError(error), null, null, Details.NONE);
  }

  /** What a look-up means that was answered: nothing, where it is not Adyen's result. */
  static PspResult ofLookup(Sending sending, AdyenAnswer answer) {
    if (answer.isSuccess()) {
      return ofAnswer(sending, answer);
    }
    UnknownReason reason =
        switch (answer.status()) {
          case 401, 403 -> UnknownReason.UNAUTHORIZED;
          case 404 -> UnknownReason.NOT_FOUND;
          case 409 -> UnknownReason.IN_PROGRESS;
          case 429 -> UnknownReason.RATE_LIMITED;
          default -> {
            if (answer.status() >= 500) {
              yield UnknownReason.PSP_ERROR;
            }
            yield AdyenError.of(answer.body()).isPresent()
                ? UnknownReason.UNREADABLE
                : UnknownReason.GARBLED;
          }
        };
    var unknown = new Unknown(reason, describe(answer));
    return reason == UnknownReason.RATE_LIMITED
        ? unknown.withRetryAfter(RetryAfter.of(answer.retryAfter()))
        : unknown;
  }

  static boolean isInProgress(AdyenError error) {
    return IN_PROGRESS.equals(error.errorCode());
  }

  /** What came is not Adyen's word, whoever's it is. */
  static Unknown garbled(String detail) {
    return new Unknown(UnknownReason.GARBLED, detail);
  }

  static Unknown unreadable(String detail) {
    return new Unknown(UnknownReason.UNREADABLE, detail);
  }

  /** Status, codes and Adyen's reference; never its text, which may quote what was sent. */
  static String describe(AdyenAnswer answer) {
    var text = new StringBuilder("HTTP ").append(answer.status());
    AdyenError.of(answer.body())
        .ifPresent(
            error -> {
              text.append(' ').append(error.codes());
              if (error.pspReference() != null) {
                text.append(" reference ").append(error.pspReference());
              }
            });
    if (answer.retryAfter() != null) {
      text.append(" retry after ").append(answer.retryAfter());
    }
    return text.toString();
  }
}
