/** The store on a real PostgreSQL, as the application's own role. */
@org.jspecify.annotations.NullMarked
package store;
