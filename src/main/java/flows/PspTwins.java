package flows;

import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import payments.Customer;
import payments.Refusal;
import psp.CardVault.VaultResult;

/** The PSPs' twins of our customers, made when a card first needs one. */
final class PspTwins {
  private static final Logger LOG = LoggerFactory.getLogger(PspTwins.class);
  private static final int LOOKS = 3;
  private static final long FIRST_WAIT_MS = 100;

  private final Services services;

  PspTwins(Services services) {
    this.services = services;
  }

  /** The PSP's id of a customer at the account of a place. */
  Future<String> of(Customer customer, Vaults.Place place) {
    return find(customer, place)
        .compose(
            found ->
                found.isPresent()
                    ? Future.succeededFuture(found.get())
                    : place
                        .vault()
                        .createCustomer(
                            customer.publicId(),
                            told(customer),
                            PspKeys.ofTwin(customer, place.accountId()))
                        .compose(made -> made(customer, place, made)));
  }

  private Future<String> made(Customer customer, Vaults.Place place, VaultResult<String> made) {
    return switch (made) {
      case VaultResult.Done<String> done ->
          Durably.afterwards(
              services
                  .customers()
                  .addPspReference(
                      customer.merchantId(), customer.id(), place.accountId(), done.value())
                  .compose(ignored -> find(customer, place))
                  // The first one stays, should another request have made one too.
                  .map(first -> first.orElse(done.value())));
      case VaultResult.Refused<String> refused ->
          Future.failedFuture(new Refused(Refusal.declined(refused.decline())));
      case VaultResult.NotFound<String> ignored -> Future.failedFuture(Vaults.unavailable());
      case VaultResult.Unavailable<String> unavailable -> {
        LOG.warn("{} has no twin yet: {}", customer.publicId(), unavailable.detail());
        yield look(customer, place, 1);
      }
    };
  }

  /** A PSP refuses a key that is in use: another request may be about to have made the twin. */
  private Future<String> look(Customer customer, Vaults.Place place, int number) {
    return Durably.pause(FIRST_WAIT_MS << number)
        .compose(ignored -> find(customer, place))
        .compose(
            found -> {
              if (found.isPresent()) {
                return Future.succeededFuture(found.get());
              }
              return number < LOOKS
                  ? look(customer, place, number + 1)
                  : Future.failedFuture(Vaults.unavailable());
            });
  }

  private Future<Optional<String>> find(Customer customer, Vaults.Place place) {
    return services
        .customers()
        .pspReference(customer.merchantId(), customer.id(), place.accountId());
  }

  private static Map<String, Object> told(Customer customer) {
    var told = new LinkedHashMap<String, Object>();
    for (String name : new String[] {"email", "name", "phone"}) {
      String text = customer.parameters().text(name);
      if (text != null) {
        told.put(name, text);
      }
    }
    return told;
  }
}
