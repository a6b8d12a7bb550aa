package simulator.stripe;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedCollection;
import org.jspecify.annotations.Nullable;
import simulator.IdempotencyKeys;
import simulator.Journal;

/** Everything one secret key can see, beside what the bank keeps. Under the bank's lock. */
final class StripeAccount {
  static final String INTENT_KIND = "stripe.payment_intent";
  static final String CUSTOMER_KIND = "stripe.customer";
  static final String PAYMENT_METHOD_KIND = "stripe.payment_method";
  static final IdempotencyKeys.Provider KEYS =
      new IdempotencyKeys.Provider("stripe.idempotency_key", Duration.ofHours(24));

  private final String id;
  private final Journal journal;
  private final LinkedHashMap<String, PaymentIntent> intents = new LinkedHashMap<>();
  private final LinkedHashMap<String, Customer> customers = new LinkedHashMap<>();
  private final LinkedHashMap<String, PaymentMethod> paymentMethods = new LinkedHashMap<>();
  private final IdempotencyKeys keys;
  private final StripeEvents events;

  StripeAccount(
      String id, InstantSource clock, Journal journal, int keptAnswers, StripeEvents events) {
    this.id = id;
    this.journal = journal;
    this.events = events;
    this.keys = new IdempotencyKeys(KEYS, id, clock, journal, keptAnswers);
  }

  String id() {
    return id;
  }

  IdempotencyKeys keys() {
    return keys;
  }

  @Nullable PaymentIntent intent(@Nullable String intentId) {
    return intents.get(intentId);
  }

  /** The intent that a path names. */
  PaymentIntent requireIntent(String intentId) {
    PaymentIntent intent = intents.get(intentId);
    if (intent == null) {
      throw StripeError.notFound("payment_intent", intentId, "intent");
    }
    return intent;
  }

  /** Intents, newest first. */
  SequencedCollection<PaymentIntent> intents() {
    return intents.sequencedValues().reversed();
  }

  void save(PaymentIntent intent) {
    PaymentIntent.Mark before = intent.mark;
    restore(intent);
    journal.append(INTENT_KIND, intent.id, intent::toJson);
    events.saved(this, before, intent);
  }

  void restore(PaymentIntent intent) {
    intents.put(intent.id, intent);
    intent.mark = new PaymentIntent.Mark(intent.status, intent.failures);
  }

  Optional<Customer> customer(@Nullable String customerId) {
    return Optional.ofNullable(customers.get(customerId));
  }

  /** Customers, newest first. */
  SequencedCollection<Customer> customers() {
    return customers.sequencedValues().reversed();
  }

  /** The customer that a parameter names; null when none is named. */
  @Nullable String checkedCustomer(@Nullable String customerId) {
    if (customerId != null && customer(customerId).filter(found -> !found.deleted()).isEmpty()) {
      throw StripeError.noSuchParam("customer", customerId, "customer");
    }
    return customerId;
  }

  Customer save(Customer customer) {
    Customer before = customers.get(customer.id());
    restore(customer);
    journal.append(CUSTOMER_KIND, customer.id(), customer::toJson);
    events.saved(this, before, customer);
    return customer;
  }

  void restore(Customer customer) {
    customers.put(customer.id(), customer);
  }

  Optional<PaymentMethod> paymentMethod(@Nullable String paymentMethodId) {
    return Optional.ofNullable(paymentMethods.get(paymentMethodId));
  }

  /** Payment methods, newest first. */
  SequencedCollection<PaymentMethod> paymentMethods() {
    return paymentMethods.sequencedValues().reversed();
  }

  PaymentMethod save(PaymentMethod paymentMethod) {
    PaymentMethod before = paymentMethods.get(paymentMethod.id());
    restore(paymentMethod);
    journal.append(PAYMENT_METHOD_KIND, paymentMethod.id(), paymentMethod::toJson);
    events.saved(this, before, paymentMethod);
    return paymentMethod;
  }

  void restore(PaymentMethod paymentMethod) {
    paymentMethods.put(paymentMethod.id(), paymentMethod);
  }
}
