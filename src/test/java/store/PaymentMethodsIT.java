package store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import payments.CardChecks;
import payments.CardDetails;
import payments.Command.CreatedRange;
import payments.Command.Page;
import payments.Command.Paged;
import payments.Customer;
import payments.IdSource;
import payments.Parameters;
import payments.PaymentMethod;
import store.PaymentMethods.Attached;
import support.TestDatabase;

/** Payment methods in PostgreSQL: whose each is, whatever happens side by side. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PaymentMethodsIT {
  private static final CardDetails VISA =
      new CardDetails("visa", "4242", 12, 2030, "credit", "US", "print", "visa");
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private final Vertx vertx = Vertx.vertx();
  private final Database database =
      Database.open(vertx, TestDatabase.create().options(), "test", 8);
  private final Customers customers = new Customers(database);
  private final PaymentMethods methods = new PaymentMethods(database);
  private final IdSource ids = new IdSource(Clock.systemUTC(), new Random(1));

  @AfterAll
  void close() {
    database.close().await();
    vertx.close().await();
  }

  @Test
  void attachesANewMethod() {
    PaymentMethod method = method("pm_new", customer(), VISA, "acct_1");

    assertThat(methods.attach(method).await()).isEqualTo(new Attached.Done(method));

    assertThat(methods.find("m_1", false, "pm_new").await()).contains(method);
  }

  @Test
  void attachesOverWhatIsKnownAndAddsTokens() {
    UUID customer = customer();
    PaymentMethod known = method("pm_known", customer, VISA, "acct_1");
    methods.attach(known).await();
    methods.detach(known, customer).await();

    methods.attach(method("pm_known", customer, null, "acct_2")).await();

    var found = methods.find("m_1", false, "pm_known").await().orElseThrow();
    assertThat(found.tokens()).containsOnlyKeys("acct_1", "acct_2");
    assertThat(found.card()).isEqualTo(VISA);
    assertThat(found.customerId()).isEqualTo(customer);
  }

  @Test
  void refusesWhatAnotherCustomerHas() {
    UUID owner = customer();
    methods.attach(method("pm_owned", owner, VISA, "acct_1")).await();

    assertThat(methods.attach(method("pm_owned", customer(), VISA, "acct_1")).await())
        .isEqualTo(new Attached.Taken());

    assertThat(methods.find("m_1", false, "pm_owned").await().orElseThrow().customerId())
        .isEqualTo(owner);
  }

  @Test
  void refusesACustomerThatIsNotThere() {
    UUID deleted = customer();
    customers.delete("m_1", false, deleted).await();

    assertThat(methods.attach(method("pm_none", ids.next(), VISA, "acct_1")).await())
        .isEqualTo(new Attached.NoCustomer());
    assertThat(methods.attach(method("pm_none", deleted, VISA, "acct_1")).await())
        .isEqualTo(new Attached.NoCustomer());
    assertThat(methods.find("m_1", false, "pm_none").await()).isEmpty();
  }

  @Test
  void givesOneMethodToOneOfManyCustomers() {
    var all = new ArrayList<Future<Attached>>();
    for (int i = 0; i < 10; i++) {
      all.add(methods.attach(method("pm_race", customer(), VISA, "acct_1")));
    }

    assertThat(Future.all(all).await().<Attached>list())
        .filteredOn(Attached.Done.class::isInstance)
        .hasSize(1);
  }

  @RepeatedTest(10)
  void neverLeavesAMethodWithADeletedCustomer() {
    UUID customer = customer();
    var attaching = new ArrayList<Future<Attached>>();
    for (int i = 0; i < 5; i++) {
      attaching.add(methods.attach(method("pm_" + customer + "_" + i, customer, VISA, "acct_1")));
    }
    Future<Boolean> deleting = customers.delete("m_1", false, customer);

    Future.all(attaching).await();
    assertThat(deleting.await()).isTrue();
    assertThat(list(customer, page(10, null, null)).items()).isEmpty();
  }

  @Test
  void detachesOnceAndOnlyFromItsOwner() {
    UUID owner = customer();
    PaymentMethod method = method("pm_detach", owner, VISA, "acct_1");
    methods.attach(method).await();

    assertThat(methods.detach(method, customer()).await()).isFalse();
    assertThat(methods.detach(method, owner).await()).isTrue();
    assertThat(methods.detach(method, owner).await()).isFalse();
  }

  @Test
  void learnsACardOnce() {
    PaymentMethod method = method("pm_learn", customer(), null, "acct_1");
    methods.attach(method).await();
    var checks = new CardChecks(null, "pass", "pass");
    var amex = new CardDetails("amex", "0005", 1, 2031, "credit", "US", null, null);

    methods.learnCard(method, VISA, checks).await();
    methods.learnCard(method, amex, CardChecks.NONE).await();

    var found = methods.find("m_1", false, "pm_learn").await().orElseThrow();
    assertThat(found.card()).isEqualTo(VISA);
    assertThat(found.checks()).isEqualTo(checks);
  }

  @Test
  void forgetsWhatComponentsGaveOnceItIsOld() {
    UUID customer = customer();
    Instant now = Instant.now();
    PaymentMethod old = at(tokens("pm_old", customer, "{\"type\":\"a\"}"), now.minusSeconds(90));
    PaymentMethod young = at(tokens("pm_young", customer, "{\"type\":\"b\"}"), now);
    PaymentMethod stored = at(tokens("pm_stored", customer, "shopper/8"), now.minusSeconds(90));
    List.of(old, young, stored).forEach(method -> methods.attach(method).await());

    assertThat(methods.forgetComponents(Duration.ofMinutes(1), 10).await()).isEqualTo(1);
    assertThat(methods.forgetComponents(Duration.ofMinutes(1), 10).await()).isZero();

    assertThat(methods.find("m_1", false, "pm_old").await().orElseThrow().tokens())
        .containsExactly(Map.entry("acct_2", "pm_kept"));
    assertThat(methods.find("m_1", false, "pm_young").await().orElseThrow().tokens()).hasSize(2);
    assertThat(methods.find("m_1", false, "pm_stored").await().orElseThrow().tokens()).hasSize(2);
  }

  /** A payment method that two accounts know, one of them by this token. */
  private PaymentMethod tokens(String id, UUID customer, String token) {
    PaymentMethod method = method(id, customer, VISA, "acct_1");
    return new PaymentMethod(
        method.merchantId(),
        method.livemode(),
        method.id(),
        method.createdAt(),
        method.customerId(),
        method.card(),
        method.checks(),
        Map.of("acct_1", token, "acct_2", "pm_kept"),
        method.parameters());
  }

  @Test
  void isBlindToOtherMerchantsAndTheOtherMode() {
    PaymentMethod method = method("pm_mine", customer(), VISA, "acct_1");
    methods.attach(method).await();

    assertThat(methods.find("m_2", false, "pm_mine").await()).isEmpty();
    assertThat(methods.find("m_1", true, "pm_mine").await()).isEmpty();
  }

  @Test
  void listsPageByPageNewestFirst() {
    UUID customer = customer();
    var made = new ArrayList<PaymentMethod>();
    for (int i = 0; i < 5; i++) {
      // Two of one moment: the id decides between them.
      var method = at(method("pm_page_" + i, customer, VISA, "acct_1"), NOON.plusSeconds(i / 2));
      made.addFirst(method);
      methods.attach(method).await();
    }

    assertThat(list(customer, page(2, null, null)))
        .isEqualTo(new Paged<>(made.subList(0, 2), true));
    assertThat(list(customer, page(2, "pm_page_3", null)))
        .isEqualTo(new Paged<>(made.subList(2, 4), true));
    assertThat(list(customer, page(2, "pm_page_1", null)))
        .isEqualTo(new Paged<>(made.subList(4, 5), false));
    assertThat(list(customer, page(2, null, "pm_page_0")))
        .isEqualTo(new Paged<>(made.subList(2, 4), true));
    assertThat(list(customer, page(2, "pm_unknown", null)).items()).isEmpty();
  }

  private Paged<PaymentMethod> list(UUID customer, Page page) {
    return methods.list("m_1", false, customer, page).await();
  }

  private static Page page(int limit, @Nullable String after, @Nullable String before) {
    return new Page(limit, after, before, CreatedRange.ALL);
  }

  private UUID customer() {
    UUID id = ids.next();
    customers.create(new Customer("m_1", false, id, 1, false, Parameters.EMPTY), null).await();
    return id;
  }

  private static PaymentMethod at(PaymentMethod method, Instant created) {
    return new PaymentMethod(
        method.merchantId(),
        method.livemode(),
        method.id(),
        created,
        method.customerId(),
        method.card(),
        method.checks(),
        method.tokens(),
        method.parameters());
  }

  private static PaymentMethod method(
      String id, UUID customer, @Nullable CardDetails card, String account) {
    return new PaymentMethod(
        "m_1",
        false,
        id,
        NOON,
        customer,
        card,
        CardChecks.NONE,
        Map.of(account, "token_" + id),
        new Parameters(Map.of("billing_details", Map.of("name", "Ada", "lines", List.of("1")))));
  }
}
