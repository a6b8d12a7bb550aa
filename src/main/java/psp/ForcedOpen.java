package psp;

import java.util.Set;
import payments.OperationKind;

/**
 * Which breakers operators keep open, as this node last read it. One per process, shared by all
 * accounts.
 */
public final class ForcedOpen {
  private volatile Set<Breaker> breakers = Set.of();

  /** One kind's breaker of an account. */
  public record Breaker(String accountId, OperationKind kind) {}

  /** Replaces what was read before. */
  public void set(Set<Breaker> now) {
    breakers = Set.copyOf(now);
  }

  public boolean open(String accountId, OperationKind kind) {
    Set<Breaker> now = breakers;
    return !now.isEmpty() && now.contains(new Breaker(accountId, kind));
  }
}
