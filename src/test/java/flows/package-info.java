/** The stories on a real database, with PSPs and renderer made by hand. */
@org.jspecify.annotations.NullMarked
package flows;
