package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.HasId;
import com.stripe.model.PaymentIntent;
import com.stripe.model.StripeCollection;
import com.stripe.param.ChargeListParams;
import com.stripe.param.PaymentIntentListParams;
import com.stripe.param.RefundListParams;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Lists in pages: forwards, backwards, to the end by themselves, and by time. */
final class PaginationIT {
  private static final int COUNT = 7;
  private static final int REFUNDS = 11;

  private static Shop shop;

  /** The ids of all payments, newest first. */
  private static final List<String> PAYMENTS = new ArrayList<>();

  private static PaymentIntent paid;

  @BeforeAll
  static void open() throws StripeException {
    shop = Shop.open();
    paid = shop.pay(Shop.VISA);
    PAYMENTS.addFirst(paid.getId());
    for (int i = 1; i < COUNT; i++) {
      PAYMENTS.addFirst(shop.unpaid().getId());
    }
    for (int i = 0; i < REFUNDS; i++) {
      shop.refund(paid, 10);
    }
  }

  @AfterAll
  static void audit() {
    try (var closing = shop) {
      closing.audit();
    }
  }

  private static StripeCollection<PaymentIntent> page(PaymentIntentListParams.Builder params)
      throws StripeException {
    return shop.payments().list(params.build());
  }

  private static PaymentIntentListParams.Builder ofThree() {
    return PaymentIntentListParams.builder().setLimit(3L);
  }

  private static List<String> ids(StripeCollection<? extends HasId> page) {
    return page.getData().stream().map(HasId::getId).toList();
  }

  @Test
  void goesForward() throws StripeException {
    var first = page(ofThree());
    assertThat(first.getObject()).isEqualTo("list");
    assertThat(first.getUrl()).isEqualTo("/v1/payment_intents");
    assertThat(ids(first)).isEqualTo(PAYMENTS.subList(0, 3));
    assertThat(first.getHasMore()).isTrue();
    var second = page(ofThree().setStartingAfter(ids(first).getLast()));
    assertThat(ids(second)).isEqualTo(PAYMENTS.subList(3, 6));
    assertThat(second.getHasMore()).isTrue();
    var third = page(ofThree().setStartingAfter(ids(second).getLast()));
    assertThat(ids(third)).isEqualTo(PAYMENTS.subList(6, COUNT));
    assertThat(third.getHasMore()).isFalse();
    var beyond = page(ofThree().setStartingAfter(PAYMENTS.getLast()));
    assertThat(beyond.getData()).isEmpty();
    assertThat(beyond.getHasMore()).isFalse();
  }

  @Test
  void aPageThatEndsWithTheLastOneHasNoMore() throws StripeException {
    var all = page(PaymentIntentListParams.builder().setLimit((long) COUNT));
    assertThat(ids(all)).isEqualTo(PAYMENTS);
    assertThat(all.getHasMore()).isFalse();
  }

  @Test
  void goesBackward() throws StripeException {
    var before = page(ofThree().setEndingBefore(PAYMENTS.getLast()));
    assertThat(ids(before)).isEqualTo(PAYMENTS.subList(COUNT - 4, COUNT - 1));
    assertThat(before.getHasMore()).isTrue();
    var newest = page(ofThree().setEndingBefore(PAYMENTS.get(2)));
    assertThat(ids(newest)).isEqualTo(PAYMENTS.subList(0, 2));
    assertThat(newest.getHasMore()).isFalse();
  }

  @Test
  void readsToTheEndByItself() throws StripeException {
    var all = new ArrayList<String>();
    page(PaymentIntentListParams.builder().setLimit(2L))
        .autoPagingIterable()
        .forEach(payment -> all.add(payment.getId()));
    assertThat(all).isEqualTo(PAYMENTS);
    var refunds = new ArrayList<String>();
    shop.refunds()
        .list(RefundListParams.builder().setPaymentIntent(paid.getId()).setLimit(2L).build())
        .autoPagingIterable()
        .forEach(refund -> refunds.add(refund.getId()));
    assertThat(refunds).hasSize(REFUNDS).doesNotHaveDuplicates();
  }

  @Test
  void goesBackwardToTheNewest() throws StripeException {
    var all = new ArrayList<String>();
    var page = page(ofThree().setEndingBefore(PAYMENTS.getLast()));
    all.addAll(0, ids(page));
    while (page.getHasMore()) {
      page = page(ofThree().setEndingBefore(all.getFirst()));
      all.addAll(0, ids(page));
    }
    assertThat(all).isEqualTo(PAYMENTS.subList(0, COUNT - 1));
  }

  @Test
  void filtersByTime() throws StripeException {
    long created = shop.payments().retrieve(PAYMENTS.getFirst()).getCreated();
    long oldest = paid.getCreated();
    assertThat(ids(created(PaymentIntentListParams.Created.builder().setGte(oldest))))
        .isEqualTo(PAYMENTS);
    assertThat(ids(created(PaymentIntentListParams.Created.builder().setLte(created))))
        .isEqualTo(PAYMENTS);
    assertThat(ids(created(PaymentIntentListParams.Created.builder().setGt(created)))).isEmpty();
    assertThat(ids(created(PaymentIntentListParams.Created.builder().setLt(oldest)))).isEmpty();
    assertThat(
            ids(
                created(
                    PaymentIntentListParams.Created.builder().setGte(oldest).setLt(oldest + 1))))
        .contains(paid.getId());
    assertThat(ids(page(PaymentIntentListParams.builder().setCreated(oldest).setLimit(100L))))
        .contains(paid.getId());
    assertThat(
            shop.refunds()
                .list(
                    RefundListParams.builder()
                        .setCreated(RefundListParams.Created.builder().setLt(oldest).build())
                        .build())
                .getData())
        .isEmpty();
    assertThat(
            shop.charges()
                .list(
                    ChargeListParams.builder()
                        .setCreated(ChargeListParams.Created.builder().setGte(oldest).build())
                        .build())
                .getData())
        .hasSize(1);
  }

  private static StripeCollection<PaymentIntent> created(
      PaymentIntentListParams.Created.Builder bounds) throws StripeException {
    return page(PaymentIntentListParams.builder().setCreated(bounds.build()).setLimit(100L));
  }

  @Test
  void takesTenWhereNoLimitIsSaid() throws StripeException {
    var page = shop.refunds().list();
    assertThat(page.getData()).hasSize(10);
    assertThat(page.getHasMore()).isTrue();
  }

  @Test
  void refusesABadLimit() {
    for (long limit : new long[] {0, 101}) {
      var refused =
          catchThrowableOfType(
              InvalidRequestException.class,
              () -> page(PaymentIntentListParams.builder().setLimit(limit)));
      assertThat(refused.getStatusCode()).isEqualTo(400);
      assertThat(refused.getParam()).isEqualTo("limit");
    }
  }

  @Test
  void refusesACursorOfAnotherKindAndBothCursorsAtOnce() {
    var unknown =
        catchThrowableOfType(
            InvalidRequestException.class, () -> page(ofThree().setStartingAfter("pi_none")));
    assertThat(unknown.getStatusCode()).isEqualTo(400);
    assertThat(unknown.getParam()).isEqualTo("starting_after");
    assertThat(unknown.getCode()).isEqualTo("resource_missing");
    var both =
        catchThrowableOfType(
            InvalidRequestException.class,
            () ->
                page(
                    ofThree()
                        .setStartingAfter(PAYMENTS.getFirst())
                        .setEndingBefore(PAYMENTS.getLast())));
    assertThat(both.getStatusCode()).isEqualTo(400);
  }
}
