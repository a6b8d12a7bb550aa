package psp;

/**
 * How many calls one PSP account may have in flight at once. Nothing queues: a call above the limit
 * is refused at once. Each sort has its own limit, so that recovery's look-ups and cards on file
 * cannot keep money calls out, nor the other way round.
 */
public record BulkheadSettings(int maxSends, int maxLookups, int maxVaultCalls) {
  public BulkheadSettings {
    requirePositive("maxSends", maxSends);
    requirePositive("maxLookups", maxLookups);
    requirePositive("maxVaultCalls", maxVaultCalls);
  }

  /** All of them: what the adapter below must be able to carry. */
  public int total() {
    return maxSends + maxLookups + maxVaultCalls;
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1");
    }
  }
}
