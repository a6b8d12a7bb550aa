/**
 * The whole gateway from outside: a merchant's SDK on one side, a simulated PSP on the other, a
 * real database below.
 */
@org.jspecify.annotations.NullMarked
package e2e;
