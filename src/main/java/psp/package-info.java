/** The port to payment service providers: commands, sealed results, and what every adapter owes. */
@org.jspecify.annotations.NullMarked
package psp;
