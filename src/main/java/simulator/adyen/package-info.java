/**
 * Adyen's dialect over the simulated bank: Checkout's JSON, modifications whose results come later
 * by webhook, and Adyen's errors and idempotency.
 */
@org.jspecify.annotations.NullMarked
package simulator.adyen;
