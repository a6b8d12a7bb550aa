package store;

import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.UUID;
import java.util.function.Function;
import payments.Command.Page;
import payments.Command.Paged;
import payments.IdSource;
import payments.PublicId;

/**
 * A page as bounds of ids, both exclusive: creation time is in the id, so a created filter is a
 * range of the same index.
 *
 * @param backwards whether the page is read from its end, the oldest first
 */
record Paging(UUID above, UUID below, boolean backwards, int limit) {
  private static final UUID LOWEST = new UUID(0, 0);
  private static final UUID HIGHEST = new UUID(-1, -1);

  static Paging of(Page page, PublicId kind) {
    UUID above = LOWEST;
    UUID below = HIGHEST;
    if (page.created().from() != null) {
      above = IdSource.lowestAt(page.created().from());
    }
    if (page.created().to() != null) {
      below = IdSource.lowestAt(page.created().to());
    }
    if (page.startingAfter() != null) {
      UUID cursor = kind.parse(page.startingAfter()).orElse(LOWEST);
      below = lower(below, cursor);
    }
    if (page.endingBefore() != null) {
      UUID cursor = kind.parse(page.endingBefore()).orElse(HIGHEST);
      above = lower(above, cursor).equals(above) ? cursor : above;
    }
    return new Paging(above, below, page.endingBefore() != null, page.limit());
  }

  /** Of the ORDER BY that reads the page. */
  String order() {
    return backwards ? "ASC" : "DESC";
  }

  /** How many rows to read: one too many tells whether there are more. */
  int rows() {
    return limit + 1;
  }

  /** Cuts the one row too many, and turns a page that was read backwards round. */
  <T> Paged<T> paged(Iterable<Row> rows, Function<Row, T> fromRow) {
    return paged(rows, limit, backwards, fromRow);
  }

  static <T> Paged<T> paged(
      Iterable<Row> rows, int limit, boolean backwards, Function<Row, T> fromRow) {
    var items = new ArrayList<T>();
    rows.forEach(row -> items.add(fromRow.apply(row)));
    boolean hasMore = items.size() > limit;
    if (hasMore) {
      items.removeLast();
    }
    if (backwards) {
      Collections.reverse(items);
    }
    return new Paged<>(java.util.List.copyOf(items), hasMore);
  }

  /** The lower of two ids as PostgreSQL orders them: unsigned, byte by byte. */
  private static UUID lower(UUID one, UUID other) {
    int high = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
    int order =
        high != 0
            ? high
            : Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits());
    return order <= 0 ? one : other;
  }
}
