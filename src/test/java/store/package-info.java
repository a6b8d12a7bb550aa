/** The store against a real PostgreSQL. */
@org.jspecify.annotations.NullMarked
package store;
