/** Which PSP account takes an operation: pure functions over configuration and health. */
@org.jspecify.annotations.NullMarked
package psp.routing;
