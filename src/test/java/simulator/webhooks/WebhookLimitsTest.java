package simulator.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simulator.Caller;
import simulator.Receiver;
import simulator.Simulator;
import simulator.SimulatorOptions;

/** What is kept is bounded, and what was not delivered outlives a restart. */
class WebhookLimitsTest {
  private final Vertx vertx = Vertx.vertx();
  private final Receiver receiver = new Receiver();
  private final WebhookEndpoint endpoint =
      WebhookEndpoint.of(Caller.SECRET_KEY, receiver.url(), Receiver.SECRET);

  @AfterEach
  void stop() throws Exception {
    receiver.close();
    vertx.close().await(30, TimeUnit.SECONDS);
  }

  private Simulator start(SimulatorOptions options) throws Exception {
    return Simulator.start(vertx, options).await(30, TimeUnit.SECONDS);
  }

  private static void customers(Simulator simulator, int number) {
    Caller caller = new Caller(simulator.baseUrl());
    for (int i = 0; i < number; i++) {
      caller.post("/v1/customers");
    }
  }

  private static void awaitIdle(Simulator simulator) throws Exception {
    simulator.webhooks().idle().await(30, TimeUnit.SECONDS);
  }

  @Test
  void remembersTheLastEventsOnly() throws Exception {
    Simulator simulator =
        start(
            SimulatorOptions.defaults()
                .withWebhooks(WebhookOptions.defaults().withKeptEvents(2).withEndpoint(endpoint)));
    customers(simulator, 5);
    awaitIdle(simulator);

    assertThat(simulator.webhooks().sent()).hasSize(2);
    assertThat(receiver.received()).hasSize(5);
  }

  @Test
  void makesNoEventsThatNobodyWants() throws Exception {
    Simulator simulator =
        start(
            SimulatorOptions.defaults().withWebhooks(WebhookOptions.defaults().withKeptEvents(0)));
    customers(simulator, 2);

    assertThat(simulator.webhooks().counts().recorded()).isZero();
  }

  @Test
  void givesUpWhatFindsNoPlace() throws Exception {
    receiver.answers(one -> 0);
    Simulator simulator =
        start(
            SimulatorOptions.defaults()
                .withWebhooks(WebhookOptions.defaults().withMostOpen(2).withEndpoint(endpoint)));
    customers(simulator, 3);

    assertThat(simulator.webhooks().counts().overflowed()).isEqualTo(1);
    assertThat(simulator.webhooks().counts().open()).isEqualTo(2);
    assertThat(simulator.webhooks().sent().getLast().deliveries())
        .extracting(DeliveryReport::state)
        .containsExactly("OVERFLOWED");
  }

  @Test
  void sendsAfterARestartWhatWasNotDeliveredBefore(@TempDir Path directory) throws Exception {
    SimulatorOptions options =
        SimulatorOptions.defaults()
            .withJournal(directory.resolve("journal"))
            .withWebhooks(
                WebhookOptions.defaults()
                    .withAttempts(1_000, Duration.ofMillis(10), Duration.ofMillis(10)));
    Simulator first = start(options);
    first.webhooks().sendTo(endpoint);
    customers(first, 1);
    awaitIdle(first);
    receiver.answers(one -> 500);
    customers(first, 2);
    first.close().await(30, TimeUnit.SECONDS);

    // The first one's last request may come later than its end, so this one has its own.
    try (var later = new Receiver()) {
      Simulator second = start(options);
      awaitIdle(second);
      assertThat(second.webhooks().sent())
          .as("no endpoint is known yet")
          .hasSize(2)
          .noneMatch(SentEvent::delivered);
      second.webhooks().sendTo(Caller.SECRET_KEY, later.url(), Receiver.SECRET);
      awaitIdle(second);

      assertThat(later.received()).hasSize(2);
      assertThat(second.webhooks().sent()).hasSize(2).allMatch(SentEvent::delivered);
    }
  }

  @Test
  void forgetsEverythingOnReset() throws Exception {
    receiver.answers(one -> 500);
    Simulator simulator =
        start(
            SimulatorOptions.defaults()
                .withWebhooks(WebhookOptions.defaults().withEndpoint(endpoint)));
    simulator.webhooks().sendTo("sk_test_other", receiver.url(), Receiver.SECRET);
    customers(simulator, 2);

    simulator.reset().await(30, TimeUnit.SECONDS);

    assertThat(simulator.webhooks().idle().isComplete()).isTrue();
    assertThat(simulator.webhooks().sent()).isEmpty();
    assertThat(simulator.webhooks().endpoints()).containsExactly(endpoint);
  }
}
