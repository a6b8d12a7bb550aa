/** What every PSP adapter owes, told once and checked against each. */
@org.jspecify.annotations.NullMarked
package contracts;
