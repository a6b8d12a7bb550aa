package chaos;

import static org.assertj.core.api.Assertions.assertThat;

import chaos.Trade.Order;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import simulator.AccountId;
import simulator.BankDispute;
import simulator.BankRefund;
import simulator.Simulator;
import simulator.TestCard.RefundBehaviour;
import simulator.webhooks.SentEvent;
import simulator.webhooks.WebhookEvent;

/**
 * What goes on at a PSP while a gateway is away, drawn from a seed: refunds, captures, expiries and
 * disputes of the gateway's payments, and the merchant's other traffic, of which the gateway has
 * never heard.
 */
final class PspDays {
  /** Another system of the merchant's takes payments, too. */
  private static final String OTHER_KEY = "sk_test_other_system";

  private static final int OTHER_PAYMENTS = 40;
  private static final int MOST_STEPS = 100_000;

  /** What ends one open refund is told by as many events. */
  private static final int EVENTS_OF_AN_END = 3;

  private static final int EVENTS_OF_A_STEP = 6;

  private final Simulator simulator;
  private final Random random;
  private final List<String> intents = new ArrayList<>();

  PspDays(Simulator simulator, List<Order> orders, Random random) {
    this.simulator = simulator;
    this.random = random;
    orders.forEach(order -> intents.add(order.intent));
  }

  /** Goes on until just so many events were made, and nothing is open any more; oldest first. */
  List<WebhookEvent> until(int events) {
    for (int other = 0; other < OTHER_PAYMENTS; other++) {
      intents.add(otherPayment());
    }
    simulator.settlePending();
    int steps = 0;
    while (made() + open() * EVENTS_OF_AN_END + EVENTS_OF_A_STEP < events) {
      assertThat(steps++).as("steps that were tried").isLessThan(MOST_STEPS);
      step();
    }
    simulator.settlePending();
    while (made() < events) {
      atPsp("/v1/customers", "email=customer@example.com");
    }
    return simulator.webhooks().sent().stream().map(SentEvent::event).toList();
  }

  /** Whether an event is of the other system's payments, refunds or disputes. */
  static boolean foreign(WebhookEvent event) {
    boolean told =
        event.type().startsWith("payment_intent.")
            || event.type().startsWith("refund.")
            || event.type().startsWith("charge.dispute.");
    return told && event.account().equals(AccountId.of(OTHER_KEY));
  }

  private int made() {
    return Math.toIntExact(simulator.webhooks().counts().recorded());
  }

  private int open() {
    return (int) simulator.truth().refunds().stream().filter(it -> it.settlesAs() != null).count();
  }

  private String otherPayment() {
    String answer =
        atPsp(
            "/v1/payment_intents",
            "currency=usd&confirm=true&payment_method=pm_card_visa&amount="
                + (1_000 + random.nextInt(20_000)));
    return answer.replaceAll("(?s).*?\"id\"\\s*:\\s*\"(pi_\\w+)\".*", "$1");
  }

  private String atPsp(String path, String form) {
    try (var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create(simulator.baseUrl() + path))
              .header("Authorization", "Bearer " + OTHER_KEY)
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(HttpRequest.BodyPublishers.ofString(form))
              .build();
      var answer = client.send(request, BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return answer.body();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Something that somebody may do; what cannot be done leaves no trace. */
  private void step() {
    String intent = Trade.pick(intents, random);
    try {
      switch (random.nextInt(16)) {
        case 0, 1, 2, 3, 4 -> refund(intent);
        case 5, 6, 7 -> endRefund();
        case 8, 9, 10 -> dispute(intent);
        case 11, 12, 13 -> moveDispute();
        case 14 -> endHold(intent);
        default -> simulator.completeChallenge(intent, random.nextInt(4) > 0);
      }
    } catch (IllegalStateException | NoSuchElementException notPossible) {
      assertThat(notPossible.getMessage()).doesNotContain("disagree");
    }
  }

  private @Nullable Long allOrSome() {
    return random.nextInt(8) == 0 ? null : Long.valueOf(1 + random.nextInt(1_500));
  }

  private void refund(String intent) {
    RefundBehaviour[] ends = RefundBehaviour.values();
    simulator.dashboard().refund(intent, allOrSome(), ends[random.nextInt(ends.length)]);
  }

  private void endRefund() {
    BankRefund refund = Trade.pick(simulator.truth().refunds(), random);
    if (random.nextBoolean()) {
      simulator.dashboard().failRefund(refund.id());
    } else {
      simulator.dashboard().succeedRefund(refund.id());
    }
  }

  private void dispute(String intent) {
    if (random.nextInt(3) == 0) {
      simulator.dashboard().inquire(intent, allOrSome(), "unrecognized");
    } else {
      simulator.dashboard().dispute(intent, allOrSome(), "fraudulent");
    }
  }

  private void moveDispute() {
    BankDispute dispute = Trade.pick(simulator.truth().disputes(), random);
    switch (random.nextInt(5)) {
      case 0 -> simulator.dashboard().escalate(dispute.id());
      case 1 -> simulator.dashboard().review(dispute.id());
      case 2 -> simulator.dashboard().winDispute(dispute.id());
      case 3 -> simulator.dashboard().loseDispute(dispute.id());
      default -> simulator.dashboard().closeInquiry(dispute.id());
    }
  }

  private void endHold(String intent) {
    switch (random.nextInt(4)) {
      case 0 -> simulator.dashboard().cancel(intent);
      case 1 -> simulator.dashboard().expire(intent);
      default -> simulator.dashboard().capture(intent, allOrSome());
    }
  }
}
