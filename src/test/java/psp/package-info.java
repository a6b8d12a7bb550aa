/** Tests of the PSP port's decorators, with a scripted PSP. */
@org.jspecify.annotations.NullMarked
package psp;
