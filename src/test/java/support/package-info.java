/**
 * What tests of several rooms share: a real database, a whole gateway, processes, and waiting
 * without sleeping.
 */
@org.jspecify.annotations.NullMarked
package support;
