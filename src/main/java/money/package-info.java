/** Money: amounts in minor units with their ISO 4217 currency, exact arithmetic, JDK only. */
@org.jspecify.annotations.NullMarked
package money;
