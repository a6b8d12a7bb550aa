package psp.stripe;

import static psp.stripe.StripeJson.document;
import static psp.stripe.StripeJson.field;
import static psp.stripe.StripeJson.id;
import static psp.stripe.StripeJson.nextField;
import static psp.stripe.StripeJson.object;
import static psp.stripe.StripeJson.require;
import static psp.stripe.StripeJson.text;
import static psp.stripe.StripeJson.told;
import static psp.stripe.StripeJson.whole;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import psp.stripe.StripeJson.Reading;
import psp.stripe.StripeObjects.ApiError;
import psp.stripe.StripeObjects.Charge;
import psp.stripe.StripeObjects.Dispute;
import psp.stripe.StripeObjects.Intent;
import psp.stripe.StripeObjects.Method;
import psp.stripe.StripeObjects.Page;
import psp.stripe.StripeObjects.Refund;

/**
 * Reads Stripe's objects from their text in one pass, without the trees and the reflection that
 * stripe-java's models take ({@code docs/adr/0013}). A field of an odd kind makes the whole text
 * unreadable, where it is one that is read, as it does with those models, which a test compares;
 * and so does a number that is not whole, which they would cut down to one. Of a field that is told
 * twice the last counts.
 */
final class StripeReader {
  private StripeReader() {}

  // ---- whole texts

  /** The intent that a text is. */
  static Intent intent(String json) throws IOException {
    return document(json, StripeReader::namedIntent);
  }

  /** The refund that a text is. */
  static Refund refund(String json) throws IOException {
    return document(json, StripeReader::namedRefund);
  }

  /** The payment method that a text is. */
  static Method method(String json) throws IOException {
    return document(json, StripeCardReader::method);
  }

  /** A page whose elements are read so. */
  static <T> Page<T> page(String json, Reading<T> element) throws IOException {
    return document(json, parser -> page(parser, element));
  }

  /** The error that an answer tells; empty where it is no error of Stripe's. */
  static Optional<ApiError> error(String json) {
    try {
      return document(json, StripeReader::errorIn);
    } catch (IOException notStripes) {
      return Optional.empty();
    }
  }

  private static Optional<ApiError> errorIn(JsonParser parser) throws IOException {
    return Optional.ofNullable(
        field(parser, "error", error -> object(error, StripeReader::apiError)));
  }

  private static <T> Page<T> page(JsonParser parser, Reading<T> element) throws IOException {
    List<T> data = null;
    boolean hasMore = false;
    for (String name = nextField(parser); name != null; name = nextField(parser)) {
      JsonToken value = parser.currentToken();
      switch (name) {
        case "data" -> data = value == JsonToken.VALUE_NULL ? null : elements(parser, element);
        case "has_more" -> {
          require(value.isBoolean() || value == JsonToken.VALUE_NULL, name);
          hasMore = value == JsonToken.VALUE_TRUE;
        }
        default -> parser.skipChildren();
      }
    }
    return new Page<>(data, hasMore);
  }

  private static <T> List<T> elements(JsonParser parser, Reading<T> element) throws IOException {
    require(parser.currentToken() == JsonToken.START_ARRAY, "data");
    var read = new ArrayList<T>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      require(parser.currentToken() == JsonToken.START_OBJECT, "data");
      read.add(element.of(parser));
    }
    return read;
  }

  // ---- objects that say what they are

  static Intent namedIntent(JsonParser parser) throws IOException {
    Intent intent = intent(parser);
    require("payment_intent".equals(intent.object()), "object");
    return intent;
  }

  static Refund namedRefund(JsonParser parser) throws IOException {
    Refund refund = refund(parser);
    require("refund".equals(refund.object()), "object");
    return refund;
  }

  static Dispute namedDispute(JsonParser parser) throws IOException {
    Dispute dispute = dispute(parser);
    require("dispute".equals(dispute.object()), "object");
    return dispute;
  }

  // ---- objects

  private static Intent intent(JsonParser parser) throws IOException {
    String object = null;
    String id = null;
    String status = null;
    Long amount = null;
    Long amountReceived = null;
    Long amountCapturable = null;
    String currency = null;
    String methodId = null;
    Method method = null;
    String chargeId = null;
    Charge charge = null;
    ApiError error = null;
    String redirectUrl = null;
    String cancellationReason = null;
    String operationKey = null;
    Long created = null;
    for (String name = nextField(parser); name != null; name = nextField(parser)) {
      boolean expanded = parser.currentToken() == JsonToken.START_OBJECT;
      switch (name) {
        case "object" -> object = text(parser);
        case "id" -> id = text(parser);
        case "status" -> status = text(parser);
        case "amount" -> amount = whole(parser);
        case "amount_received" -> amountReceived = whole(parser);
        case "amount_capturable" -> amountCapturable = whole(parser);
        case "currency" -> currency = text(parser);
        case "payment_method" -> {
          method = expanded ? StripeCardReader.method(parser) : null;
          methodId = method == null ? id(parser) : told(method.id());
        }
        case "latest_charge" -> {
          charge = expanded ? StripeCardReader.charge(parser) : null;
          chargeId = charge == null ? id(parser) : told(charge.id());
        }
        case "last_payment_error" -> error = object(parser, StripeReader::apiError);
        case "next_action" -> redirectUrl = field(parser, "redirect_to_url", StripeReader::url);
        case "cancellation_reason" -> cancellationReason = text(parser);
        case "metadata" -> operationKey = operationKey(parser);
        case "created" -> created = whole(parser);
        default -> parser.skipChildren();
      }
    }
    return new Intent(
        object,
        id,
        status,
        amount,
        amountReceived,
        amountCapturable,
        currency,
        methodId,
        method,
        chargeId,
        charge,
        error,
        redirectUrl,
        cancellationReason,
        operationKey,
        created);
  }

  private static @Nullable String url(JsonParser redirect) throws IOException {
    return field(redirect, "url", StripeJson::text);
  }

  /** Our key in an object's metadata, which holds texts only, whoever wrote them. */
  private static @Nullable String operationKey(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    require(parser.currentToken() == JsonToken.START_OBJECT, "metadata");
    String key = null;
    for (String name = nextField(parser); name != null; name = nextField(parser)) {
      require(parser.currentToken().isScalarValue(), "metadata");
      key = name.equals(StripeCalls.OPERATION_ID) ? text(parser) : key;
    }
    return key;
  }

  private static Refund refund(JsonParser parser) throws IOException {
    String object = null;
    String id = null;
    String status = null;
    Long amount = null;
    String currency = null;
    String charge = null;
    String intent = null;
    String reason = null;
    String failureReason = null;
    String operationKey = null;
    Long created = null;
    for (String name = nextField(parser); name != null; name = nextField(parser)) {
      switch (name) {
        case "object" -> object = text(parser);
        case "id" -> id = text(parser);
        case "status" -> status = text(parser);
        case "amount" -> amount = whole(parser);
        case "currency" -> currency = text(parser);
        case "charge" -> charge = chargeId(parser);
        case "payment_intent" -> intent = intentId(parser);
        case "reason" -> reason = text(parser);
        case "failure_reason" -> failureReason = text(parser);
        case "metadata" -> operationKey = operationKey(parser);
        case "created" -> created = whole(parser);
        default -> parser.skipChildren();
      }
    }
    return new Refund(
        object,
        id,
        status,
        amount,
        currency,
        charge,
        intent,
        reason,
        failureReason,
        operationKey,
        created);
  }

  private static @Nullable String chargeId(JsonParser parser) throws IOException {
    return parser.currentToken() == JsonToken.START_OBJECT
        ? told(StripeCardReader.charge(parser).id())
        : id(parser);
  }

  private static @Nullable String intentId(JsonParser parser) throws IOException {
    return parser.currentToken() == JsonToken.START_OBJECT ? told(intent(parser).id()) : id(parser);
  }

  private static Dispute dispute(JsonParser parser) throws IOException {
    String object = null;
    String id = null;
    String status = null;
    Long amount = null;
    String currency = null;
    String intent = null;
    String reason = null;
    Long created = null;
    for (String name = nextField(parser); name != null; name = nextField(parser)) {
      switch (name) {
        case "object" -> object = text(parser);
        case "id" -> id = text(parser);
        case "status" -> status = text(parser);
        case "amount" -> amount = whole(parser);
        case "currency" -> currency = text(parser);
        case "payment_intent" -> intent = intentId(parser);
        case "reason" -> reason = text(parser);
        case "created" -> created = whole(parser);
        default -> parser.skipChildren();
      }
    }
    return new Dispute(object, id, status, amount, currency, intent, reason, created);
  }

  private static ApiError apiError(JsonParser parser) throws IOException {
    String type = null;
    String code = null;
    String declineCode = null;
    String message = null;
    String param = null;
    String adviceCode = null;
    String networkAdviceCode = null;
    String networkDeclineCode = null;
    String charge = null;
    Intent intent = null;
    Method method = null;
    for (String name = nextField(parser); name != null; name = nextField(parser)) {
      switch (name) {
        case "type" -> type = text(parser);
        case "code" -> code = text(parser);
        case "decline_code" -> declineCode = text(parser);
        case "message" -> message = text(parser);
        case "param" -> param = text(parser);
        case "advice_code" -> adviceCode = text(parser);
        case "network_advice_code" -> networkAdviceCode = text(parser);
        case "network_decline_code" -> networkDeclineCode = text(parser);
        case "charge" -> charge = text(parser);
        case "payment_intent" -> intent = object(parser, StripeReader::intent);
        case "payment_method" -> method = object(parser, StripeCardReader::method);
        default -> parser.skipChildren();
      }
    }
    return new ApiError(
        type,
        code,
        declineCode,
        message,
        param,
        adviceCode,
        networkAdviceCode,
        networkDeclineCode,
        charge,
        intent,
        method);
  }
}
