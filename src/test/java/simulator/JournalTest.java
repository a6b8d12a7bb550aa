package simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simulator.Caller.Reply;
import simulator.TestCard.RefundBehaviour;

/** A simulator that was stopped, or killed, and started again over its journal. */
class JournalTest {
  private static final String[] PAYMENT = {
    "amount", "1000", "currency", "usd", "confirm", "true", "payment_method", "pm_card_visa"
  };
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() throws Exception {
    vertx.close().await(30, TimeUnit.SECONDS);
  }

  private Simulator start(Path journal) throws Exception {
    return Simulator.start(vertx, SimulatorOptions.defaults().withJournal(journal))
        .await(30, TimeUnit.SECONDS);
  }

  @Test
  void keepsEverythingOverARestart(@TempDir Path folder) throws Exception {
    Path journal = folder.resolve("journal");
    Simulator first = start(journal);
    Caller caller = new Caller(first.baseUrl());
    String customer = caller.post("/v1/customers", "name", "Jenny").json().getString("id");
    Reply paid = caller.postWithKey("/v1/payment_intents", "k", PAYMENT);
    String intent = paid.json().getString("id");
    caller.post("/v1/refunds", "payment_intent", intent, "amount", "300");
    Truth before = first.truth();
    first.close().await(30, TimeUnit.SECONDS);

    Simulator second = start(journal);
    Caller again = new Caller(second.baseUrl());

    assertThat(second.truth().refunds()).isEqualTo(before.refunds());
    assertThat(second.truth().capturedMinor()).isEqualTo(before.capturedMinor());
    assertThat(again.get("/v1/customers/" + customer).json().getString("name")).isEqualTo("Jenny");
    assertThat(again.get("/v1/payment_intents/" + intent).json().getString("status"))
        .isEqualTo("succeeded");
    Reply replayed = again.postWithKey("/v1/payment_intents", "k", PAYMENT);
    assertThat(replayed.body()).isEqualTo(paid.body());
    assertThat(replayed.header("Idempotent-Replayed")).isEqualTo("true");
    assertThat(again.post("/v1/refunds", "payment_intent", intent).json().getLong("amount"))
        .isEqualTo(700);
  }

  @Test
  void keepsWhatHappenedOutsideOverARestart(@TempDir Path folder) throws Exception {
    Path journal = folder.resolve("journal");
    Simulator first = start(journal);
    Caller caller = new Caller(first.baseUrl());
    String inquired = pay(caller, "pm_card_createDisputeInquiry");
    first.settlePending();
    String refunded = pay(caller, "pm_card_visa");
    first.dashboard().refund(refunded, 100L, RefundBehaviour.PENDING_THEN_FAIL);
    first.dashboard().dispute(refunded, 200L, "general");
    Truth before = first.truth();
    first.close().await(30, TimeUnit.SECONDS);

    Simulator second = start(journal);

    assertThat(second.truth()).isEqualTo(before);
    assertThat(second.truth().payment(inquired).disputes()).hasSize(1);
    assertThat(second.settlePending()).as("the refund, and no second dispute").isEqualTo(1);
    assertThat(second.truth().refundedMinor()).isEmpty();
  }

  private static String pay(Caller caller, String card) {
    return caller
        .post(
            "/v1/payment_intents",
            "amount",
            "1000",
            "currency",
            "usd",
            "confirm",
            "true",
            "payment_method",
            card)
        .json()
        .getString("id");
  }

  @Test
  void whatWasAnsweredIsInTheFile(@TempDir Path folder) throws Exception {
    Path journal = folder.resolve("journal");
    Simulator simulator = start(journal);

    String intent =
        new Caller(simulator.baseUrl()).post("/v1/payment_intents", PAYMENT).json().getString("id");

    assertThat(Files.readString(journal)).contains(intent);
  }

  @Test
  void halfALineAtTheEndIsForgotten(@TempDir Path folder) throws Exception {
    Path journal = folder.resolve("journal");
    Simulator first = start(journal);
    new Caller(first.baseUrl()).post("/v1/payment_intents", PAYMENT);
    first.close().await(30, TimeUnit.SECONDS);
    Files.writeString(journal, "{\"kind\":\"auth", StandardOpenOption.APPEND);

    Simulator second = start(journal);
    new Caller(second.baseUrl()).post("/v1/payment_intents", PAYMENT);
    assertThat(second.truth().charges()).hasSize(2);
    second.close().await(30, TimeUnit.SECONDS);

    assertThat(start(journal).truth().charges()).hasSize(2);
  }

  @Test
  void aResetIsForGood(@TempDir Path folder) throws Exception {
    Path journal = folder.resolve("journal");
    Simulator first = start(journal);
    new Caller(first.baseUrl()).post("/v1/payment_intents", PAYMENT);
    first.reset().await(30, TimeUnit.SECONDS);
    first.close().await(30, TimeUnit.SECONDS);

    assertThat(start(journal).truth().charges()).isEmpty();
  }

  @Test
  void holdsNoSecretKey(@TempDir Path folder) throws Exception {
    Path journal = folder.resolve("journal");
    Simulator simulator = start(journal);
    new Caller(simulator.baseUrl()).post("/v1/payment_intents", PAYMENT);

    for (String line : Files.readAllLines(journal)) {
      assertThat(new JsonObject(line).encode()).doesNotContain(Caller.SECRET_KEY);
    }
  }
}
