/**
 * The events a simulated provider sends to merchants: what is recorded, how it is delivered, and
 * what goes wrong on the way.
 */
@org.jspecify.annotations.NullMarked
package simulator.webhooks;
