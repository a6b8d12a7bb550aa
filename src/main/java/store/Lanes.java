package store;

import java.util.UUID;

/**
 * Lanes: a small stored hash of the payment's id by which background work is shared out among
 * nodes.
 */
public final class Lanes {
  public static final int COUNT = 64;

  private Lanes() {}

  /** The lane of what a PSP tells of one of its objects. */
  public static int of(String pspReference) {
    return Math.floorMod(pspReference.hashCode(), COUNT);
  }

  /** The lane of a payment and of all its operations. */
  public static int of(UUID paymentId) {
    return Math.floorMod(paymentId.hashCode(), COUNT);
  }
}
