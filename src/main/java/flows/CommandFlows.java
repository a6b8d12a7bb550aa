package flows;

import io.vertx.core.Future;
import java.util.UUID;
import payments.Answer;
import payments.Command;

/** Every command a merchant can give, and the story that answers it. */
public final class CommandFlows {
  private static final String NOBODY = "rehearsal";

  private final Services services;
  private final CreatePayment createPayment;
  private final UpdatePayment updatePayment;
  private final ConfirmPayment confirmPayment;
  private final CapturePayment capturePayment;
  private final CancelPayment cancelPayment;
  private final ReturnCustomer returnCustomer;
  private final RefundPayment refundPayment;
  private final UpdateRefund updateRefund;
  private final ReadPayments read;
  private final CustomerFlows customers;
  private final PaymentMethodFlows paymentMethods;
  private final DetachPaymentMethod detachPaymentMethod;
  private final WebhookEndpointFlows webhookEndpoints;
  private final EventFlows events;

  public CommandFlows(Services services) {
    this.services = services;
    this.createPayment = new CreatePayment(services);
    this.updatePayment = new UpdatePayment(services);
    this.confirmPayment = new ConfirmPayment(services);
    this.capturePayment = new CapturePayment(services);
    this.cancelPayment = new CancelPayment(services);
    this.returnCustomer = new ReturnCustomer(services);
    this.refundPayment = new RefundPayment(services);
    this.updateRefund = new UpdateRefund(services);
    this.read = new ReadPayments(services);
    this.customers = new CustomerFlows(services);
    this.paymentMethods = new PaymentMethodFlows(services);
    this.detachPaymentMethod = new DetachPaymentMethod(services);
    this.webhookEndpoints = new WebhookEndpointFlows(services);
    this.events = new EventFlows(services);
  }

  /** The answer to a command. The future never fails: whatever goes wrong is an answer too. */
  public Future<Answer> run(Command command) {
    return Flow.answer(services.renderer(), command.context(), () -> story(command));
  }

  /**
   * Does what the first checkout would otherwise be the first to do: logs in to the database, has
   * its statements planned, looks for what is not there. Nothing of it stays. The future fails with
   * what went wrong, which stands in nobody's way.
   */
  public Future<Void> rehearse() {
    return Future.join(
            services.writes().rehearse(),
            services.keys().find(NOBODY, false, NOBODY),
            services.methods().find(NOBODY, false, NOBODY),
            services.reads().find(NOBODY, false, new UUID(0, 0)))
        .mapEmpty();
  }

  private Future<Answer> story(Command command) {
    return switch (command) {
      case Command.CreatePayment it -> createPayment.run(it);
      case Command.UpdatePayment it -> updatePayment.run(it);
      case Command.ConfirmPayment it -> confirmPayment.run(it);
      case Command.CapturePayment it -> capturePayment.run(it);
      case Command.CancelPayment it -> cancelPayment.run(it);
      case Command.ReturnCustomer it -> returnCustomer.run(it);
      case Command.RetrievePayment it -> read.payment(it);
      case Command.ListPayments it -> read.payments(it);
      case Command.RefundPayment it -> refundPayment.run(it);
      case Command.UpdateRefund it -> updateRefund.run(it);
      case Command.RetrieveRefund it -> read.refund(it);
      case Command.ListRefunds it -> read.refunds(it);
      case Command.RetrieveCharge it -> read.charge(it);
      case Command.ListCharges it -> read.charges(it);
      case Command.CreateCustomer it -> customers.create(it);
      case Command.UpdateCustomer it -> customers.update(it);
      case Command.DeleteCustomer it -> customers.delete(it);
      case Command.RetrieveCustomer it -> customers.retrieve(it);
      case Command.ListCustomers it -> customers.list(it);
      case Command.RetrievePaymentMethod it -> paymentMethods.retrieve(it);
      case Command.ListPaymentMethods it -> paymentMethods.list(it);
      case Command.AttachPaymentMethod it -> paymentMethods.attach(it);
      case Command.DetachPaymentMethod it -> detachPaymentMethod.run(it);
      case Command.CreateWebhookEndpoint it -> webhookEndpoints.create(it);
      case Command.UpdateWebhookEndpoint it -> webhookEndpoints.update(it);
      case Command.RotateWebhookSecret it -> webhookEndpoints.rotate(it);
      case Command.DeleteWebhookEndpoint it -> webhookEndpoints.delete(it);
      case Command.RetrieveWebhookEndpoint it -> webhookEndpoints.retrieve(it);
      case Command.ListWebhookEndpoints it -> webhookEndpoints.list(it);
      case Command.RetrieveEvent it -> events.retrieve(it);
      case Command.ListEvents it -> events.list(it);
    };
  }
}
