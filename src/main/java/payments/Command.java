package payments;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import money.Money;
import org.jspecify.annotations.Nullable;

/**
 * What a merchant's request asks for, parsed and checked for form. The core answers each with an
 * {@link Answer}. Immutable, so the event bus hands them over as they are.
 */
public sealed interface Command {
  RequestContext context();

  /**
   * How a payment is to be paid, where a request says so.
   *
   * @param paymentMethod the merchant's payment_method, an id of ours or a PSP's token
   * @param cardToken payment_method_data[card][token], a PSP's single-use token
   * @param billingDetails payment_method_data[billing_details]
   * @param offSession whether the customer is away: a challenge is then a decline
   * @param parameters what confirm may also set on the payment: receipt_email, shipping,
   *     setup_future_usage, return_url, ...
   */
  record Confirmation(
      @Nullable String paymentMethod,
      @Nullable String cardToken,
      Parameters billingDetails,
      boolean offSession,
      @Nullable CaptureMethod captureMethod,
      Parameters parameters) {}

  /** POST /v1/payment_intents. With {@code confirmed} the payment is taken at once. */
  record CreatePayment(
      RequestContext context,
      Money amount,
      CaptureMethod captureMethod,
      @Nullable UUID customerId,
      Confirmation confirmation,
      boolean confirmed,
      Parameters parameters)
      implements Command {}

  /**
   * POST /v1/payment_intents/{id}. Null leaves as it is; an empty text in {@code parameters}
   * unsets.
   */
  record UpdatePayment(
      RequestContext context,
      UUID paymentId,
      @Nullable Long amountMinor,
      @Nullable String currency,
      @Nullable CaptureMethod captureMethod,
      @Nullable UUID customerId,
      @Nullable String paymentMethod,
      @Nullable String cardToken,
      Parameters billingDetails,
      Parameters parameters)
      implements Command {}

  /** POST /v1/payment_intents/{id}/confirm. A publishable key must bring the client secret. */
  record ConfirmPayment(
      RequestContext context,
      UUID paymentId,
      @Nullable String clientSecret,
      Confirmation confirmation)
      implements Command {}

  /** POST /v1/payment_intents/{id}/capture. Without an amount all of the hold is taken. */
  record CapturePayment(
      RequestContext context, UUID paymentId, @Nullable Long amountMinor, Parameters parameters)
      implements Command {}

  /** POST /v1/payment_intents/{id}/cancel. */
  record CancelPayment(RequestContext context, UUID paymentId, @Nullable String reason)
      implements Command {}

  /**
   * A customer's browser comes back from an authentication, GET or POST /v1/redirects/…: answered
   * with where it is sent on to. Nobody has signed it, so it proves nothing by itself.
   *
   * @param operationKey by which the PSP knows the authorize operation that it is about
   * @param proof shows that the address was made by us
   * @param details whatever the browser brought, within bounds; the PSP's adapter knows what of it
   *     the PSP gave it
   */
  record ReturnCustomer(
      RequestContext context, String operationKey, String proof, Map<String, String> details)
      implements Command {
    public ReturnCustomer {
      details = Map.copyOf(details);
    }
  }

  /** GET /v1/payment_intents/{id}. */
  record RetrievePayment(RequestContext context, UUID paymentId, @Nullable String clientSecret)
      implements Command {}

  /** GET /v1/payment_intents. */
  record ListPayments(RequestContext context, Page page, @Nullable UUID customerId)
      implements Command {}

  /** POST /v1/refunds, by payment or by charge; without an amount all that is left. */
  record RefundPayment(
      RequestContext context,
      @Nullable UUID paymentId,
      @Nullable UUID chargeId,
      @Nullable Long amountMinor,
      @Nullable String reason,
      Parameters parameters)
      implements Command {}

  /** POST /v1/refunds/{id}: metadata only. */
  record UpdateRefund(RequestContext context, UUID refundId, Parameters parameters)
      implements Command {}

  /** GET /v1/refunds/{id}. */
  record RetrieveRefund(RequestContext context, UUID refundId) implements Command {}

  /** GET /v1/refunds, of one payment, one charge or all. */
  record ListRefunds(
      RequestContext context, Page page, @Nullable UUID paymentId, @Nullable UUID chargeId)
      implements Command {}

  /** GET /v1/charges/{id}. */
  record RetrieveCharge(RequestContext context, UUID chargeId) implements Command {}

  /** GET /v1/charges. */
  record ListCharges(
      RequestContext context, Page page, @Nullable UUID paymentId, @Nullable UUID customerId)
      implements Command {}

  /** POST /v1/customers. */
  record CreateCustomer(
      RequestContext context, @Nullable String paymentMethod, Parameters parameters)
      implements Command {}

  /** POST /v1/customers/{id}. */
  record UpdateCustomer(RequestContext context, UUID customerId, Parameters parameters)
      implements Command {}

  /** DELETE /v1/customers/{id}. */
  record DeleteCustomer(RequestContext context, UUID customerId) implements Command {}

  /** GET /v1/customers/{id}. */
  record RetrieveCustomer(RequestContext context, UUID customerId) implements Command {}

  /** GET /v1/customers. */
  record ListCustomers(RequestContext context, Page page, @Nullable String email)
      implements Command {}

  /** GET /v1/payment_methods/{id}, or through a customer. */
  record RetrievePaymentMethod(
      RequestContext context, String paymentMethodId, @Nullable UUID customerId)
      implements Command {}

  /**
   * GET /v1/payment_methods?customer= or GET /v1/customers/{id}/payment_methods.
   *
   * @param url the path that was asked, which the list names
   */
  record ListPaymentMethods(
      RequestContext context, Page page, UUID customerId, @Nullable String type, String url)
      implements Command {}

  /** POST /v1/payment_methods/{id}/attach. */
  record AttachPaymentMethod(RequestContext context, String paymentMethodId, UUID customerId)
      implements Command {}

  /** POST /v1/payment_methods/{id}/detach. */
  record DetachPaymentMethod(RequestContext context, String paymentMethodId) implements Command {}

  /** POST /v1/webhook_endpoints. */
  record CreateWebhookEndpoint(
      RequestContext context, String url, List<String> enabledEvents, Parameters parameters)
      implements Command {}

  /** POST /v1/webhook_endpoints/{id}. Null and no events leave as it is. */
  record UpdateWebhookEndpoint(
      RequestContext context,
      UUID endpointId,
      @Nullable String url,
      List<String> enabledEvents,
      @Nullable Boolean disabled,
      Parameters parameters)
      implements Command {}

  /**
   * POST /v1/webhook_endpoints/{id}/rotate_secret.
   *
   * @param oldLivesSeconds how long the secret so far signs beside the new one
   */
  record RotateWebhookSecret(RequestContext context, UUID endpointId, long oldLivesSeconds)
      implements Command {}

  /** DELETE /v1/webhook_endpoints/{id}. */
  record DeleteWebhookEndpoint(RequestContext context, UUID endpointId) implements Command {}

  /** GET /v1/webhook_endpoints/{id}. */
  record RetrieveWebhookEndpoint(RequestContext context, UUID endpointId) implements Command {}

  /** GET /v1/webhook_endpoints. */
  record ListWebhookEndpoints(RequestContext context, Page page) implements Command {}

  /** GET /v1/events/{id}. */
  record RetrieveEvent(RequestContext context, UUID eventId) implements Command {}

  /**
   * GET /v1/events.
   *
   * @param types these types only, all where empty
   * @param group a type with {@code *} in it, or null
   * @param delivered whether all deliveries went through, null for either
   */
  record ListEvents(
      RequestContext context,
      Page page,
      List<String> types,
      @Nullable String group,
      @Nullable Boolean delivered)
      implements Command {}

  /**
   * Which part of a list is wanted, newest first (Stripe API: Pagination).
   *
   * @param limit 1 to 100
   * @param startingAfter the public id after which the page starts
   * @param endingBefore the public id before which the page ends
   * @param created the bounds of {@code created}, inclusive where given
   */
  record Page(
      int limit,
      @Nullable String startingAfter,
      @Nullable String endingBefore,
      CreatedRange created) {}

  /** Half-open bounds of creation: from inclusive, to exclusive; null is open. */
  record CreatedRange(@Nullable Instant from, @Nullable Instant to) {
    public static final CreatedRange ALL = new CreatedRange(null, null);
  }

  /** A page of records, with whether there are more beyond it. */
  record Paged<T>(List<T> items, boolean hasMore) {}
}
