/** PostgreSQL: pool, migrations, batching, and one class per aggregate with all its SQL. */
@org.jspecify.annotations.NullMarked
package store;
