package flows;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import payments.Answer;
import payments.Command;
import payments.Command.CreatedRange;
import payments.Command.Page;
import payments.Parameters;
import payments.PublicId;

/** Payment methods as merchants meet them, with the PSP that keeps the cards. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PaymentMethodFlowsIT {
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
  void attachesATokenUnderItsOwnId() {
    bench.vault.cards.add("pm_token");
    UUID customer = bench.customer();

    JsonObject attached = bench.done(attach(null, "pm_token", customer));

    assertThat(attached.getString("id")).isEqualTo("pm_token");
    assertThat(attached.getString("customer")).isEqualTo(PublicId.CUSTOMER.of(customer));
    assertThat(attached.getString("last4")).isEqualTo("4242");
    assertThat(attached.getString("name")).isEqualTo("Ada");
    assertThat(bench.done(retrieve("pm_token"))).isEqualTo(attached);
  }

  @Test
  void attachesATestTokenUnderAFreshIdEachTime() {
    UUID customer = bench.customer();

    String first = bench.done(attach(null, "pm_card_visa", customer)).getString("id");
    String second = bench.done(attach(null, "pm_card_visa", customer)).getString("id");

    assertThat(PublicId.PAYMENT_METHOD.parse(first)).isPresent();
    assertThat(second).isNotEqualTo(first);
    assertThat(ids(bench.done(list(customer, null)))).containsExactly(second, first);
  }

  @Test
  void makesOneTwinForAllCardsOfACustomer() {
    UUID customer = bench.customer();
    String twins = "customer " + PublicId.CUSTOMER.of(customer);

    bench.done(attach(null, "pm_card_visa", customer));
    bench.done(attach(null, "pm_card_mastercard", customer));

    assertThat(bench.vault.calls).filteredOn(call -> call.startsWith(twins)).hasSize(1);
  }

  @Test
  void givesConcurrentAttachesTheSameTwin() {
    UUID customer = bench.customer();
    var all = new ArrayList<Future<Answer>>();
    for (int i = 0; i < 5; i++) {
      all.add(bench.start(attach("concurrent-" + i, "pm_card_visa", customer)));
    }

    assertThat(Future.all(all).await().<Answer>list()).extracting(Answer::status).containsOnly(200);
    var twin =
        bench
            .services
            .customers()
            .pspReference(FlowBench.MERCHANT, customer, "acct_test")
            .await()
            .orElseThrow();
    assertThat(bench.vault.owners.values()).filteredOn(twin::equals).hasSize(5);
  }

  @Test
  void answersAgainWhatIsAttachedAlready() {
    bench.vault.cards.add("pm_again");
    UUID customer = bench.customer();
    JsonObject attached = bench.done(attach(null, "pm_again", customer));
    long calls = bench.vault.count("attach");

    assertThat(bench.done(attach(null, "pm_again", customer))).isEqualTo(attached);
    assertThat(bench.vault.count("attach")).isEqualTo(calls);
  }

  @Test
  void refusesWhatAnotherCustomerHas() {
    bench.vault.cards.add("pm_hers");
    bench.done(attach(null, "pm_hers", bench.customer()));

    Answer answer = bench.run(attach(null, "pm_hers", bench.customer()));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("has already been attached to a customer");
  }

  @Test
  void replaysAnAttachOfATestToken() {
    var command = attach("attach-twice", "pm_card_visa", bench.customer());

    Answer first = bench.run(command);

    assertThat(first.status()).isEqualTo(200);
    assertThat(bench.run(command)).isEqualTo(first.asReplay());
  }

  @Test
  void replaysADeclinedAttach() {
    bench.vault.declined.add("pm_declined");
    var command = attach("declined", "pm_declined", bench.customer());

    Answer first = bench.run(command);
    bench.vault.declined.clear();

    assertThat(first.status()).isEqualTo(402);
    assertThat(bench.run(command)).isEqualTo(first.asReplay());
  }

  @Test
  void freesTheKeyOfARefusedAttach() {
    UUID customer = bench.customer();
    var command = attach("refused", "pm_soon", customer);

    Answer refused = bench.run(command);
    bench.vault.cards.add("pm_soon");

    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.body()).contains("No such PaymentMethod: 'pm_soon'", "payment_method");
    // The PSP remembers its own no under the key, so another one is needed to get past that.
    assertThat(bench.done(attach("refused-2", "pm_soon", customer)).getString("id"))
        .isEqualTo("pm_soon");
  }

  @Test
  void attachesOnceWhenTheAnswerWasLost() {
    UUID customer = bench.customer();
    bench.done(attach(null, "pm_card_visa", customer));
    var command = attach("lost", "pm_card_mastercard", customer);

    bench.vault.trouble = FakeVault.Trouble.ANSWER_LOST;
    assertThat(bench.run(command).status()).isEqualTo(503);
    bench.vault.trouble = FakeVault.Trouble.NONE;
    int owned = bench.vault.owners.size();

    bench.done(command);
    assertThat(bench.vault.owners).hasSize(owned);
    assertThat(ids(bench.done(list(customer, null)))).hasSize(2);
  }

  @Test
  void takesOverWhatACrashLeftAndMakesTheSameMethod() {
    UUID customer = bench.customer();
    var command = attach("crash", "pm_card_visa", customer);
    String first = bench.done(command).getString("id");
    // As if the process had died between the last row and the stored answer.
    bench.postgres.execute(
        "UPDATE idempotency_key SET answer_status = NULL, answer_body = NULL WHERE key = 'crash'");

    assertThat(bench.run(command).status()).isEqualTo(409);
    bench.abandon("crash");

    assertThat(bench.done(command).getString("id")).isEqualTo(first);
    assertThat(ids(bench.done(list(customer, null)))).containsExactly(first);
  }

  @Test
  void refusesADeletedCustomer() {
    UUID customer = bench.customer();
    bench.done(new Command.DeleteCustomer(FlowBench.test(null, "/"), customer));

    assertThat(bench.run(attach(null, "pm_card_visa", customer)).body())
        .contains("REFERENCE_MISSING", "No such customer");
    assertThat(bench.run(list(customer, null)).status()).isEqualTo(400);
  }

  @Test
  void detachesForGood() {
    UUID customer = bench.customer();
    String id = bench.done(attach(null, "pm_card_visa", customer)).getString("id");

    JsonObject detached = bench.done(detach("detach", id));

    assertThat(detached.containsKey("customer")).isFalse();
    assertThat(bench.done(detach("detach", id))).isEqualTo(detached);
    assertThat(ids(bench.done(list(customer, null)))).isEmpty();
    Answer again = bench.run(detach("detach-again", id));
    assertThat(again.status()).isEqualTo(400);
    assertThat(again.body()).contains("is not attached to a customer");
  }

  @Test
  void detachesWhatIsNotTiedAtThePspAnyMore() {
    UUID customer = bench.customer();
    String id = bench.done(attach(null, "pm_card_visa", customer)).getString("id");
    bench.vault.trouble = FakeVault.Trouble.ANSWER_LOST;
    assertThat(bench.run(detach(null, id)).status()).isEqualTo(503);
    bench.vault.trouble = FakeVault.Trouble.NONE;

    assertThat(bench.done(detach(null, id)).containsKey("customer")).isFalse();
  }

  @Test
  void detachesNothingWhileThePspIsAway() {
    UUID customer = bench.customer();
    String id = bench.done(attach(null, "pm_card_visa", customer)).getString("id");

    bench.vault.trouble = FakeVault.Trouble.AWAY;
    assertThat(bench.run(detach("away", id)).status()).isEqualTo(503);
    assertThat(ids(bench.done(list(customer, null)))).containsExactly(id);

    bench.vault.trouble = FakeVault.Trouble.NONE;
    bench.done(detach("away", id));
    assertThat(ids(bench.done(list(customer, null)))).isEmpty();
  }

  @Test
  void showsATokenOfThePspWithoutAdoptingIt() {
    bench.vault.cards.add("pm_shown");

    assertThat(bench.done(retrieve("pm_shown")).getString("last4")).isEqualTo("4242");

    assertThat(bench.services.methods().find(FlowBench.MERCHANT, false, "pm_shown").await())
        .isEmpty();
    assertThat(bench.run(retrieve("pm_nobody")).status()).isEqualTo(404);
  }

  @Test
  void learnsTheCardOfAMethodWhenItIsShown() {
    bench.vault.cards.add("pm_bare");
    bench.done(attach(null, "pm_bare", bench.customer()));
    bench.postgres.execute(
        "UPDATE payment_method SET card = NULL WHERE payment_method_id = 'pm_bare'");

    bench.vault.trouble = FakeVault.Trouble.AWAY;
    assertThat(bench.done(retrieve("pm_bare")).containsKey("last4")).isFalse();
    bench.vault.trouble = FakeVault.Trouble.NONE;
    assertThat(bench.done(retrieve("pm_bare")).getString("last4")).isEqualTo("4242");
    bench.vault.trouble = FakeVault.Trouble.AWAY;
    assertThat(bench.done(retrieve("pm_bare")).getString("last4")).isEqualTo("4242");
  }

  @Test
  void showsACustomersMethodOnlyThroughThatCustomer() {
    UUID customer = bench.customer();
    String id = bench.done(attach(null, "pm_card_visa", customer)).getString("id");

    assertThat(bench.run(retrieve(id, customer)).status()).isEqualTo(200);
    assertThat(bench.run(retrieve(id, bench.customer())).status()).isEqualTo(404);
    assertThat(bench.run(retrieve(id, bench.ids.next())).body()).contains("No such customer");
  }

  @Test
  void expandsTheCustomer() {
    UUID customer = bench.customer();
    String id = bench.done(attach(null, "pm_card_visa", customer)).getString("id");
    var one = new Command.RetrievePaymentMethod(FlowBench.expanding("customer"), id, null);
    var all =
        new Command.ListPaymentMethods(
            FlowBench.expanding("data.customer"), PAGE, customer, null, "/v1/payment_methods");

    String publicId = PublicId.CUSTOMER.of(customer);
    assertThat(bench.done(one).getJsonObject("customer").getString("id")).isEqualTo(publicId);
    assertThat(
            bench
                .done(all)
                .getJsonArray("data")
                .getJsonObject(0)
                .getJsonObject("customer")
                .getString("id"))
        .isEqualTo(publicId);
  }

  @Test
  void listsOnlyCards() {
    UUID customer = bench.customer();
    bench.done(attach(null, "pm_card_visa", customer));

    assertThat(ids(bench.done(list(customer, "card")))).hasSize(1);
    assertThat(ids(bench.done(list(customer, "sepa_debit")))).isEmpty();
  }

  @Test
  void isBlindToOtherMerchantsAndTheOtherMode() {
    UUID customer = bench.customer();
    String id = bench.done(attach(null, "pm_card_visa", customer)).getString("id");
    var others = FlowBench.context("m_2", false, null, "/");
    var live = FlowBench.context(FlowBench.MERCHANT, true, null, "/");

    assertThat(bench.run(new Command.RetrievePaymentMethod(others, id, null)).status())
        .isEqualTo(404);
    assertThat(bench.run(new Command.RetrievePaymentMethod(live, id, null)).status())
        .isEqualTo(404);
    assertThat(bench.run(new Command.DetachPaymentMethod(others, id)).status()).isEqualTo(404);
    assertThat(bench.run(new Command.AttachPaymentMethod(live, id, customer)).body())
        .contains("No such customer");
  }

  @Test
  void takesTestTokensOnlyInTestMode() {
    var live = FlowBench.context(FlowBench.MERCHANT, true, null, "/v1/customers");
    String customer =
        bench.done(new Command.CreateCustomer(live, null, Parameters.EMPTY)).getString("id");
    bench.liveVault.declined.add("pm_card_visa");

    Answer answer =
        bench.run(
            new Command.AttachPaymentMethod(
                live, "pm_card_visa", PublicId.CUSTOMER.parse(customer).orElseThrow()));

    assertThat(answer.status()).isEqualTo(402);
    assertThat(bench.liveVault.calls).filteredOn(call -> call.startsWith("attach")).hasSize(1);
  }

  @Test
  void tellsThePspWhoTheCustomerIs() {
    JsonObject ada =
        bench.done(
            new Command.CreateCustomer(
                FlowBench.test(null, "/v1/customers"),
                null,
                new Parameters(Map.of("name", "Ada", "description", "ours alone"))));
    UUID id = PublicId.CUSTOMER.parse(ada.getString("id")).orElseThrow();

    bench.done(attach(null, "pm_card_visa", id));

    assertThat(bench.vault.calls).contains("customer " + ada.getString("id") + " {name=Ada}");
  }

  private static List<String> ids(JsonObject list) {
    return list.getJsonArray("data").stream()
        .map(item -> ((JsonObject) item).getString("id"))
        .toList();
  }

  private static Command attach(@Nullable String key, String id, UUID customer) {
    return new Command.AttachPaymentMethod(
        FlowBench.test(key, "/v1/payment_methods/" + id + "/attach"), id, customer);
  }

  private static Command detach(@Nullable String key, String id) {
    return new Command.DetachPaymentMethod(
        FlowBench.test(key, "/v1/payment_methods/" + id + "/detach"), id);
  }

  private static Command retrieve(String id) {
    return new Command.RetrievePaymentMethod(FlowBench.test(null, "/"), id, null);
  }

  private static Command retrieve(String id, UUID customer) {
    return new Command.RetrievePaymentMethod(FlowBench.test(null, "/"), id, customer);
  }

  private static Command list(UUID customer, @Nullable String type) {
    return new Command.ListPaymentMethods(
        FlowBench.test(null, "/"), PAGE, customer, type, "/v1/payment_methods");
  }
}
