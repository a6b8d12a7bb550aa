/** Stripe as a PSP: its calls, mapping and errors, through stripe-java. */
@org.jspecify.annotations.NullMarked
package psp.stripe;
