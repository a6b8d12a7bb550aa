/** Tests of the operators' HTTP edge. */
@org.jspecify.annotations.NullMarked
package routes.ops;
