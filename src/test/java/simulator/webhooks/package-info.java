/** Tests of the events as their receiver sees them. */
@org.jspecify.annotations.NullMarked
package simulator.webhooks;
