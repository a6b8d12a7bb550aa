/** State changes on their way out: to Kafka as CloudEvents. */
@org.jspecify.annotations.NullMarked
package outbox;
