/** Tests of the simulated Adyen. */
@org.jspecify.annotations.NullMarked
package simulator.adyen;
