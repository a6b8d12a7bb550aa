<<<<<<< HEAD
/** The stories on a real database, with PSPs and renderer made by hand. */
=======
/** The use cases, told over a real store and PSPs that a test scripts. */
>>>>>>> h-t3
@org.jspecify.annotations.NullMarked
package flows;
