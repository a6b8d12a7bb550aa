/** The use cases, told over a real store and PSPs that a test scripts. */
@org.jspecify.annotations.NullMarked
package flows;
