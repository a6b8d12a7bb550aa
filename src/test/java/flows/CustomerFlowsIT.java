package flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import payments.Answer;
import payments.Command;
import payments.Command.CreatedRange;
import payments.Command.Page;
import payments.Parameters;
import payments.PublicId;

/** Customers as merchants meet them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CustomerFlowsIT {
  private static final Page PAGE = new Page(10, null, null, CreatedRange.ALL);

  private final FlowBench bench = new FlowBench();

  @BeforeEach
  void theVaultIsThere() {
    bench.vault.trouble = FakeVault.Trouble.NONE;
  }

  @AfterAll
  void close() {
    bench.close();
  }

  @Test
  void createsAndRetrieves() {
    JsonObject created = bench.done(create(null, null, Map.of("email", "ada@example.com")));

    assertThat(bench.done(retrieve(id(created)))).isEqualTo(created);
  }

  @Test
  void replaysACreationAndMakesNoSecondCustomer() {
    var command = create("create-twice", null, Map.of("email", "twice@example.com"));

    Answer first = bench.run(command);
    Answer second = bench.run(command);

    assertThat(second).isEqualTo(first.asReplay());
    assertThat(bench.done(list("twice@example.com")).getJsonArray("data")).hasSize(1);
  }

  @Test
  void makesOneCustomerOfManyRequestsUnderOneKey() {
    var command = create("create-race", null, Map.of("email", "race@example.com"));
    var all = new ArrayList<Future<Answer>>();
    for (int i = 0; i < 10; i++) {
      all.add(bench.start(command));
    }

    assertThat(Future.all(all).await().<Answer>list())
        .extracting(Answer::status, Answer::body)
        .containsOnly(tuple(200, all.getFirst().result().body()));
    assertThat(bench.done(list("race@example.com")).getJsonArray("data")).hasSize(1);
  }

  @Test
  void mergesUpdatesThatRunSideBySide() {
    UUID id = bench.customer();
    var all = new ArrayList<Future<Answer>>();
    for (int i = 0; i < 5; i++) {
      all.add(bench.start(update("merge-" + i, id, metadata("k" + i, "v"))));
    }

    assertThat(Future.all(all).await().<Answer>list()).extracting(Answer::status).containsOnly(200);
    assertThat(bench.done(retrieve(id)).getJsonObject("metadata").fieldNames())
        .containsExactlyInAnyOrder("k0", "k1", "k2", "k3", "k4");
  }

  @Test
  void replaysAnUpdateThoughTheCustomerChangedSince() {
    UUID id = bench.customer();
    Answer first = bench.run(update("replay", id, metadata("k", "first")));
    bench.run(update("other", id, metadata("k", "second")));

    assertThat(bench.run(update("replay", id, metadata("k", "first")))).isEqualTo(first.asReplay());
    assertThat(bench.done(retrieve(id)).getJsonObject("metadata").getString("k"))
        .isEqualTo("second");
  }

  @Test
  void showsADeletedCustomerAsDeletedAndChangesItNoMore() {
    UUID id = bench.customer();

    JsonObject deleted = bench.done(delete(id));

    assertThat(deleted.getBoolean("deleted")).isTrue();
    assertThat(bench.done(retrieve(id))).isEqualTo(deleted);
    assertMissing(bench.run(delete(id)), id);
    assertMissing(bench.run(update(null, id, Map.of("name", "Ada"))), id);
  }

  @Test
  void letsGoOfPaymentMethodsWithTheCustomer() {
    JsonObject created = bench.done(create(null, "pm_card_visa", Map.of()));
    UUID id = id(created);
    String method = bench.done(methods(id)).getJsonArray("data").getJsonObject(0).getString("id");

    bench.done(delete(id));

    var shown =
        bench.done(new Command.RetrievePaymentMethod(FlowBench.test(null, "/"), method, null));
    assertThat(shown.containsKey("customer")).isFalse();
  }

  @Test
  void isBlindToOtherMerchantsAndTheOtherMode() {
    UUID id = bench.customer();

    assertMissing(
        bench.run(new Command.RetrieveCustomer(FlowBench.context("m_2", false, null, "/"), id)),
        id);
    assertMissing(
        bench.run(
            new Command.DeleteCustomer(FlowBench.context(FlowBench.MERCHANT, true, null, "/"), id)),
        id);
  }

  @Test
  void createsACustomerWithACard() {
    JsonObject created = bench.done(create("with-card", "pm_card_visa", Map.of("name", "Ada")));

    var data = bench.done(methods(id(created))).getJsonArray("data");
    assertThat(data).hasSize(1);
    assertThat(data.getJsonObject(0).getString("last4")).isEqualTo("4242");
  }

  @Test
  void leavesNoCustomerBehindADeclinedCardAndReplaysTheDecline() {
    bench.vault.declined.add("pm_declined");
    var command = create("declined", "pm_declined", Map.of("email", "declined@example.com"));

    Answer first = bench.run(command);
    long attaches = bench.vault.count("attach");

    assertThat(first.status()).isEqualTo(402);
    assertThat(bench.run(command)).isEqualTo(first.asReplay());
    assertThat(bench.vault.count("attach")).isEqualTo(attaches);
    assertThat(bench.done(list("declined@example.com")).getJsonArray("data")).isEmpty();
  }

  @Test
  void refusesACardThatIsNotThere() {
    Answer answer = bench.run(create("no-card", "pm_none", Map.of()));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("REFERENCE_MISSING", "No such PaymentMethod: 'pm_none'");
  }

  @ParameterizedTest
  @EnumSource(names = {"AWAY", "ANSWER_LOST", "ATTACH_ANSWER_LOST"})
  void finishesWhatALostAnswerLeftOpen(FakeVault.Trouble trouble) {
    String token = "pm_" + trouble.name();
    String email = trouble.name() + "@example.com";
    bench.vault.cards.add(token);
    var command = create("lost " + trouble, token, Map.of("email", email));

    bench.vault.trouble = trouble;
    assertThat(bench.run(command).status()).isEqualTo(503);
    assertThat(bench.done(list(email)).getJsonArray("data")).isEmpty();
    bench.vault.trouble = FakeVault.Trouble.NONE;
    JsonObject created = bench.done(command);

    assertThat(bench.done(list(email)).getJsonArray("data")).hasSize(1);
    assertThat(bench.done(methods(id(created))).getJsonArray("data")).hasSize(1);
    String twins = "customer " + created.getString("id");
    assertThat(bench.vault.calls).filteredOn(call -> call.startsWith(twins)).isNotEmpty();
  }

  private static Map<String, Object> metadata(String key, String value) {
    return Map.of("metadata", Map.of(key, value));
  }

  private static UUID id(JsonObject customer) {
    return PublicId.CUSTOMER.parse(customer.getString("id")).orElseThrow();
  }

  private static void assertMissing(Answer answer, UUID id) {
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body())
        .contains("RESOURCE_MISSING", "No such customer: '" + PublicId.CUSTOMER.of(id) + "'");
  }

  private static Command create(
      @Nullable String key, @Nullable String method, Map<String, Object> said) {
    return new Command.CreateCustomer(
        FlowBench.test(key, "/v1/customers"), method, new Parameters(said));
  }

  private static Command update(@Nullable String key, UUID id, Map<String, Object> changes) {
    return new Command.UpdateCustomer(
        FlowBench.test(key, "/v1/customers/x"), id, new Parameters(changes));
  }

  private static Command retrieve(UUID id) {
    return new Command.RetrieveCustomer(FlowBench.test(null, "/"), id);
  }

  private static Command delete(UUID id) {
    return new Command.DeleteCustomer(FlowBench.test(null, "/"), id);
  }

  private static Command list(String email) {
    return new Command.ListCustomers(FlowBench.test(null, "/"), PAGE, email);
  }

  private static Command methods(UUID customer) {
    return new Command.ListPaymentMethods(
        FlowBench.test(null, "/"), PAGE, customer, null, "/v1/payment_methods");
  }
}
