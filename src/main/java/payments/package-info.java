/**
 * The core, pure: records, states, the one transition table, commands, refusals and the rules of
 * operations. No I/O.
 */
@org.jspecify.annotations.NullMarked
package payments;
