package simulator.adyen;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import simulator.BankDispute;
import simulator.Dashboard;
import simulator.Receiver;
import simulator.SimulatorExtension;
import simulator.SimulatorOptions;
import simulator.TestCard.RefundBehaviour;
import simulator.webhooks.WebhookOptions;

/** Whoever only reads the notifications knows what is true. */
class RandomHistoriesTest {
  private static final int STEPS = 150;

  private static final List<String> HOLDERS =
      List.of(
          "Jenny Rosen",
          "Jenny Rosen",
          "DECLINED",
          "PENDING",
          "Chargeback:10.4",
          "Chargeback Reversed",
          "Second Chargeback",
          "capture failed",
          "refund failed");

  @RegisterExtension
  static final SimulatorExtension SIMULATOR =
      new SimulatorExtension(
          SimulatorOptions.defaults().withWebhooks(WebhookOptions.defaults().withConcurrency(1)));

  private final Shop shop = new Shop(SIMULATOR);
  private final List<String> payments = new ArrayList<>();

  /** What became of one payment, in minor units. */
  private static final class Account {
    private long captured;
    private long refunded;
    private long disputed;
    private boolean released;

    private String text() {
      return captured
          + " captured, "
          + refunded
          + " refunded, "
          + disputed
          + " disputed"
          + (released ? ", released" : "");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void areToldCompletely(long seed) throws Exception {
    try (Receiver receiver = new Receiver()) {
      SIMULATOR.simulator().webhooks().sendTo(Shop.KEY, receiver.url(), Notified.KEY);
      Random random = new Random(seed);
      if (random.nextBoolean()) {
        SIMULATOR.simulator().adyen().modifications(AdyenControls.CarriedOut.AT_SETTLEMENT);
      }
      SIMULATOR.simulator().adyen().itemsPerNotification(1 + random.nextInt(3));
      for (int step = 0; step < STEPS; step++) {
        step(random);
      }
      SIMULATOR.simulator().settlePending();

      assertThat(told(Notified.all(SIMULATOR.simulator(), receiver)))
          .as("seed %d", seed)
          .isEqualTo(truth());
    }
  }

  private void step(Random random) {
    int what = payments.isEmpty() ? 0 : random.nextInt(12);
    switch (what) {
      case 0, 1, 2 -> {
        JsonObject payment = Shop.heldBy(HOLDERS.get(random.nextInt(HOLDERS.size())));
        payments.add(shop.post(Shop.PAYMENTS, payment).json().getString("pspReference"));
      }
      case 3, 4, 5 ->
          shop.modify(any(random), "captures", Shop.modification(1 + random.nextInt(1100)));
      case 6 -> shop.modify(any(random), "refunds", Shop.modification(1 + random.nextInt(600)));
      case 7 -> shop.modify(any(random), "cancels", Shop.modification());
      case 8 -> shop.modify(any(random), "reversals", Shop.modification());
      case 9 -> SIMULATOR.simulator().settlePending();
      default -> outside(random);
    }
  }

  private String any(Random random) {
    return payments.get(random.nextInt(payments.size()));
  }

  /** What cannot be done is not done. */
  private void outside(Random random) {
    Dashboard dashboard = SIMULATOR.simulator().dashboard();
    String payment = any(random);
    try {
      switch (random.nextInt(7)) {
        case 0 -> dashboard.refund(payment, 1L + random.nextInt(300), RefundBehaviour.FAIL_LATER);
        case 1 -> dashboard.refund(payment);
        case 2 -> dashboard.dispute(payment, 1L + random.nextInt(300), "fraudulent");
        case 3 -> dashboard.expire(payment);
        case 4 -> dashboard.capture(payment, 1L + random.nextInt(900));
        case 5 -> dashboard.failCapture(payment);
        default -> {
          List<BankDispute> disputes = SIMULATOR.simulator().truth().disputes();
          if (!disputes.isEmpty()) {
            BankDispute dispute = disputes.get(random.nextInt(disputes.size()));
            if (dispute.status() == BankDispute.Status.WON) {
              dashboard.chargeBackAgain(dispute.id());
            } else {
              dashboard.winDispute(dispute.id());
            }
          }
        }
      }
    } catch (IllegalStateException | NoSuchElementException refused) {
      assertThat(refused).hasMessageMatching("(the bank does not do that|no ).*");
    }
  }

  private static Map<String, String> truth() {
    Map<String, String> all = new TreeMap<>();
    SIMULATOR
        .simulator()
        .truth()
        .approved()
        .forEach(
            charge -> {
              Account account = new Account();
              account.captured = charge.capturedMinor();
              account.refunded = charge.refundedMinor();
              account.disputed = charge.disputedMinor();
              account.released = charge.voided();
              all.put(charge.id(), account.text());
            });
    return all;
  }

  private static Map<String, String> told(List<Notified> items) {
    Map<String, Account> accounts = new TreeMap<>();
    for (Notified item : items) {
      if (!item.success()) {
        continue;
      }
      if (item.eventCode().equals("AUTHORISATION")) {
        accounts.put(item.pspReference(), new Account());
      } else {
        book(Objects.requireNonNull(accounts.get(item.text("originalReference"))), item);
      }
    }
    Map<String, String> all = new TreeMap<>();
    accounts.forEach((payment, account) -> all.put(payment, account.text()));
    return all;
  }

  private static void book(Account account, Notified item) {
    long amount = item.json().getJsonObject("amount").getLong("value");
    switch (item.eventCode()) {
      case "CAPTURE" -> account.captured = amount;
      case "CAPTURE_FAILED" -> {
        account.captured = 0;
        account.released = true;
      }
      case "CANCELLATION", "EXPIRE" -> account.released = true;
      case "REFUND" -> account.refunded += amount;
      case "REFUND_FAILED" -> account.refunded -= amount;
      case "CANCEL_OR_REFUND" -> {
        if (item.additional("modification.action").equals("refund")) {
          account.refunded += amount;
        } else {
          account.released = true;
        }
      }
      case "CHARGEBACK", "SECOND_CHARGEBACK" -> account.disputed += amount;
      case "CHARGEBACK_REVERSED" -> account.disputed -= amount;
      case "NOTIFICATION_OF_CHARGEBACK" -> {} // only announces
      default -> throw new AssertionError(item.eventCode());
    }
  }
}
