/** What must hold when processes die, networks stop and databases go back in time. */
@org.jspecify.annotations.NullMarked
package chaos;
