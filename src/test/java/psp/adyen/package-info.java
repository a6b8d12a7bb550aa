/** Tests of the Adyen adapter against a server that misbehaves on command. */
@org.jspecify.annotations.NullMarked
package psp.adyen;
