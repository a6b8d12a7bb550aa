/** The rules of the house, as tests. */
@org.jspecify.annotations.NullMarked
package architecture;
