package simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import simulator.BankResult.Done;
import simulator.BankResult.Refused;

/** The simulated bank without a dialect. */
class BankTest {
  private static final String ACCOUNT = AccountId.of("sk_test_a");

  private final Vertx vertx = Vertx.vertx();
  private final Bank bank = new Bank(InstantSource.system(), new Journal(vertx, null));

  @AfterEach
  void stop() throws Exception {
    vertx.close().await(30, TimeUnit.SECONDS);
  }

  private void authorize(String id, boolean capture) {
    bank.authorize(
        new AuthorizationRequest(
            id,
            ACCOUNT,
            "pi_1",
            "pm_1",
            CardDeck.require("visa"),
            "key",
            Map.of(),
            1000,
            "usd",
            capture,
            false,
            false,
            false,
            false));
  }

  private BankResult<BankRefund> refund(long amountMinor) {
    return bank.refund(
        new RefundRequest(
            Ids.next("re_"), ACCOUNT, "ch_1", amountMinor, null, null, Map.of(), false, null));
  }

  @Test
  void tellsListenersOfEveryChangeInOrder() {
    List<BankChange> told = new ArrayList<>();
    bank.onChange(told::add);

    authorize("ch_1", false);
    bank.capture(ACCOUNT, "ch_1", 1000);
    refund(100);

    assertThat(told)
        .extracting(change -> (Object) change.getClass())
        .containsExactly(
            BankChange.AuthorizationChanged.class,
            BankChange.AuthorizationChanged.class,
            BankChange.AuthorizationChanged.class,
            BankChange.RefundChanged.class);
  }

  @Test
  void neverGivesBackMoreThanItTook() throws Exception {
    authorize("ch_1", true);
    List<Callable<BankResult<BankRefund>>> refunds = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      refunds.add(() -> refund(7));
    }

    int done = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<BankResult<BankRefund>> each : threads.invokeAll(refunds)) {
        done += each.get() instanceof Done ? 1 : 0;
      }
    }

    assertThat(done).isEqualTo(142);
    assertThat(bank.truth().refundedMinor()).containsEntry("usd", 994L);
  }

  @Test
  void capturesOrReleasesOnce() {
    authorize("ch_1", false);

    assertThat(bank.capture(ACCOUNT, "ch_1", 1000)).isInstanceOf(Done.class);

    assertThat(bank.capture(ACCOUNT, "ch_1", 1000)).isInstanceOf(Refused.class);
    assertThat(bank.release(ACCOUNT, "ch_1")).isInstanceOf(Refused.class);
  }

  @Test
  void keepsAccountsApart() {
    authorize("ch_1", false);

    assertThat(bank.capture(AccountId.of("sk_test_b"), "ch_1", 1000)).isInstanceOf(Refused.class);
    assertThat(bank.truth().account("sk_test_b").charges()).isEmpty();
    assertThat(bank.truth().account("sk_test_a").charges()).hasSize(1);
  }
}
