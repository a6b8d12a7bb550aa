/**
 * Development mode: an embedded database and a PSP simulator around the gateway. Never in the jar.
 */
@org.jspecify.annotations.NullMarked
package app.development;
