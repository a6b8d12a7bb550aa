/** What tests of several packages need: processes, databases. */
@org.jspecify.annotations.NullMarked
package support;
