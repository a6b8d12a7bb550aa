package psp;

import java.net.URI;
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
   * Under which address customers' browsers reach this gateway, for accounts that send them back
   * through us; empty where none is set.
   */
  default Optional<URI> returnAddress() {
    return Optional.empty();
  }

  /** An account's card vault, where its PSP keeps cards. */
  Optional<CardVault> vault(String accountId);
}
