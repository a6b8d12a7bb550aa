/** Tests of the verticles' wiring. */
@org.jspecify.annotations.NullMarked
package verticles;
