/** Tests of the inbox. */
@org.jspecify.annotations.NullMarked
package inbox;
