/** The HTTP edge, thin. */
@org.jspecify.annotations.NullMarked
package routes;
