/** What tests of several rooms share: a real database, and waiting without sleeping. */
@org.jspecify.annotations.NullMarked
package support;
