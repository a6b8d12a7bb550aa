/**
 * The flows: their pure parts by table, and whole stories over a real database and a vault that
 * tests script.
 */
@org.jspecify.annotations.NullMarked
package flows;
