package flows;

import io.vertx.core.Future;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Parameters;
import payments.Payment;
import payments.RequestContext;

/**
 * Cards that a payment saves for later ({@code setup_future_usage} with a customer): the PSP is
 * told whose card it is, and once the payment is approved the card belongs to the customer (Stripe
 * docs: "Save a card during payment").
 */
final class SavedCards {
  private final Services services;
  private final PspTwins twins;

  SavedCards(Services services) {
    this.services = services;
    this.twins = new PspTwins(services);
  }

  /** The chosen card as it is sent, with the PSP's twin of the customer where it is to be saved. */
  Future<MethodChoice.Chosen> named(
      RequestContext context,
      MethodChoice.Chosen chosen,
      @Nullable UUID customerId,
      Parameters given,
      String accountId) {
    String token = chosen.token() == null ? chosen.cardToken() : chosen.token();
    var vault = services.psps().vault(accountId);
    if (customerId == null
        || !saves(given)
        || chosen.customerReference() != null
        || token == null
        || vault.isEmpty()) {
      return Future.succeededFuture(chosen);
    }
    var place = new Vaults.Place(accountId, vault.get(), token);
    return services
        .customers()
        .find(context.merchantId(), context.livemode(), customerId)
        .compose(
            found ->
                twins.of(
                    found.orElseThrow(() -> new IllegalStateException("the customer was there")),
                    place))
        .map(
            reference ->
                new MethodChoice.Chosen(
                    chosen.method(), chosen.token(), chosen.cardToken(), reference));
  }

  /** The customer that an operation's end gives its card to, if any. */
  static Optional<UUID> owner(Payment payment, Operation operation, OperationStatus status) {
    boolean saved =
        operation.kind() == OperationKind.AUTHORIZE
            && status == OperationStatus.SUCCEEDED
            && saves(payment.parameters());
    return saved ? Optional.ofNullable(payment.customerId()) : Optional.empty();
  }

  private static boolean saves(Parameters given) {
    return CardOptions.of(given).setupFutureUsage() != null;
  }
}
