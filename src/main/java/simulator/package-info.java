/**
 * A simulated payment service provider: one bank with its own truth, scriptable faults, and a
 * server of its own. Never part of production, and shares no code with the gateway it checks.
 */
@org.jspecify.annotations.NullMarked
package simulator;
