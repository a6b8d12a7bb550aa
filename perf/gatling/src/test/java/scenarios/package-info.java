/**
 * Load on a gateway by Gatling, in open models. The first classes to read are {@link
 * scenarios.Checkout} and {@link scenarios.Load}. What {@link scenarios.Preflight} uses needs the
 * JDK alone.
 */
@org.jspecify.annotations.NullMarked
package scenarios;
