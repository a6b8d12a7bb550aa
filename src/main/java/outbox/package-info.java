/** Domain events out: their place in the event log, Kafka, merchants' webhooks. */
@org.jspecify.annotations.NullMarked
package outbox;
