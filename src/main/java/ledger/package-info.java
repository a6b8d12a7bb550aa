/** Accounts, transfers and the posting rules. Pure. */
@org.jspecify.annotations.NullMarked
package ledger;
