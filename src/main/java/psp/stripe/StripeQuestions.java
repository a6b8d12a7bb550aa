package psp.stripe;

import com.stripe.net.ApiRequestParams;
import com.stripe.net.ApiResource;
import com.stripe.param.PaymentIntentRetrieveParams;
import com.stripe.param.PaymentIntentSearchParams;
import com.stripe.param.RefundListParams;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import psp.PspCall;
import psp.PspResult;
import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;
import psp.Sending;
import psp.stripe.StripeObjects.Intent;
import psp.stripe.StripeObjects.Page;
import psp.stripe.StripeObjects.Refund;

/** What became of an operation, asked of Stripe: by its reference, else by our key. */
final class StripeQuestions {
  private static final int MAX_REFUND_PAGES = 10;

  private final StripeConnection connection;

  StripeQuestions(StripeConnection connection) {
    this.connection = connection;
  }

  /** Asks after an operation. The future fails as {@link StripeConnection#get} does. */
  Future<PspResult> ask(Sending sending) {
    String reference = sending.reference();
    return switch (sending.kind()) {
      case AUTHORIZE, COMPLETE_AUTHENTICATION ->
          reference == null ? searchIntent(sending) : intent(sending, reference);
      case CAPTURE, VOID -> intent(sending, intentOf(sending.call()));
      case REFUND ->
          reference == null
              ? searchRefund(sending, intentOf(sending.call().body()), null, 1)
              : refund(sending, reference);
    };
  }

  private Future<PspResult> intent(Sending sending, String reference) {
    var params = PaymentIntentRetrieveParams.builder().addExpand(StripeCalls.LATEST_CHARGE).build();
    return connection
        .get(query(StripeCalls.intentPath(reference), params))
        .map(
            answer ->
                of(
                    answer,
                    body -> StripeMapping.ofAsked(sending, reference, StripeReader.intent(body))));
  }

  private Future<PspResult> refund(Sending sending, String reference) {
    return connection
        .get(StripeCalls.REFUNDS + "/" + ApiResource.urlEncode(reference))
        .map(
            answer ->
                of(
                    answer,
                    body -> StripeMapping.ofAsked(sending, reference, StripeReader.refund(body))));
  }

  /** Stripe's search trails its writes by up to a minute, so finding nothing proves nothing. */
  private Future<PspResult> searchIntent(Sending sending) {
    var params =
        PaymentIntentSearchParams.builder()
            .setQuery(
                "metadata['"
                    + StripeCalls.OPERATION_ID
                    + "']:'"
                    + quoted(sending.operationId())
                    + "'")
            .addExpand("data." + StripeCalls.LATEST_CHARGE)
            .build();
    return connection
        .get(query(StripeCalls.INTENTS + "/search", params))
        .map(
            answer ->
                of(
                    answer,
                    body -> found(sending, StripeReader.page(body, StripeReader::namedIntent))));
  }

  private static PspResult found(Sending sending, Page<Intent> page) {
    List<Intent> found = page.data();
    if (found == null) {
      return StripeMapping.garbled("no search result in the answer");
    }
    List<Intent> ours =
        found.stream()
            .filter(intent -> isOf(sending, intent.operationKey(), intent.created()))
            .toList();
    return switch (ours.size()) {
      case 0 -> new Unknown(UnknownReason.NOT_FOUND, "no intent carries the operation");
      case 1 -> StripeMapping.ofIntent(sending.kind(), ours.getFirst());
      default -> StripeMapping.unreadable(ours.size() + " intents carry the operation");
    };
  }

  private Future<PspResult> searchRefund(
      Sending sending, String intent, @Nullable String after, int pageNumber) {
    if (pageNumber > MAX_REFUND_PAGES) {
      return Future.succeededFuture(StripeMapping.unreadable("too many refunds to look through"));
    }
    var params =
        RefundListParams.builder()
            .setPaymentIntent(intent)
            .setLimit(100L)
            .setStartingAfter(after)
            .build();
    return connection
        .get(query(StripeCalls.REFUNDS, params))
        .compose(answer -> foundOrNext(sending, intent, answer, pageNumber));
  }

  private Future<PspResult> foundOrNext(
      Sending sending, String intent, StripeAnswer answer, int pageNumber) {
    if (!answer.isSuccess()) {
      return Future.succeededFuture(StripeMapping.ofFailedLookup(answer));
    }
    Page<Refund> page;
    try {
      page = StripeReader.page(answer.body(), StripeReader::namedRefund);
    } catch (IOException e) {
      return Future.succeededFuture(StripeMapping.garbled(e));
    }
    List<Refund> refunds = page.data();
    if (refunds == null) {
      return Future.succeededFuture(StripeMapping.garbled("no list of refunds in the answer"));
    }
    for (Refund refund : refunds) {
      if (isOf(sending, refund.operationKey(), refund.created())) {
        return Future.succeededFuture(StripeMapping.ofRefund(refund));
      }
    }
    return page.hasMore() && !refunds.isEmpty()
        ? searchRefund(sending, intent, refunds.getLast().id(), pageNumber + 1)
        : Future.succeededFuture(
            new Unknown(UnknownReason.NOT_FOUND, "no refund carries the operation"));
  }

  /**
   * Whether an object is this operation's. A merchant may use a key again once nobody remembers it,
   * and the reference is made from the key: what was made before Stripe could remember this
   * sending's key is of an earlier operation.
   */
  private static boolean isOf(
      Sending sending, @Nullable String operationKey, @Nullable Long createdSeconds) {
    long oldest = sending.begunAt().minus(StripePsp.IDEMPOTENCY_LIFETIME).getEpochSecond();
    return sending.operationId().equals(operationKey)
        && createdSeconds != null
        && createdSeconds >= oldest;
  }

  private interface Reading {
    PspResult of(String body) throws IOException;
  }

  private static PspResult of(StripeAnswer answer, Reading reading) {
    if (!answer.isSuccess()) {
      return StripeMapping.ofFailedLookup(answer);
    }
    try {
      return reading.of(answer.body());
    } catch (IOException e) {
      return StripeMapping.garbled(e);
    }
  }

  private static String query(String path, ApiRequestParams params) {
    return path + "?" + StripeCalls.form(params.toMap());
  }

  private static String intentOf(PspCall call) {
    return StripeCalls.intentIn(call)
        .orElseThrow(
            () -> new IllegalArgumentException("a call that names no intent: " + call.path()));
  }

  /** The intent a refund call names in its form. */
  private static String intentOf(String form) {
    return formValue(form, "payment_intent")
        .orElseThrow(() -> new IllegalArgumentException("a refund call without an intent"));
  }

  private static Optional<String> formValue(String form, String name) {
    for (String pair : form.split("&")) {
      if (pair.startsWith(name + "=")) {
        return Optional.of(decoded(pair.substring(name.length() + 1)));
      }
    }
    return Optional.empty();
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static String quoted(String text) {
    return text.replace("\\", "\\\\").replace("'", "\\'");
  }
}
