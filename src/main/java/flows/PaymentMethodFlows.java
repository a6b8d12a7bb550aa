package flows;

import flows.Views.PaymentMethodView;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import payments.Answer;
import payments.Command;
import payments.Command.Paged;
import payments.Customer;
import payments.Parameters;
import payments.PaymentMethod;
import payments.PublicId;
import payments.Refusal;
import payments.RequestContext;
import psp.CardVault.CardOnFile;

/** Payment methods: retrieve, list, attach; see {@link DetachPaymentMethod} for the end. */
final class PaymentMethodFlows {
  private final Services services;
  private final ClaimedWork claimed;
  private final CustomerCheck customers;
  private final CardTies ties;
  private final Cards cards;
  private final Vaults vaults;

  PaymentMethodFlows(Services services) {
    this.services = services;
    this.claimed = new ClaimedWork(services);
    this.customers = new CustomerCheck(services);
    this.ties = new CardTies(services);
    this.cards = new Cards(services);
    this.vaults = new Vaults(services);
  }

  Future<Answer> retrieve(Command.RetrievePaymentMethod command) {
    RequestContext context = command.context();
    UUID customerId = command.customerId();
    Future<PaymentMethod> method =
        customerId == null
            ? find(context, command.paymentMethodId())
                .compose(
                    found ->
                        found.isPresent()
                            ? Future.succeededFuture(found.get())
                            : atPsp(context, command.paymentMethodId()))
            : ofCustomer(context, command.paymentMethodId(), customerId);
    return method
        .compose(it -> cards.withCard(context, it))
        .compose(it -> view(context, it))
        .map(view -> services.renderer().paymentMethod(context, view));
  }

  private Future<Optional<PaymentMethod>> find(RequestContext context, String id) {
    return services.methods().find(context.merchantId(), context.livemode(), id);
  }

  private Future<PaymentMethod> ofCustomer(RequestContext context, String id, UUID customerId) {
    return customers
        .require(context, customerId, Refusal.Code.RESOURCE_MISSING, "customer")
        .compose(customer -> find(context, id))
        .map(
            found ->
                found
                    .filter(method -> customerId.equals(method.customerId()))
                    .orElseThrow(() -> Vaults.missing(Refusal.Code.RESOURCE_MISSING, id)));
  }

  /** A token that the PSP gave the merchant's page. It becomes ours when it is used, not before. */
  private Future<PaymentMethod> atPsp(RequestContext context, String token) {
    Refused missing = Vaults.missing(Refusal.Code.RESOURCE_MISSING, token);
    Optional<Vaults.Place> place = vaults.ofToken(context, token);
    if (place.isEmpty()) {
      return Future.failedFuture(missing);
    }
    return place
        .get()
        .vault()
        .retrieve(token)
        .map(
            result -> {
              CardOnFile card = Vaults.require(result, missing);
              return new PaymentMethod(
                  context.merchantId(),
                  context.livemode(),
                  token,
                  services.clock().instant(),
                  null,
                  card.card(),
                  card.checks(),
                  Map.of(),
                  Cards.described(Parameters.EMPTY, card));
            });
  }

  Future<Answer> list(Command.ListPaymentMethods command) {
    RequestContext context = command.context();
    // Where the path itself names the customer, it is the object that is missing.
    boolean ofPath = command.url().contains(PublicId.CUSTOMER.of(command.customerId()));
    return customers
        .require(
            context,
            command.customerId(),
            ofPath ? Refusal.Code.RESOURCE_MISSING : Refusal.Code.REFERENCE_MISSING,
            "customer")
        .compose(
            customer ->
                page(command)
                    .compose(
                        page ->
                            cards
                                .withCards(context, page.items())
                                .map(methods -> views(context, methods, page, customer))))
        .map(page -> services.renderer().paymentMethods(context, page, command.url()));
  }

  private Future<Paged<PaymentMethod>> page(Command.ListPaymentMethods command) {
    String type = command.type();
    return type == null || type.equals("card")
        ? services
            .methods()
            .list(
                command.context().merchantId(),
                command.context().livemode(),
                command.customerId(),
                command.page())
        : Future.succeededFuture(new Paged<>(List.of(), false));
  }

  private static Paged<PaymentMethodView> views(
      RequestContext context,
      List<PaymentMethod> methods,
      Paged<PaymentMethod> page,
      Customer customer) {
    Customer shown = ViewLoader.expands(context, "customer") ? customer : null;
    var views = methods.stream().map(method -> new PaymentMethodView(method, shown)).toList();
    return new Paged<>(views, page.hasMore());
  }

  Future<Answer> attach(Command.AttachPaymentMethod command) {
    return claimed.run(command.context(), id -> attach(command, id));
  }

  private Future<Answer> attach(Command.AttachPaymentMethod command, UUID freshId) {
    RequestContext context = command.context();
    var asked =
        new CardTies.Asked(command.paymentMethodId(), freshId, Refusal.Code.RESOURCE_MISSING);
    return customers
        .require(context, command.customerId(), Refusal.Code.REFERENCE_MISSING, "customer")
        .compose(customer -> ties.tie(context, customer, asked))
        .compose(
            method ->
                Durably.afterwards(
                    ties.keep(method, command.customerId()).compose(kept -> view(context, kept))))
        .map(view -> services.renderer().paymentMethod(context, view));
  }

  private Future<PaymentMethodView> view(RequestContext context, PaymentMethod method) {
    UUID customerId = method.customerId();
    if (customerId == null || !ViewLoader.expands(context, "customer")) {
      return Future.succeededFuture(new PaymentMethodView(method, null));
    }
    return services
        .customers()
        .find(context.merchantId(), context.livemode(), customerId)
        .map(customer -> new PaymentMethodView(method, customer.orElse(null)));
  }
}
