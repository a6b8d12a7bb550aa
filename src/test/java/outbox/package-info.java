/** Events out. */
@org.jspecify.annotations.NullMarked
package outbox;
