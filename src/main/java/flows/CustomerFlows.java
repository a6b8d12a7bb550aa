package flows;

import io.vertx.core.Future;
import java.util.Optional;
import java.util.UUID;
import payments.Answer;
import payments.Command;
import payments.Customer;
import payments.PublicId;
import payments.Refusal;
import payments.RequestContext;
import store.Write;

/** Customers: create, retrieve, update, delete, list. */
final class CustomerFlows {
  private final Services services;
  private final KeyedChange change;
  private final ClaimedWork claimed;
  private final CustomerCheck customers;
  private final CardTies ties;

  CustomerFlows(Services services) {
    this.services = services;
    this.change = new KeyedChange(services);
    this.claimed = new ClaimedWork(services);
    this.customers = new CustomerCheck(services);
    this.ties = new CardTies(services);
  }

  Future<Answer> create(Command.CreateCustomer command) {
    String method = command.paymentMethod();
    return method == null
        ? change.run(command.context(), "Customer", () -> createAlone(command))
        : claimed.run(command.context(), id -> createWithCard(command, id, method));
  }

  private Future<Optional<Answer>> createAlone(Command.CreateCustomer command) {
    RequestContext context = command.context();
    Customer customer = fresh(command, services.ids().next());
    Answer answer = services.renderer().customer(context, customer);
    return services
        .customers()
        .create(customer, Write.KeyClaim.of(context, null, answer))
        .map(created -> created ? Optional.of(answer) : Optional.empty());
  }

  /** There is no customer until its card is tied: a declined card leaves none behind. */
  private Future<Answer> createWithCard(Command.CreateCustomer command, UUID id, String method) {
    RequestContext context = command.context();
    Customer customer = fresh(command, id);
    return ties.tie(
            context, customer, new CardTies.Asked(method, id, Refusal.Code.REFERENCE_MISSING))
        .compose(
            tied ->
                Durably.afterwards(
                    services
                        .customers()
                        .create(customer, null)
                        .compose(ignored -> ties.keep(tied, id))))
        .map(ignored -> services.renderer().customer(context, customer));
  }

  private static Customer fresh(Command.CreateCustomer command, UUID id) {
    RequestContext context = command.context();
    return new Customer(
        context.merchantId(), context.livemode(), id, 1, false, command.parameters());
  }

  Future<Answer> update(Command.UpdateCustomer command) {
    return change.run(
        command.context(),
        "Customer " + PublicId.CUSTOMER.of(command.customerId()),
        () ->
            customers
                .require(
                    command.context(), command.customerId(), Refusal.Code.RESOURCE_MISSING, "id")
                .compose(customer -> update(command, customer)));
  }

  private Future<Optional<Answer>> update(Command.UpdateCustomer command, Customer customer) {
    RequestContext context = command.context();
    var updated =
        new Customer(
            customer.merchantId(),
            customer.livemode(),
            customer.id(),
            customer.version() + 1,
            false,
            customer.parameters().with(command.parameters()));
    Answer answer = services.renderer().customer(context, updated);
    return services
        .customers()
        .update(updated, Write.KeyClaim.of(context, null, answer))
        .map(written -> written ? Optional.of(answer) : Optional.empty());
  }

  Future<Answer> delete(Command.DeleteCustomer command) {
    RequestContext context = command.context();
    return customers
        .require(context, command.customerId(), Refusal.Code.RESOURCE_MISSING, "id")
        .compose(
            customer ->
                services
                    .customers()
                    .delete(context.merchantId(), context.livemode(), customer.id())
                    .map(
                        deleted -> {
                          if (!deleted) {
                            throw missing(customer.id());
                          }
                          return services.renderer().customerDeleted(context, customer);
                        }));
  }

  Future<Answer> retrieve(Command.RetrieveCustomer command) {
    RequestContext context = command.context();
    return services
        .customers()
        .find(context.merchantId(), context.livemode(), command.customerId())
        .map(found -> found.orElseThrow(() -> missing(command.customerId())))
        .map(
            customer ->
                customer.deleted()
                    ? services.renderer().customerDeleted(context, customer)
                    : services.renderer().customer(context, customer));
  }

  Future<Answer> list(Command.ListCustomers command) {
    RequestContext context = command.context();
    return services
        .customers()
        .list(context.merchantId(), context.livemode(), command.page(), command.email())
        .map(page -> services.renderer().customers(context, page));
  }

  private static Refused missing(UUID customerId) {
    return CustomerCheck.missing(customerId, Refusal.Code.RESOURCE_MISSING, "id");
  }
}
