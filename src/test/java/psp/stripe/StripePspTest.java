package psp.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static psp.Results.await;
import static psp.stripe.Answers.error;
import static psp.stripe.Answers.intent;

import com.stripe.Stripe;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import money.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import psp.ClosedPort;
import psp.HostileServer;
import psp.PspCall;
import psp.PspConnections;
import psp.PspResult;
import psp.PspResult.Approved;
import psp.PspResult.Declined;
import psp.PspResult.NotSent;
import psp.PspResult.UnknownReason;
import psp.Results;
import psp.Sending;
import psp.TransportFailure;

/** Sending over real sockets: what goes out, and what each way of failing comes to. */
final class StripePspTest extends StripeFixture {
  // ---- what goes out

  @Test
  void sendsTheStoredBytesWithTheKeyAndThePinnedVersion() {
    server.answers(200, intent("succeeded"));
    StripePsp psp = psp(LONG);
    PspCall call =
        new PspCall("POST", "/v1/payment_intents", "zeta=1&amount=1099&a[b]=%C3%A4+%26&empty=");

    assertThat(await(psp.send(authorize(call, 1))))
        .isInstanceOfSatisfying(
            Approved.class,
            approved -> assertThat(approved.amount()).isEqualTo(Money.of(1099, "usd")));

    HostileServer.Received received = server.received.getFirst();
    assertThat(received.method()).isEqualTo("POST");
    assertThat(received.uri()).isEqualTo("/v1/payment_intents");
    assertThat(received.body()).isEqualTo(call.body());
    assertThat(received.headers())
        .containsEntry("Idempotency-Key", "key-1")
        .containsEntry("Authorization", "Bearer " + SECRET)
        .containsEntry("Stripe-Version", Stripe.API_VERSION)
        .containsEntry("Accept", "application/json")
        .containsEntry("User-Agent", "Stripe/v1 JavaBindings/" + Stripe.VERSION);
    assertThat(received.headers().get("Content-Type"))
        .startsWith("application/x-www-form-urlencoded");
  }

  @Test
  void aRepeatIsTheSameByteForByte() {
    server.answers(500, error("api_error", ""));
    StripePsp psp = psp(LONG);
    PspCall call = PspCall.ofStored(prepared(psp).stored());
    for (int attempt = 1; attempt <= 3; attempt++) {
      await(psp.send(authorize(call, attempt)));
    }
    assertThat(server.received).hasSize(3);
    assertThat(server.received.stream().map(HostileServer.Received::body))
        .containsOnly(call.body());
    assertThat(server.received.stream().map(one -> one.headers().get("Idempotency-Key")))
        .containsOnly("key-1");
  }

  @ParameterizedTest
  @ValueSource(ints = {409, 429, 500, 503})
  void neverRepeatsByItself(int status) {
    server.answers(status, error("api_error", ""));
    await(psp(LONG).send(authorize(1)));
    assertThat(server.received).hasSize(1);
  }

  // ---- not sent, or perhaps sent

  @Test
  void aRefusedConnectionIsNotSentOnAFirstSendingOnly() throws IOException {
    try (var closed = new ClosedPort()) {
      StripePsp psp = psp(closed.uri(), LONG, 4, 4);
      assertThat(await(psp.send(authorize(1)))).isInstanceOf(NotSent.class);
      assertThat(reason(psp.send(authorize(2)))).isEqualTo(UnknownReason.NOT_ASKED);
      assertThat(reason(psp.lookup(authorize(1)))).isEqualTo(UnknownReason.NOT_ASKED);
    }
  }

  @Test
  void aHostWithoutAddressIsNotSent() {
    StripePsp psp = psp(URI.create("http://no-such-host.invalid"), LONG, 4, 4);
    assertThat(await(psp.send(authorize(1)))).isInstanceOf(NotSent.class);
  }

  @Test
  void aFailedTlsHandshakeIsNotSent() {
    URI plain = HostileServer.raw(vertx, socket -> socket.write("this is not TLS\r\n\r\n"));
    StripePsp psp = psp(URI.create("https://localhost:" + plain.getPort()), LONG, 4, 4);
    assertThat(await(psp.send(authorize(1)))).isInstanceOf(NotSent.class);
  }

  @Test
  void noRoomInThePoolIsNotSent() {
    server.hangs();
    StripePsp psp = psp(server.uri(), LONG, 1, 1);
    Future<PspResult> hanging = psp.send(authorize(1));
    awaitReceived(1);
    Future<PspResult> waiting = psp.send(authorize(1));
    assertThat(await(psp.send(authorize(1)))).isInstanceOf(NotSent.class);
    assertThat(await(waiting)).as("waited for a connection in vain").isInstanceOf(NotSent.class);
    assertThat(hanging.isComplete()).isFalse();
    assertThat(server.received).hasSize(1);
  }

  @Test
  void silenceIsATimeout() {
    server.hangs();
    StripePsp psp = psp(SHORT);
    assertThat(reason(psp.send(authorize(1)))).isEqualTo(UnknownReason.TIMEOUT);
    assertThat(server.received).hasSize(1);
  }

  @Test
  void anAnswerThatDoesNotEndIsATimeout() {
    server.behaves(
        request ->
            request.response().setStatusCode(200).putHeader("Content-Length", "50").write("{"));
    assertThat(reason(psp(SHORT).send(authorize(1)))).isEqualTo(UnknownReason.TIMEOUT);
  }

  @Test
  void aLateAnswerNeverMeetsTheNextCall() {
    List<Runnable> late = new CopyOnWriteArrayList<>();
    server.behaves(request -> late.add(() -> request.response().end(intent("succeeded"))));
    StripePsp psp = psp(server.uri(), Duration.ofSeconds(4), 1, 4);
    assertThat(reason(psp.send(authorize(1)))).isEqualTo(UnknownReason.TIMEOUT);
    late.forEach(Runnable::run);
    server.answers(402, error("card_error", ",\"code\":\"card_declined\""));
    assertThat(await(psp.send(authorize(1)))).isInstanceOf(Declined.class);
  }

  @Test
  void aConnectionThatBreaksBeforeTheAnswerIsLost() {
    server.behaves(request -> request.connection().close());
    assertThat(reason(psp(LONG).send(authorize(1)))).isEqualTo(UnknownReason.CONNECTION_LOST);
  }

  @Test
  void aConnectionThatBreaksWithinTheAnswerIsLost() {
    server.behaves(
        request -> {
          request.response().putHeader("Content-Length", "5000").write("{\"id\":");
          request.response().reset();
        });
    assertThat(reason(psp(LONG).send(authorize(1)))).isEqualTo(UnknownReason.CONNECTION_LOST);
  }

  @Test
  void aServerThatClosesAtOnceMayHaveReadTheRequest() {
    URI closing = HostileServer.raw(vertx, NetSocket::close);
    assertThat(reason(psp(closing, LONG, 4, 4).send(authorize(1))))
        .isEqualTo(UnknownReason.CONNECTION_LOST);
  }

  @Test
  void anAnswerThatIsNoHttpIsUnknown() {
    URI garbage =
        HostileServer.raw(
            vertx, socket -> socket.handler(read -> socket.write("blah blah\r\n\r\nblah")));
    assertThat(await(psp(garbage, LONG, 4, 4).send(authorize(1))))
        .isInstanceOf(PspResult.Unknown.class);
  }

  /** HTTP/1.1 lets any number of 1xx come before an answer; the client knows only two of them. */
  @Test
  void whatComesBeforeAnAnswerIsNeverTheNextCallsAnswer() {
    var connections = new AtomicInteger();
    URI early =
        HostileServer.raw(
            vertx,
            socket -> {
              connections.incrementAndGet();
              socket.handler(
                  read -> {
                    socket.write("HTTP/1.1 102 Processing\r\n\r\n");
                    vertx.setTimer(50, later -> socket.write(http(intent("succeeded"))));
                  });
            });
    StripePsp psp = psp(early, LONG, 1, 4);

    for (int call = 0; call < 3; call++) {
      assertThat(reason(psp.send(authorize(1)))).isEqualTo(UnknownReason.CONNECTION_LOST);
    }
    assertThat(connections).as("nothing is read over a connection twice").hasValue(3);
  }

  /** The next call may already wait for the connection, and be written as its end seems to come. */
  @Test
  void whatComesBeforeAnAnswerIsNeverTheAnswerOfACallThatWaits() {
    var arrived = new Semaphore(0);
    URI early = HostileServer.raw(vertx, socket -> answersInTurn(socket, arrived));
    for (int round = 0; round < 5; round++) {
      StripePsp psp = psp(early, LONG, 1, 4);
      Future<PspResult> first = psp.send(operation("first"));
      arrived.acquireUninterruptibly();
      Future<PspResult> second = psp.send(operation("second"));

      assertThat(reason(first)).isEqualTo(UnknownReason.CONNECTION_LOST);
      PspResult waited = await(second);
      if (waited instanceof Approved approved) {
        assertThat(approved.reference()).isEqualTo("pi_second");
      } else {
        assertThat(Results.reason(waited))
            .isIn(UnknownReason.CONNECTION_LOST, UnknownReason.UNREADABLE);
      }
    }
  }

  /** Answers in the order of what came, the first call with a 102 before. */
  private void answersInTurn(NetSocket socket, Semaphore arrived) {
    socket.handler(
        read -> {
          if (read.toString().endsWith("first")) {
            arrived.release();
            vertx.setTimer(50, soon -> socket.write("HTTP/1.1 102 Processing\r\n\r\n"));
            vertx.setTimer(100, later -> socket.write(http(intentOf("first"))));
          } else {
            vertx.setTimer(150, later -> socket.write(http(intentOf("second"))));
          }
        });
  }

  private static Sending operation(String id) {
    Sending plain = authorize(new PspCall("POST", "/v1/payment_intents", "amount=1099&d=" + id), 1);
    return new Sending(
        plain.accountId(),
        plain.kind(),
        id,
        plain.amount(),
        plain.call(),
        "key-" + id,
        null,
        1,
        plain.begunAt());
  }

  private static String intentOf(String id) {
    return intent("succeeded", ",\"metadata\":{\"operation_id\":\"" + id + "\"}")
        .replace("pi_psp", "pi_" + id);
  }

  private static String http(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  @Test
  void anAnswerAboutAnotherOperationIsNobodys() {
    server.answers(200, intent("succeeded", ",\"metadata\":{\"operation_id\":\"ch_other\"}"));

    assertThat(reason(psp(LONG).send(authorize(1)))).isEqualTo(UnknownReason.UNREADABLE);
  }

  @Test
  void aCallThatMeetsAClosedClientIsNotSent() {
    var connections =
        new PspConnections(
            vertx,
            new PspConnections.Options(
                "stripe_closed", Duration.ofSeconds(1), Duration.ofSeconds(2), 1, 1));
    await(connections.close());

    Throwable failure =
        await(
            connections
                .call(PspConnections.request(server.uri(), HttpMethod.GET, "/v1/x"), null)
                .map(answer -> (Throwable) new AssertionError("it was answered"))
                .otherwise(cause -> cause));

    assertThat(failure)
        .isInstanceOfSatisfying(
            TransportFailure.class,
            it -> assertThat(it.stage()).isEqualTo(TransportFailure.Stage.NOT_SENT));
    assertThat(server.received).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "<html>",
        "{}",
        "{\"object\":\"payment_intent\"}",
        "{\"object\":\"refund\",\"id\":\"re_1\",\"status\":\"succeeded\",\"amount\":1}",
        "{\"object\":\"payment_intent\",\"amount\":\"much\"}"
      })
  void aSuccessThatIsNoAnswerOfStripesIsGarbled(String body) {
    server.answers(200, body);
    assertThat(reason(psp(LONG).send(authorize(1)))).isEqualTo(UnknownReason.GARBLED);
  }

  @Test
  void anAnswerAboveTheLimitIsGarbled() {
    server.answers(200, " ".repeat(PspConnections.MAX_BODY_BYTES + 1));
    assertThat(reason(psp(LONG).send(authorize(1)))).isEqualTo(UnknownReason.GARBLED);
  }

  @Test
  void readsTheReplayHeader() {
    server.behaves(
        request ->
            request
                .response()
                .setStatusCode(400)
                .putHeader("Idempotent-Replayed", "true")
                .end(error("invalid_request_error", ",\"code\":\"amount_too_large\"")));
    assertThat(await(psp(LONG).send(authorize(2)))).isInstanceOf(Declined.class);
  }

  // ---- threads

  @Test
  void eventLoopsRunOnWhileManyCallsHang() {
    server.hangs();
    int calls = 200;
    StripePsp psp = psp(server.uri(), LONG, calls, calls);
    List<Future<PspResult>> hanging = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      hanging.add(psp.send(authorize(1)));
    }
    awaitReceived(calls);

    List<Future<Integer>> ticking = new ArrayList<>();
    for (int loop = 0; loop < 4; loop++) {
      Promise<Integer> ticked = Promise.promise();
      vertx.runOnContext(start -> tick(10, ticked));
      ticking.add(ticked.future());
    }
    ticking.forEach(ticks -> assertThat(await(ticks)).isZero());
    assertThat(hanging).noneMatch(Future::isComplete);
  }

  @Test
  void answersOnTheCallersContext() {
    server.answers(200, intent("succeeded"));
    StripePsp psp = psp(LONG);
    Promise<Boolean> same = Promise.promise();
    vertx.runOnContext(
        start -> {
          var context = Vertx.currentContext();
          psp.send(authorize(1))
              .onComplete(done -> same.complete(Vertx.currentContext() == context));
        });
    assertThat(await(same.future())).isTrue();
  }

  private void tick(int left, Promise<Integer> done) {
    if (left == 0) {
      done.complete(0);
    } else {
      vertx.setTimer(1, id -> tick(left - 1, done));
    }
  }

  @Test
  void closingEndsCallsUnderWayAsUnknownAndTakesNoMore() {
    server.hangs();
    StripePsp psp = psp(LONG);
    Future<PspResult> hanging = psp.send(authorize(1));
    awaitReceived(1);
    await(psp.close());
    assertThat(reason(hanging)).isEqualTo(UnknownReason.CONNECTION_LOST);
    assertThat(await(psp.send(authorize(1)))).isInstanceOf(NotSent.class);
  }

  // ---- secrets

  @Test
  void secretsAppearInNoResult() {
    StripePsp psp = psp(SHORT);
    assertThat(settings(server.uri(), LONG, 1, 1).toString()).doesNotContain(SECRET);
    List<Runnable> behaviours =
        List.of(
            () ->
                server.answers(
                    401, error("invalid_request_error", ",\"message\":\"" + SECRET + "\"")),
            () -> server.answers(200, "garbage " + SECRET),
            () -> server.answers(200, intent("charmed")),
            () -> server.answers(500, "garbage " + SECRET),
            () -> server.behaves(request -> request.connection().close()),
            server::hangs);
    for (Runnable behaviour : behaviours) {
      behaviour.run();
      for (int attempt : new int[] {1, 2}) {
        assertThat(await(psp.send(authorize(attempt))).toString())
            .doesNotContain(SECRET)
            .doesNotContain("pi_psp_secret_x");
        assertThat(await(psp.lookup(authorize(attempt))).toString())
            .doesNotContain(SECRET)
            .doesNotContain("pi_psp_secret_x");
      }
    }
  }

  // ---- tools

  private static PspCall prepared(StripePsp psp) {
    return psp.prepare(StripeCallsTest.authorize("pm_card_visa", null, Map.of()));
  }

  private void awaitReceived(int count) {
    Promise<Void> reached = Promise.promise();
    vertx.setPeriodic(
        5,
        id -> {
          if (server.received.size() >= count) {
            vertx.cancelTimer(id);
            reached.complete();
          }
        });
    await(reached.future());
  }
}
