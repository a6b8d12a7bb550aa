/** Tests of the Stripe adapter against a server that misbehaves on command. */
@org.jspecify.annotations.NullMarked
package psp.stripe;
