package psp;

import java.util.Optional;

/** The PSP accounts this node can reach, by their global ids. */
public interface PspDirectory {
  /**
   * An account's adapter.
   *
   * @throws IllegalArgumentException when there is no such account: operations name only accounts
   *     that were routed to
   */
  Psp psp(String accountId);

  /**
   * How customers' browsers come back to us from an account's PSP; empty where no address is set
   * under which they could.
   */
  default Optional<WayBack> wayBack(String accountId) {
    return Optional.empty();
  }

  /** An account's card vault, where its PSP keeps cards. */
  Optional<CardVault> vault(String accountId);
}
