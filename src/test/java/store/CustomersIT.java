package store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import payments.Answer;
import payments.Command.CreatedRange;
import payments.Command.Page;
import payments.Command.Paged;
import payments.Customer;
import payments.IdSource;
import payments.Parameters;
import payments.RequestContext;
import support.TestDatabase;

/** Customers in PostgreSQL: the key and the customer stand or fall together. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CustomersIT {
  private final Vertx vertx = Vertx.vertx();
  private final Database database =
      Database.open(vertx, TestDatabase.create().options(), "test", 8);
  private final Customers customers = new Customers(database);
  private final IdempotencyKeys keys = new IdempotencyKeys(database);
  private final IdSource ids = new IdSource(Clock.systemUTC(), new Random(1));

  @AfterAll
  void close() {
    database.close().await();
    vertx.close().await();
  }

  @Test
  void createsACustomerTogetherWithItsKeyAndAnswer() {
    Customer ada = customer("m_create", "ada@example.com");

    assertThat(customers.create(ada, claim("m_create", "key-1", "the answer")).await()).isTrue();

    assertThat(customers.find("m_create", false, ada.id()).await()).contains(ada);
    var stored = keys.find("m_create", false, "key-1").await().orElseThrow();
    assertThat(stored.answer()).isEqualTo(new Answer(200, "the answer", true));
  }

  @Test
  void createsNothingUnderAKeyThatIsTaken() {
    Customer first = customer("m_taken", null);
    Customer second = customer("m_taken", null);
    customers.create(first, claim("m_taken", "key-1", "first")).await();

    assertThat(customers.create(second, claim("m_taken", "key-1", "second")).await()).isFalse();

    assertThat(customers.find("m_taken", false, second.id()).await()).isEmpty();
    var stored = keys.find("m_taken", false, "key-1").await().orElseThrow();
    assertThat(stored.answer()).isEqualTo(new Answer(200, "first", true));
  }

  @Test
  void makesOneCustomerOfManyRequestsUnderOneKey() {
    var all = new ArrayList<Future<Boolean>>();
    for (int i = 0; i < 20; i++) {
      all.add(customers.create(customer("m_race", null), claim("m_race", "key-1", "answer " + i)));
    }

    assertThat(Future.all(all).await().<Boolean>list()).containsOnlyOnce(true);
    assertThat(list("m_race", page(100, null, null), null).items()).hasSize(1);
  }

  @Test
  void updatesOnlyTheVersionThatWasRead() {
    Customer ada = customer("m_update", "ada@example.com");
    customers.create(ada, null).await();
    Customer renamed = changed(ada, Map.of("email", "lovelace@example.com"));

    assertThat(customers.update(renamed, claim("m_update", "key-1", "new")).await()).isTrue();
    assertThat(customers.update(renamed, claim("m_update", "key-2", "stale")).await()).isFalse();

    assertThat(customers.find("m_update", false, ada.id()).await()).contains(renamed);
    assertThat(keys.find("m_update", false, "key-2").await()).isEmpty();
    assertThat(list("m_update", page(10, null, null), "lovelace@example.com").items())
        .containsExactly(renamed);
    assertThat(list("m_update", page(10, null, null), "ada@example.com").items()).isEmpty();
  }

  @Test
  void updatesNothingUnderAKeyThatIsTaken() {
    Customer ada = customer("m_update_taken", null);
    customers.create(ada, claim("m_update_taken", "key-1", "created")).await();

    Customer named = changed(ada, Map.of("name", "Ada"));
    assertThat(customers.update(named, claim("m_update_taken", "key-1", "named")).await())
        .isFalse();

    assertThat(customers.find("m_update_taken", false, ada.id()).await()).contains(ada);
  }

  @Test
  void deletesOnceAndKeepsTheRow() {
    Customer ada = customer("m_delete", "ada@example.com");
    customers.create(ada, null).await();

    assertThat(customers.delete("m_delete", true, ada.id()).await()).isFalse();
    assertThat(customers.delete("other", false, ada.id()).await()).isFalse();
    assertThat(customers.delete("m_delete", false, ada.id()).await()).isTrue();
    assertThat(customers.delete("m_delete", false, ada.id()).await()).isFalse();

    assertThat(customers.find("m_delete", false, ada.id()).await().orElseThrow().deleted())
        .isTrue();
    assertThat(list("m_delete", page(10, null, null), null).items()).isEmpty();
    assertThat(list("m_delete", page(10, null, null), "ada@example.com").items()).isEmpty();
    assertThat(customers.update(changed(ada, Map.of()), null).await()).isFalse();
  }

  @Test
  void isBlindToOtherMerchantsAndTheOtherMode() {
    Customer ada = customer("m_mine", null);
    customers.create(ada, null).await();

    assertThat(customers.find("m_yours", false, ada.id()).await()).isEmpty();
    assertThat(customers.find("m_mine", true, ada.id()).await()).isEmpty();
    assertThat(list("m_yours", page(10, null, null), null).items()).isEmpty();
    assertThat(customers.list("m_mine", true, page(10, null, null), null).await().items())
        .isEmpty();
  }

  @Test
  void listsPageByPageNewestFirst() {
    var made = new ArrayList<Customer>();
    for (int i = 0; i < 5; i++) {
      made.addFirst(customer("m_page", null));
      customers.create(made.getFirst(), null).await();
    }

    var first = list("m_page", page(2, null, null), null);
    var next = list("m_page", page(2, made.get(1).publicId(), null), null);
    var last = list("m_page", page(2, made.get(3).publicId(), null), null);
    var back = list("m_page", page(2, null, made.get(4).publicId()), null);

    assertThat(first).isEqualTo(new Paged<>(made.subList(0, 2), true));
    assertThat(next).isEqualTo(new Paged<>(made.subList(2, 4), true));
    assertThat(last).isEqualTo(new Paged<>(made.subList(4, 5), false));
    assertThat(back).isEqualTo(new Paged<>(made.subList(2, 4), true));
  }

  @Test
  void listsWhatWasCreatedInARange() {
    Customer ada = customer("m_created", null);
    customers.create(ada, null).await();
    Instant created = IdSource.createdAt(ada.id());

    assertThat(list("m_created", created(created, null), null).items()).hasSize(1);
    assertThat(list("m_created", created(created.plusMillis(1), null), null).items()).isEmpty();
    assertThat(list("m_created", created(null, created.plusMillis(1)), null).items()).hasSize(1);
    assertThat(list("m_created", created(null, created), null).items()).isEmpty();
  }

  @Test
  void keepsTheFirstTwinOfACustomerPerAccount() {
    UUID id = ids.next();

    customers.addPspReference("m_twin", id, "acct_1", "cus_first").await();
    customers.addPspReference("m_twin", id, "acct_1", "cus_second").await();

    assertThat(customers.pspReference("m_twin", id, "acct_1").await()).contains("cus_first");
    assertThat(customers.pspReference("m_twin", id, "acct_2").await()).isEmpty();
  }

  private Paged<Customer> list(String merchantId, Page page, @Nullable String email) {
    return customers.list(merchantId, false, page, email).await();
  }

  private static Page page(int limit, @Nullable String after, @Nullable String before) {
    return new Page(limit, after, before, CreatedRange.ALL);
  }

  private static Page created(@Nullable Instant from, @Nullable Instant to) {
    return new Page(10, null, null, new CreatedRange(from, to));
  }

  private Customer customer(String merchantId, @Nullable String email) {
    Map<String, Object> said =
        email == null ? Map.of() : Map.of("email", email, "metadata", Map.of("n", "1"));
    return new Customer(merchantId, false, ids.next(), 1, false, new Parameters(said));
  }

  private static Customer changed(Customer customer, Map<String, Object> changes) {
    return new Customer(
        customer.merchantId(),
        customer.livemode(),
        customer.id(),
        customer.version() + 1,
        false,
        customer.parameters().with(new Parameters(changes)));
  }

  private static Write.KeyClaim claim(String merchantId, String key, String body) {
    var idempotency = new RequestContext.Idempotency(key, "/v1/customers", "print");
    var context =
        new RequestContext(merchantId, false, "req_1", "key_1", false, idempotency, List.of());
    return new Write.KeyClaim(context, idempotency, null, new Answer(200, body, false));
  }
}
