/**
 * Stripe's dialect over the simulated bank: form-encoded requests, Stripe's objects, errors and
 * idempotency.
 */
@org.jspecify.annotations.NullMarked
package simulator.stripe;
