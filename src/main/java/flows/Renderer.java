package flows;

import flows.Views.ChargeView;
import flows.Views.PaymentMethodView;
import flows.Views.PaymentView;
import flows.Views.RefundView;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.Answer;
import payments.Command.Paged;
import payments.Customer;
import payments.Refusal;
import payments.RequestContext;
import payments.WebhookEndpoint;

/**
 * Turns records into answers on the wire. The edge implements it; the core calls it, because the
 * first answer to a request is stored in the same commit as what it tells. Pure and quick: called
 * on event loops.
 */
public interface Renderer {
  Answer payment(RequestContext context, PaymentView view);

  Answer payments(RequestContext context, Paged<PaymentView> page);

  Answer charge(RequestContext context, ChargeView view);

  Answer charges(RequestContext context, Paged<ChargeView> page);

  Answer refund(RequestContext context, RefundView view);

  Answer refunds(RequestContext context, Paged<RefundView> page);

  Answer customer(RequestContext context, Customer customer);

  /** The answer to a deletion: id, object and {@code deleted: true}. */
  Answer customerDeleted(RequestContext context, Customer customer);

  Answer customers(RequestContext context, Paged<Customer> page);

  Answer paymentMethod(RequestContext context, PaymentMethodView view);

  Answer paymentMethods(RequestContext context, Paged<PaymentMethodView> page, String url);

  /**
   * A webhook endpoint.
   *
   * @param secret shown only where it was just made
   */
  Answer webhookEndpoint(RequestContext context, WebhookEndpoint endpoint, @Nullable String secret);

  /** The answer to a deletion: id, object and {@code deleted: true}. */
  Answer webhookEndpointDeleted(RequestContext context, UUID endpointId);

  Answer webhookEndpoints(RequestContext context, Paged<WebhookEndpoint> page);

  /** An event, as it is read and as it is delivered. */
  Answer event(RequestContext context, EventView view);

  Answer events(RequestContext context, Paged<EventView> page);

  /**
   * A refusal.
   *
   * @param payment the payment it is about, shown in the error where Stripe shows it (declines,
   *     unexpected state), or null
   */
  Answer refusal(RequestContext context, Refusal refusal, @Nullable PaymentView payment);
}
