/**
 * Adyen as a PSP: its Checkout calls, mapping, errors and webhooks, over the Vert.x HTTP client.
 */
@org.jspecify.annotations.NullMarked
package psp.adyen;
