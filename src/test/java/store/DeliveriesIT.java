package store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import payments.Answer;
import payments.Command.CreatedRange;
import payments.Command.Page;
import payments.Delivery;
import payments.IdSource;
import payments.Parameters;
import payments.PublicId;
import payments.RequestContext;
import payments.WebhookEndpoint;
import store.DeliveryQueue.Places;
import store.DeliveryQueue.Result;
import store.WebhookEndpoints.Creation;
import support.Await;
import support.TestDatabase;

/** Webhook endpoints and deliveries in PostgreSQL. Each test has a merchant of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DeliveriesIT {
  private static final List<Integer> ALL_LANES = IntStream.range(0, Lanes.COUNT).boxed().toList();
  private static final UUID FIRST = new UUID(0, 0);
  private static final String URL = "https://example.com/hook";
  private static final String OTHER_URL = "https://example.com/other";
  private static final long MINUTE = 60_000;
  private static final long DAY = 24 * 60 * MINUTE;

  private final Vertx vertx = Vertx.vertx();
  private final TestDatabase server = TestDatabase.create();
  private final Database database = Database.open(vertx, server.options(), "test", 8);
  private final WebhookEndpoints endpoints = new WebhookEndpoints(database);
  private final Deliveries deliveries = new Deliveries(database);
  private final MerchantEvents events = new MerchantEvents(database);
  private final DeliveryQueue queue =
      new DeliveryQueue(vertx.getOrCreateContext(), database, new Batcher.Limits(64, 1, 1_000));
  private final IdSource ids = new IdSource(Clock.systemUTC(), new Random(1));

  @AfterAll
  void close() {
    database.close().await();
    vertx.close().await();
  }

  private WebhookEndpoint endpoint(String merchant) {
    return new WebhookEndpoint(
        merchant,
        false,
        ids.next(),
        URL,
        true,
        null,
        List.of("charge.failed", "charge.succeeded"),
        new Parameters(Map.of("description", "ours", "metadata", Map.of("a", "b"))),
        "sealed",
        null,
        null,
        1,
        null);
  }

  private WebhookEndpoint made(String merchant) {
    WebhookEndpoint endpoint = endpoint(merchant);
    assertThat(endpoints.create(endpoint, null).await()).isEqualTo(Creation.DONE);
    return endpoint;
  }

  private WebhookEndpoint now(WebhookEndpoint endpoint) {
    return endpoints.find(endpoint.merchantId(), false, endpoint.id()).await().orElseThrow();
  }

  private static WebhookEndpoint changed(WebhookEndpoint endpoint, boolean enabled) {
    return new WebhookEndpoint(
        endpoint.merchantId(),
        false,
        endpoint.id(),
        OTHER_URL,
        enabled,
        null,
        List.of("*"),
        endpoint.parameters(),
        "sealed-new",
        "sealed",
        Instant.parse("2026-01-01T00:00:00Z"),
        endpoint.version() + 1,
        null);
  }

  private static Write.@Nullable KeyClaim claim(String merchant, String key, String answer) {
    var asked = new RequestContext.Idempotency(key, "/v1/webhook_endpoints", "f");
    var context = new RequestContext(merchant, false, "req_1", "k", false, asked, List.of());
    return Write.KeyClaim.of(context, null, new Answer(200, answer, false));
  }

  /** Events on their way to an endpoint. */
  private List<UUID> due(WebhookEndpoint endpoint, int number) {
    var all = new ArrayList<UUID>();
    for (int i = 0; i < number; i++) {
      UUID event = ids.next();
      all.add(event);
      server.execute(
          "INSERT INTO delivery (merchant_id, endpoint_id, event_id, status) VALUES ('%s', '%s', '%s', 'pending')"
              .formatted(endpoint.merchantId(), endpoint.id(), event));
    }
    return all;
  }

  private List<Delivery> claim(WebhookEndpoint endpoint, int places) {
    return queue.claim(List.of(new Places(endpoint, places)), MINUTE).await();
  }

  private Delivery.Status record(Delivery delivery, @Nullable String error) {
    return queue
        .record(new Result(delivery, URL, 200, error, false, false, 1, DAY))
        .await()
        .orElseThrow();
  }

  private Delivery only(WebhookEndpoint endpoint) {
    List<Delivery> all = deliveries.list(of(endpoint), null, null, 10).await();
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  private static Deliveries.Filter of(WebhookEndpoint endpoint) {
    return new Deliveries.Filter(endpoint.merchantId(), endpoint.id(), null, null, null, null);
  }

  @Test
  void keepsAnEndpointAsItWasMadeAndChanged() {
    WebhookEndpoint endpoint = made("m_keep");
    assertThat(now(endpoint)).isEqualTo(endpoint);
    assertThat(endpoints.find("m_other", false, endpoint.id()).await()).isEmpty();
    assertThat(endpoints.find("m_keep", true, endpoint.id()).await()).isEmpty();

    WebhookEndpoint changed = changed(endpoint, true);
    assertThat(endpoints.update(changed, null).await()).isTrue();
    assertThat(now(endpoint)).isEqualTo(changed);
    assertThat(endpoints.update(changed, null).await()).as("over an old version").isFalse();
    assertThat(
            endpoints
                .list("m_keep", false, new Page(10, null, null, CreatedRange.ALL))
                .await()
                .items())
        .containsExactly(changed);
  }

  @Test
  void neverMakesMoreEndpointsThanTheLimitHoweverManyAskAtOnce() {
    var all = new ArrayList<Future<Creation>>();
    for (int i = 0; i < 40; i++) {
      all.add(endpoints.create(endpoint("m_limit"), claim("m_limit", "key-" + i, "answer")));
    }
    List<Creation> made = Future.all(all).await().list();
    assertThat(made).filteredOn(it -> it == Creation.DONE).hasSize(WebhookEndpoints.LIMIT);
    assertThat(made).filteredOn(it -> it == Creation.TOO_MANY).hasSize(40 - 16);
    assertThat(server.number("SELECT count(*) FROM idempotency_key WHERE merchant_id = 'm_limit'"))
        .isEqualTo(WebhookEndpoints.LIMIT);
  }

  @Test
  void makesOneEndpointUnderOneKey() {
    var all = new ArrayList<Future<Creation>>();
    for (int i = 0; i < 10; i++) {
      all.add(endpoints.create(endpoint("m_key"), claim("m_key", "key-1", "answer " + i)));
    }
    assertThat(Future.all(all).await().<Creation>list())
        .containsOnlyOnce(Creation.DONE)
        .doesNotContain(Creation.TOO_MANY);
  }

  @Test
  void givesWhatIsDueToOneClaimOnlyAndAgainWhenTheClaimRunsOut() {
    WebhookEndpoint endpoint = made("m_claim");
    due(endpoint, 5);
    assertThat(claim(endpoint, 2)).hasSize(2).allMatch(delivery -> delivery.attempts() == 1);
    var all = new ArrayList<Future<List<Delivery>>>();
    for (int i = 0; i < 8; i++) {
      all.add(queue.claim(List.of(new Places(endpoint, 5)), MINUTE));
    }
    assertThat(
            Future.all(all).await().<List<Delivery>>list().stream()
                .flatMap(List::stream)
                .map(Delivery::eventId))
        .hasSize(3)
        .doesNotHaveDuplicates();
    assertThat(claim(endpoint, 5)).isEmpty();
    server.execute("UPDATE delivery SET due_at = now() WHERE merchant_id = 'm_claim'");
    assertThat(claim(endpoint, 5)).hasSize(5).allMatch(delivery -> delivery.attempts() == 2);
  }

  @Test
  void beginsAnewAtAnotherAddress() {
    WebhookEndpoint endpoint = made("m_moved");
    WebhookEndpoint other = made("m_moved");
    for (WebhookEndpoint each : List.of(endpoint, other)) {
      due(each, 1);
      Delivery delivery = claim(each, 1).getFirst();
      queue
          .record(new Result(delivery, URL, 500, "answered 500", false, false, DAY, 3 * DAY))
          .await();
      assertThat(claim(each, 1)).as("not due for a day").isEmpty();
      assertThat(now(each).failingSince()).isNotNull();
    }

    WebhookEndpoint moved = changed(now(endpoint), true);
    assertThat(endpoints.update(moved, null).await()).isTrue();
    assertThat(now(endpoint).failingSince()).isNull();
    assertThat(claim(endpoint, 1)).hasSize(1);
    assertThat(now(other).failingSince()).as("another endpoint").isNotNull();
    assertThat(claim(other, 1)).isEmpty();
  }

  @Test
  void keepsFailingAtTheSameAddressWhateverElseIsChanged() {
    WebhookEndpoint endpoint = made("m_stays");
    endpoints.update(changed(endpoint, true), null).await();
    due(endpoint, 1);
    Delivery delivery = claim(endpoint, 1).getFirst();
    queue
        .record(new Result(delivery, OTHER_URL, 500, "answered 500", false, false, DAY, 3 * DAY))
        .await();

    endpoints.update(changed(now(endpoint), true), null).await();
    assertThat(now(endpoint).failingSince()).isNotNull();
    assertThat(claim(endpoint, 1)).isEmpty();
  }

  @Test
  void takesNoEndpointForFailingByAnAttemptThatCountsNoMore() {
    WebhookEndpoint endpoint = made("m_superseded");
    due(endpoint, 1);
    Delivery first = claim(endpoint, 1).getFirst();
    server.execute("UPDATE delivery SET due_at = now() WHERE merchant_id = 'm_superseded'");
    assertThat(record(claim(endpoint, 1).getFirst(), null)).isEqualTo(Delivery.Status.DELIVERED);

    assertThat(failed(first, URL)).as("the claim had run out").isEmpty();
    assertThat(now(endpoint).failingSince()).isNull();
  }

  @Test
  void takesNoEndpointForFailingByAnAddressThatItHasLeft() {
    WebhookEndpoint endpoint = made("m_left");
    due(endpoint, 2);
    List<Delivery> sent = claim(endpoint, 2);
    assertThat(endpoints.update(changed(endpoint, true), null).await()).isTrue();

    assertThat(failed(sent.getFirst(), URL)).isEmpty();
    assertThat(now(endpoint).failingSince()).isNull();
    assertThat(claim(endpoint, 2)).as("is due at the new address, still").hasSize(2);

    // Nor does what the old address takes after all say that the new one is well.
    failed(claimedAgain("m_left", endpoint), OTHER_URL);
    assertThat(now(endpoint).failingSince()).isNotNull();
    Delivery other = claimedAgain("m_left", endpoint);
    assertThat(queue.record(new Result(other, URL, 200, null, false, false, 1, DAY)).await())
        .contains(Delivery.Status.DELIVERED);
    assertThat(now(endpoint).failingSince()).isNotNull();
  }

  private Optional<Delivery.Status> failed(Delivery delivery, String url) {
    return queue
        .record(new Result(delivery, url, null, "timed out", false, false, DAY, 3 * DAY))
        .await();
  }

  private Delivery claimedAgain(String merchant, WebhookEndpoint endpoint) {
    server.execute(
        "UPDATE delivery SET due_at = now() WHERE merchant_id = '%s'".formatted(merchant));
    return claim(endpoint, 1).getFirst();
  }

  @Test
  void looksAtEndpointsWithSomethingDueAndAtNoOthers() {
    WebhookEndpoint busy = made("m_due");
    WebhookEndpoint idle = made("m_due");
    WebhookEndpoint off = made("m_due");
    due(busy, 1);
    due(off, 1);
    endpoints.update(changed(off, false), null).await();
    assertThat(waiting(FIRST, List.of())).contains(busy.id()).doesNotContain(idle.id(), off.id());
    assertThat(waiting(FIRST, List.of(busy.id()))).doesNotContain(busy.id());
    assertThat(waiting(busy.id(), List.of())).doesNotContain(busy.id());
    assertThat(queue.waiting(List.of(), FIRST, List.of(), 10).await()).isEmpty();
    endpoints.update(changed(now(off), true), null).await();
    assertThat(waiting(FIRST, List.of())).contains(off.id());
  }

  private List<UUID> waiting(UUID after, List<UUID> full) {
    return queue.waiting(ALL_LANES, after, full, 100).await().stream()
        .map(WebhookEndpoint::id)
        .toList();
  }

  @Test
  void recordsWhatBecameOfAnAttempt() {
    WebhookEndpoint endpoint = made("m_record");
    due(endpoint, 1);
    assertThat(record(claim(endpoint, 1).getFirst(), "answered 500"))
        .isEqualTo(Delivery.Status.PENDING);
    Delivery failed = only(endpoint);
    assertThat(failed.lastError()).isEqualTo("answered 500");
    assertThat(failed.dueAt()).isNotNull();
    assertThat(now(endpoint).failingSince()).isNotNull();

    server.execute("UPDATE delivery SET due_at = now() WHERE merchant_id = 'm_record'");
    Delivery again = claim(endpoint, 1).getFirst();
    assertThat(record(again, null)).isEqualTo(Delivery.Status.DELIVERED);
    Delivery delivered = only(endpoint);
    assertThat(delivered.status()).isEqualTo(Delivery.Status.DELIVERED);
    assertThat(delivered.deliveredAt()).isNotNull();
    assertThat(delivered.dueAt()).isNull();
    assertThat(delivered.lastError()).isNull();
    assertThat(now(endpoint).failingSince()).isNull();
    // A result that comes late is of an attempt that counts no more.
    assertThat(queue.record(new Result(again, URL, 500, "late", false, false, 1, DAY)).await())
        .isEmpty();
  }

  @Test
  void givesUpWhatWasNotDeliveredForSoLong() {
    WebhookEndpoint endpoint = made("m_give_up");
    due(endpoint, 1);
    server.execute(
        "UPDATE delivery SET retry_since = now() - interval '2 days' WHERE merchant_id ="
            + " 'm_give_up'");
    // Counted from when the endpoint was enabled, where that is later.
    assertThat(record(claim(endpoint, 1).getFirst(), "no")).isEqualTo(Delivery.Status.PENDING);
    server.execute(
        """
        UPDATE webhook_endpoint SET enabled_at = now() - interval '2 days' WHERE merchant_id = 'm_give_up';
        UPDATE delivery SET due_at = now() WHERE merchant_id = 'm_give_up'
        """);
    assertThat(record(claim(endpoint, 1).getFirst(), "no")).isEqualTo(Delivery.Status.FAILED);
    assertThat(claim(endpoint, 1)).isEmpty();
  }

  @Test
  void sendsAgainWhatAnOperatorAsksForAndARepeatChangesNothing() {
    WebhookEndpoint endpoint = made("m_again");
    List<UUID> sent = due(endpoint, 3);
    claim(endpoint, 3)
        .forEach(
            delivery ->
                queue.record(new Result(delivery, URL, 500, "no", true, true, 1, DAY)).await());
    assertThat(deliveries.counts(of(endpoint)).await())
        .containsExactly(new Deliveries.Count(Delivery.Status.FAILED, 3));
    assertThat(now(endpoint).failingSince()).as("it was no fault of the endpoint").isNull();

    assertThat(deliveries.resend("m_again", endpoint.id(), sent.getFirst()).await()).isTrue();
    assertThat(deliveries.resend("m_again", endpoint.id(), sent.getFirst()).await()).isFalse();
    assertThat(deliveries.resendMany(of(endpoint), Delivery.Status.FAILED, 1).await()).isEqualTo(1);
    assertThat(deliveries.resendMany(of(endpoint), Delivery.Status.FAILED, 10).await())
        .isEqualTo(1);
    assertThat(deliveries.resendMany(of(endpoint), Delivery.Status.FAILED, 10).await()).isZero();
    assertThat(claim(endpoint, 10)).hasSize(3).allMatch(delivery -> delivery.attempts() == 1);
  }

  @Test
  void pullsForwardWhatWaitsAndSendsAgainWhatWasDelivered() {
    WebhookEndpoint endpoint = made("m_forward");
    List<UUID> sent = due(endpoint, 4);
    List<Delivery> claimed = claim(endpoint, 3);
    record(claimed.getFirst(), null);
    for (Delivery waits : claimed.subList(1, 3)) {
      queue.record(new Result(waits, URL, 503, "answered 503", false, false, DAY, 3 * DAY)).await();
    }
    assertThat(resend(of(endpoint), Delivery.Status.PENDING)).as("may be in flight").isZero();
    server.execute(
        "UPDATE delivery SET attempted_at = now() - interval '3 minutes' WHERE merchant_id ="
            + " 'm_forward'");
    Deliveries.Filter all = of(endpoint);
    assertThat(deliveries.resendable(all, Delivery.Status.PENDING).await()).isEqualTo(2);
    assertThat(resend(answered(endpoint, 500, null), Delivery.Status.PENDING)).isZero();
    assertThat(resend(answered(endpoint, null, "timed out"), Delivery.Status.PENDING)).isZero();
    assertThat(resend(answered(endpoint, 503, "answered 5"), Delivery.Status.PENDING)).isEqualTo(2);
    assertThat(resend(all, Delivery.Status.PENDING)).as("it is due already").isZero();

    assertThat(resend(all, Delivery.Status.DELIVERED)).isEqualTo(1);
    assertThat(claim(endpoint, 10))
        .extracting(Delivery::eventId)
        .containsExactlyInAnyOrderElementsOf(sent);
  }

  private int resend(Deliveries.Filter filter, Delivery.Status status) {
    return deliveries.resendMany(filter, status, 10).await();
  }

  private static Deliveries.Filter answered(
      WebhookEndpoint endpoint, @Nullable Integer status, @Nullable String error) {
    return new Deliveries.Filter(
        endpoint.merchantId(), endpoint.id(), null, null, null, null, status, error);
  }

  @Test
  void listsByFiltersAPageAtATime() {
    WebhookEndpoint endpoint = made("m_list");
    List<UUID> sent = due(endpoint, 5);
    var seen = new ArrayList<UUID>();
    Delivery last = null;
    do {
      List<Delivery> page = deliveries.list(of(endpoint), null, last, 2).await();
      page.forEach(delivery -> seen.add(delivery.eventId()));
      last = page.isEmpty() ? null : page.getLast();
    } while (last != null);
    assertThat(seen).containsExactlyElementsOf(sent.reversed());
    assertThat(deliveries.list(of(endpoint), Delivery.Status.FAILED, null, 10).await()).isEmpty();
    var event =
        new Deliveries.Filter("m_list", null, sent.get(2), null, Instant.EPOCH, Instant.now());
    assertThat(deliveries.list(event, Delivery.Status.PENDING, null, 10).await()).hasSize(1);
  }

  @Test
  void disablesAnEndpointWhereEverythingFailedAndTellsTheOthers() {
    WebhookEndpoint dead = made("m_dead");
    WebhookEndpoint other = made("m_dead");
    endpoints.update(changed(other, true), null).await();
    server.execute(
        "UPDATE webhook_endpoint SET failing_since = now() - interval '2 days', failed_at = now() WHERE endpoint_id = '%s'"
            .formatted(dead.id()));
    WebhookEndpoint exhausted = exhausted(dead).orElseThrow();
    UUID event = ids.next();
    assertThat(endpoints.disable(exhausted, "all failed", event, DAY).await()).isTrue();
    assertThat(endpoints.disable(exhausted, "all failed", ids.next(), DAY).await()).isFalse();

    assertThat(now(dead).enabled()).isFalse();
    assertThat(now(dead).disabledReason()).isEqualTo("all failed");
    Delivery told = only(other);
    assertThat(told.eventId()).isEqualTo(event);
    MerchantEvents.Told shown = events.find("m_dead", false, event, 3_600).await().orElseThrow();
    assertThat(shown.event().type()).isEqualTo(WebhookEndpoint.DISABLED_EVENT);
    assertThat(shown.pendingWebhooks()).isEqualTo(1);
    WebhookEndpoint kept = java.util.Objects.requireNonNull(shown.endpoint());
    assertThat(kept.id()).isEqualTo(dead.id());
    assertThat(kept.secret()).isEmpty();
    assertThat(
            server.number("SELECT count(*) FROM merchant_event WHERE object::text LIKE '%sealed%'"))
        .isZero();
  }

  private Optional<WebhookEndpoint> exhausted(WebhookEndpoint endpoint) {
    return endpoints.exhausted(ALL_LANES, DAY).await().stream()
        .filter(it -> it.id().equals(endpoint.id()))
        .findFirst();
  }

  @Test
  void disablesNoEndpointThatFailedOnceAndWasNotTriedSince() {
    WebhookEndpoint quiet = made("m_quiet");
    due(quiet, 1);
    failed(claim(quiet, 1).getFirst(), URL);
    server.execute(
        """
        UPDATE webhook_endpoint SET failing_since = failing_since - interval '2 days',
          failed_at = failed_at - interval '2 days' WHERE merchant_id = 'm_quiet'
        """);
    assertThat(exhausted(quiet)).as("two days of silence").isEmpty();
    assertThat(endpoints.disable(now(quiet), "all failed", ids.next(), DAY).await()).isFalse();

    failed(claimedAgain("m_quiet", quiet), URL);
    assertThat(exhausted(quiet)).as("it fails still").isPresent();
  }

  @Test
  void listsNoEventThatOneWithALowerIdMayStillFollow() {
    Instant start = Instant.now().minusSeconds(60);
    UUID early = IdSource.lowestAt(start);
    UUID late = IdSource.lowestAt(start.plusSeconds(20));
    UUID overtook = IdSource.lowestAt(start.plusSeconds(21));
    event("m_cursor", early);
    event("m_cursor", overtook);
    assertThat(listed("m_cursor", null, start.plusSeconds(19))).containsExactly(early);

    // Committed after the one that was drawn later, by another node perhaps.
    event("m_cursor", late);
    assertThat(listed("m_cursor", early, start.plusSeconds(30)))
        .as("who goes on from what was listed misses nothing")
        .containsExactly(overtook, late);
  }

  private void event(String merchant, UUID id) {
    server.execute(
        """
        INSERT INTO merchant_event (merchant_id, event_id, livemode, type, created_at)
        VALUES ('%s', '%s', false, 'charge.failed', now())
        """
            .formatted(merchant, id));
  }

  private List<UUID> listed(String merchant, @Nullable UUID endingBefore, Instant until) {
    var page =
        new Page(
            10,
            null,
            endingBefore == null ? null : PublicId.EVENT.of(endingBefore),
            CreatedRange.ALL);
    return events
        .list(
            merchant, false, page, MerchantEvents.Filter.ALL, new MerchantEvents.Kept(3_600, until))
        .await()
        .items()
        .stream()
        .map(told -> told.event().id())
        .toList();
  }

  @Test
  void givesUpWhatIsOnItsWayToAnEndpointThatIsDeleted() {
    WebhookEndpoint endpoint = made("m_delete");
    due(endpoint, 2);
    assertThat(endpoints.delete("m_other", false, endpoint.id()).await()).isFalse();
    assertThat(endpoints.delete("m_delete", false, endpoint.id()).await()).isTrue();
    assertThat(endpoints.delete("m_delete", false, endpoint.id()).await()).isFalse();
    assertThat(deliveries.counts(of(endpoint)).await())
        .containsExactly(new Deliveries.Count(Delivery.Status.FAILED, 2));
    assertThat(deliveries.resendMany(of(endpoint), Delivery.Status.FAILED, 10).await()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void recordsAnAttemptWhileItsEndpointIsChangedAndNeitherWaitsInARing(boolean goesThrough)
      throws SQLException {
    String merchant = "m_ring_" + goesThrough;
    WebhookEndpoint endpoint = made(merchant);
    due(endpoint, 1);
    Delivery delivery = claim(endpoint, 1).getFirst();
    String ofMerchant = " WHERE merchant_id = '" + merchant + "'";
    server.execute("UPDATE webhook_endpoint SET failing_since = now()" + ofMerchant);
    Future<Optional<Delivery.Status>> recorded;
    try (var changing = server.connect();
        var statement = changing.createStatement()) {
      changing.setAutoCommit(false);
      // In the order of a change at another address.
      statement.execute("UPDATE webhook_endpoint SET version = version + 1" + ofMerchant);
      String error = goesThrough ? null : "answered 500";
      recorded = queue.record(new Result(delivery, URL, 200, error, false, false, 1, DAY));
      Await.until("the record waits for the change", () -> waitingForLocks() == 1);
      statement.execute("UPDATE delivery SET due_at = now()" + ofMerchant);
      changing.commit();
    }
    assertThat(recorded.await())
        .contains(goesThrough ? Delivery.Status.DELIVERED : Delivery.Status.PENDING);
    assertThat(now(endpoint).failingSince() == null).isEqualTo(goesThrough);
  }

  private long waitingForLocks() {
    return server.number(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND"
            + " wait_event_type = 'Lock'");
  }

  @Test
  void takesNoFailureForOneOfTheAddressThatItsEndpointIsJustGiven() throws SQLException {
    WebhookEndpoint endpoint = made("m_moving");
    due(endpoint, 1);
    Delivery delivery = claim(endpoint, 1).getFirst();
    Future<Optional<Delivery.Status>> recorded;
    try (var changing = server.connect();
        var statement = changing.createStatement()) {
      changing.setAutoCommit(false);
      statement.execute(
          "UPDATE webhook_endpoint SET url = '"
              + OTHER_URL
              + "' WHERE merchant_id = 'm_moving'; UPDATE delivery SET due_at = now()"
              + " WHERE merchant_id = 'm_moving'");
      recorded =
          queue.record(new Result(delivery, URL, 500, "answered 500", false, false, DAY, 3 * DAY));
      Await.until("the record waits for the change", () -> waitingForLocks() == 1);
      changing.commit();
    }
    assertThat(recorded.await()).isEmpty();
    assertThat(now(endpoint).failingSince()).isNull();
    assertThat(claim(endpoint, 1)).as("is due at the new address").hasSize(1);
  }

  @Test
  void changesAndDeletesAnEndpointWithoutWaitingForWhatIsBeingRecorded() throws SQLException {
    WebhookEndpoint endpoint = made("m_recording");
    UUID recorded = due(endpoint, 2).getFirst();
    claim(endpoint, 2);
    try (var recording = server.connect();
        var statement = recording.createStatement()) {
      recording.setAutoCommit(false);
      statement.execute(
          "UPDATE delivery SET last_status = 200 WHERE event_id = '" + recorded + "'");
      assertThat(endpoints.update(changed(endpoint, true), null).await()).isTrue();
      assertThat(claim(endpoint, 2)).as("the other is due at the new address").hasSize(1);
      assertThat(endpoints.delete("m_recording", false, endpoint.id()).await()).isTrue();
      recording.commit();
    }
    assertThat(deliveries.list(of(endpoint), Delivery.Status.FAILED, null, 10).await()).hasSize(1);
  }

  @Test
  void measuresWhatWaitsAndTrimsWhatIsOld() {
    WebhookEndpoint endpoint = made("m_trim");
    due(endpoint, 3);
    int lane = Lanes.of(endpoint.id());
    long before = queue.backlog(List.of(lane)).await().pending();
    assertThat(before).isGreaterThanOrEqualTo(3);
    server.execute(
        """
        UPDATE delivery SET created_at = now() - interval '40 days' WHERE merchant_id = 'm_trim';
        INSERT INTO merchant_event (merchant_id, event_id, livemode, type, created_at)
        VALUES ('m_trim', gen_random_uuid(), false, 'charge.failed', now() - interval '40 days')
        """);
    assertThat(queue.backlog(List.of(lane)).await().oldestSeconds()).isGreaterThan(30.0 * 86_400);
    assertThat(deliveries.trim(30 * 86_400, 2).await()).isEqualTo(2);
    assertThat(deliveries.trim(30 * 86_400, 2).await()).isEqualTo(1);
    assertThat(events.trim(30 * 86_400, 2).await()).isEqualTo(1);
    assertThat(deliveries.counts(of(endpoint)).await()).isEmpty();
  }
}
