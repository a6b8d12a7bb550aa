/** Tests of Stripe's dialect as a caller sees it. */
@org.jspecify.annotations.NullMarked
package simulator.stripe;
