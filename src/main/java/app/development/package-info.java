/**
 * Development mode: an embedded database, an embedded Kafka and a PSP simulator around the gateway.
 * Never in the jar.
 */
@org.jspecify.annotations.NullMarked
package app.development;
