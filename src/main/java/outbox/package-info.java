/** Domain events on their way out: deliveries to the merchants' webhook endpoints. */
@org.jspecify.annotations.NullMarked
package outbox;
