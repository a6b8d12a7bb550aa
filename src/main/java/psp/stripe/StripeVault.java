package psp.stripe;

import com.stripe.exception.StripeException;
import com.stripe.model.Customer;
import com.stripe.model.PaymentMethod;
import com.stripe.net.RequestOptions;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.PaymentMethodAttachParams;
import com.stripe.service.V1Services;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import psp.CardVault;
import psp.stripe.StripeObjects.ApiError;
import psp.stripe.StripeObjects.Method;

/** Stripe's customers and payment methods (Stripe API: Customers, PaymentMethods). */
final class StripeVault implements CardVault {
  private static final String CUSTOMER_ID = "customer_id";
  private static final String TEST_METHOD = "pm_card_";
  private static final String TEST_TOKEN = "tok_";

  private final StripeConnection connection;
  private final V1Services client;

  StripeVault(StripeConnection connection) {
    this.connection = connection;
    client = connection.services();
  }

  @Override
  public Future<VaultResult<CardOnFile>> retrieve(String token) {
    return ask(() -> card(token, client.paymentMethods().retrieve(token)));
  }

  @Override
  public Future<VaultResult<String>> createCustomer(
      String customerId, Map<String, Object> parameters, String idempotencyKey) {
    var params =
        CustomerCreateParams.builder()
            .putAllExtraParam(parameters)
            .putMetadata(CUSTOMER_ID, customerId)
            .build();
    return ask(
        () -> {
          Customer made = client.customers().create(params, key(idempotencyKey));
          Map<String, String> told = made.getMetadata();
          return told != null && StripeMapping.isAnother(customerId, told.get(CUSTOMER_ID))
              ? ofAnother()
              : done(made.getId());
        });
  }

  @Override
  public Future<VaultResult<CardOnFile>> attach(
      String token, String customerReference, String idempotencyKey) {
    var params = PaymentMethodAttachParams.builder().setCustomer(customerReference).build();
    return ask(
        () -> {
          PaymentMethod tied = client.paymentMethods().attach(token, params, key(idempotencyKey));
          return StripeMapping.isAnother(customerReference, tied.getCustomer())
              ? ofAnother()
              : card(token, tied);
        });
  }

  @Override
  public Future<VaultResult<CardOnFile>> detach(String token, String idempotencyKey) {
    return ask(() -> card(token, client.paymentMethods().detach(token, key(idempotencyKey))));
  }

  private static RequestOptions key(String idempotencyKey) {
    return RequestOptions.builder().setIdempotencyKey(idempotencyKey).build();
  }

  private <T> Future<VaultResult<T>> ask(Call<T> call) {
    return connection.run(
        () -> askNow(call), () -> new VaultResult.Unavailable<>("too many calls to this account"));
  }

  private static <T> VaultResult<T> askNow(Call<T> call) {
    try {
      return call.make();
    } catch (StripeException e) {
      return ofFailure(e);
    } catch (IOException | RuntimeException e) {
      // Its text may quote the answer, so only its name is kept.
      return new VaultResult.Unavailable<>("unreadable answer: " + e.getClass().getSimpleName());
    }
  }

  /** What a failed vault call means. */
  static <T> VaultResult<T> ofFailure(StripeException failure) {
    if (failure instanceof StripeTransportException transport) {
      return new VaultResult.Unavailable<>(
          transport.failure().stage() + " " + transport.failure().getMessage());
    }
    return ofFailure(StripeAnswer.of(failure));
  }

  private static <T> VaultResult<T> ofFailure(StripeAnswer answer) {
    ApiError error = StripeReader.error(answer.body()).orElse(null);
    String type = error == null ? null : error.type();
    if (error == null || type == null) {
      return new VaultResult.Unavailable<>("HTTP " + answer.status());
    }
    boolean ofTheKey = type.equals("idempotency_error");
    return switch (answer.status()) {
      case 404 -> new VaultResult.NotFound<>();
      case 402 -> new VaultResult.Refused<>(StripeDeclines.ofCard(error));
      case 400 ->
          ofTheKey
              ? new VaultResult.Unavailable<>(StripeMapping.describe(answer, error))
              : new VaultResult.Refused<>(StripeDeclines.ofRefusal(error));
      default -> new VaultResult.Unavailable<>(StripeMapping.describe(answer, error));
    };
  }

  /** Read as what a payment tells of its card is, by the same rules. */
  private static VaultResult<CardOnFile> card(String asked, PaymentMethod told) throws IOException {
    Method method = StripeReader.method(told.getLastResponse().body());
    String id = method.id();
    if (!standsForFreshOnes(asked) && StripeMapping.isAnother(asked, id)) {
      return ofAnother();
    }
    return done(
        id == null
            ? null
            : new CardOnFile(
                id, StripeCards.card(method), StripeCards.checks(method), method.billingDetails()));
  }

  /**
   * Whether Stripe answers to a token with a payment method made from it (Stripe docs: Testing).
   */
  private static boolean standsForFreshOnes(String token) {
    return token.startsWith(TEST_METHOD) || token.startsWith(TEST_TOKEN);
  }

  private static <T> VaultResult<T> done(@Nullable T told) {
    return told == null
        ? new VaultResult.Unavailable<>("unreadable answer")
        : new VaultResult.Done<>(told);
  }

  private static <T> VaultResult<T> ofAnother() {
    return new VaultResult.Unavailable<>("the answer is about another object");
  }

  /** A blocking call. */
  private interface Call<T> {
    VaultResult<T> make() throws StripeException, IOException;
  }
}
