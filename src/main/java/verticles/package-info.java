/** One class per role, wiring only. */
@org.jspecify.annotations.NullMarked
package verticles;
