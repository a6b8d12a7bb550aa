package payments;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How operators' lists are read: newest first, page by page. */
public final class Listing {
  private Listing() {}

  /**
   * One page.
   *
   * @param limit how many rows at most
   * @param after the place after which it begins, null for the newest
   */
  public record Page(int limit, @Nullable Place after) {}

  /**
   * A row's place in its list.
   *
   * @param at the time that the list is ordered by
   * @param key tells rows of the same time apart
   */
  public record Place(Instant at, String key) {}

  /**
   * A span of time.
   *
   * @param from the first moment in it, or null
   * @param to the first moment after it, or null
   */
  public record Span(@Nullable Instant from, @Nullable Instant to) {
    public static final Span ALL = new Span(null, null);
  }

  /**
   * The rows of a page.
   *
   * @param next where the next page begins, null where this is the last
   */
  public record Rows<T>(List<T> rows, @Nullable Place next) {
    public Rows {
      rows = List.copyOf(rows);
    }
  }

  /** Which held operations a list shows; null shows all. */
  public record HeldFilter(
      @Nullable String merchantId,
      @Nullable String account,
      @Nullable String kind,
      @Nullable String reason,
      @Nullable UUID paymentId,
      Span span) {}

  /** Which anomalies a list shows; null shows all. */
  public record AnomalyFilter(
      boolean resolvedToo,
      @Nullable String merchantId,
      @Nullable String kind,
      @Nullable UUID paymentId,
      Span span) {}

  /** Which actions of operators a list shows; null shows all. */
  public record ActionFilter(@Nullable String operator, @Nullable String action, Span span) {}
}
