/**
 * One file per use case: the story from command to answer, told over payments, ledger, psp and
 * store.
 */
@org.jspecify.annotations.NullMarked
package flows;
