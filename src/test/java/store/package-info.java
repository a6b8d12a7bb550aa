/** The store against a real PostgreSQL, and what of it needs none. */
@org.jspecify.annotations.NullMarked
package store;
