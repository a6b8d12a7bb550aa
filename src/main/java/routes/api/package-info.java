/** The merchants' HTTP edge: Stripe's wire protocol, parsed and rendered. */
@org.jspecify.annotations.NullMarked
package routes.api;
