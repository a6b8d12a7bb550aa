package store;

import static org.assertj.core.api.Assertions.assertThat;
import static store.StoreFixture.MERCHANT;
import static store.StoreFixture.result;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import payments.Command.CreatedRange;
import payments.Command.Page;
import payments.Command.Paged;
import payments.IdSource;
import payments.Operation;
import payments.OperationKind;
import payments.Payment;
import payments.PaymentStatus;
import payments.PublicId;

/** Pages of payments and refunds, forwards and backwards. */
final class PaymentReadsIT {
  private static final int ROWS = 250;
  private static StoreFixture store;

  /** All payments, newest first. */
  private static final List<UUID> ALL = new ArrayList<>();

  @BeforeAll
  static void open() {
    store = new StoreFixture();
    // Made in few milliseconds, so that many share one.
    var written = new ArrayList<io.vertx.core.Future<?>>();
    for (int at = 0; at < ROWS; at++) {
      Payment payment = store.payment(PaymentStatus.REQUIRES_PAYMENT_METHOD, 100);
      ALL.add(payment.id());
      written.add(store.writes.create(StoreFixture.create(payment, null, null)));
    }
    Collections.reverse(ALL);
    Payment live = store.payment(PaymentStatus.REQUIRES_PAYMENT_METHOD, 100);
    written.forEach(StoreFixture::result);
    store.server.execute(copy(live, "payment_id", "gen_random_uuid()", "livemode", "true"));
    store.server.execute(copy(live, "merchant_id", "'acct_other'", "livemode", "false"));
  }

  private static String copy(Payment like, String a, String aValue, String b, String bValue) {
    var values = new java.util.HashMap<String, String>();
    values.put("merchant_id", "'" + MERCHANT + "'");
    values.put("payment_id", "'" + like.id() + "'");
    values.put(a, aValue);
    values.put(b, bValue);
    return """
    INSERT INTO payment (merchant_id, payment_id, livemode, lane, status, version, sequence, amount, currency,
      capture_method, authorized, captured, refund_reserved, refunded, disputed, client_secret, parameters)
    VALUES (%s, %s, %s, 1, 'succeeded', 1, 1, 100, 'usd', 'automatic', 0, 100, 0, 0, 0, 's', '{}')
    """
        .formatted(values.get("merchant_id"), values.get("payment_id"), values.get("livemode"));
  }

  @AfterAll
  static void close() {
    store.close();
  }

  @Test
  void walksForwardsThroughAllOnce() {
    var seen = new ArrayList<UUID>();
    String cursor = null;
    boolean more = true;
    while (more) {
      Paged<Payment> page = page(33, cursor, null, CreatedRange.ALL);
      page.items().forEach(payment -> seen.add(payment.id()));
      cursor = page.items().getLast().publicId();
      more = page.hasMore();
    }
    assertThat(seen).isEqualTo(ALL);
  }

  @Test
  void walksBackwardsThroughAllOnce() {
    var seen = new ArrayList<UUID>();
    String cursor = PublicId.PAYMENT.of(ALL.getLast());
    boolean more = true;
    while (more) {
      Paged<Payment> page = page(33, null, cursor, CreatedRange.ALL);
      seen.addAll(0, page.items().stream().map(Payment::id).toList());
      cursor = page.items().getFirst().publicId();
      more = page.hasMore();
    }
    assertThat(seen).isEqualTo(ALL.subList(0, ROWS - 1));
  }

  @Test
  void saysWhetherThereIsMoreExactlyAtTheEnd() {
    assertThat(page(ROWS, null, null, CreatedRange.ALL).hasMore()).isFalse();
    assertThat(page(ROWS - 1, null, null, CreatedRange.ALL).hasMore()).isTrue();
    assertThat(page(10, PublicId.PAYMENT.of(ALL.getLast()), null, CreatedRange.ALL).items())
        .isEmpty();
  }

  @Test
  void filtersByTheMomentOfCreation() {
    Instant middle = IdSource.createdAt(ALL.get(ROWS / 2));
    var before = ALL.stream().filter(id -> IdSource.createdAt(id).isBefore(middle)).toList();
    var since = ALL.stream().filter(id -> !IdSource.createdAt(id).isBefore(middle)).toList();
    assertThat(ids(page(ROWS, null, null, new CreatedRange(null, middle)))).isEqualTo(before);
    assertThat(ids(page(ROWS, null, null, new CreatedRange(middle, null)))).isEqualTo(since);
    assertThat(ids(page(ROWS, null, null, new CreatedRange(middle, middle)))).isEmpty();
    String cursor = PublicId.PAYMENT.of(since.getFirst());
    assertThat(ids(page(ROWS, cursor, null, new CreatedRange(middle, null))))
        .isEqualTo(since.subList(1, since.size()));
  }

  @Test
  void showsNothingOfAnotherMerchantOrMode() {
    var everything = new Page(100, null, null, CreatedRange.ALL);
    assertThat(result(store.reads.payments(MERCHANT, true, everything, null)).items()).hasSize(1);
    assertThat(result(store.reads.payments("acct_other", false, everything, null)).items())
        .hasSize(1);
    assertThat(result(store.reads.payments("acct_other", true, everything, null)).items())
        .isEmpty();
    assertThat(result(store.reads.find(MERCHANT, true, ALL.getFirst()))).isEmpty();
    assertThat(result(store.reads.find("acct_other", false, ALL.getFirst()))).isEmpty();
  }

  @Test
  void pagesThroughTheRefundsOfAPayment() {
    Payment payment = store.taken(1_000);
    Payment other = store.taken(1_000);
    var refunds = new ArrayList<UUID>();
    for (int at = 0; at < 7; at++) {
      for (Payment each : List.of(payment, other)) {
        Operation refund = store.operation(each, OperationKind.REFUND, 1);
        result(store.writes.reserve(StoreFixture.reservation(refund, null)));
        if (each.equals(payment)) {
          refunds.addFirst(refund.id());
        }
      }
    }
    var first = refunds(payment, new Page(4, null, null, CreatedRange.ALL));
    assertThat(first.hasMore()).isTrue();
    var rest =
        refunds(payment, new Page(4, first.items().getLast().publicId(), null, CreatedRange.ALL));
    assertThat(rest.hasMore()).isFalse();
    assertThat(
            java.util.stream.Stream.concat(first.items().stream(), rest.items().stream())
                .map(Operation::id))
        .containsExactlyElementsOf(refunds);
  }

  private static Paged<Operation> refunds(Payment payment, Page page) {
    return result(
        store.reads.operations(
            MERCHANT, false, PaymentReads.Shown.REFUNDS, page, payment.id(), null, null));
  }

  private static List<UUID> ids(Paged<Payment> page) {
    return page.items().stream().map(Payment::id).filter(ALL::contains).toList();
  }

  private static Paged<Payment> page(
      int limit, @Nullable String after, @Nullable String before, CreatedRange created) {
    // What other tests added is newer than all of these.
    Instant end = IdSource.createdAt(ALL.getFirst()).plusMillis(1);
    Instant to = created.to();
    var bounded = new CreatedRange(created.from(), to == null || end.isBefore(to) ? end : to);
    return result(
        store.reads.payments(MERCHANT, false, new Page(limit, after, before, bounded), null));
  }
}
