package psp.adyen;

import static org.assertj.core.api.Assertions.assertThat;
import static psp.Results.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import money.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import payments.DeclineCode;
import payments.OperationKind;
import psp.ClosedPort;
import psp.HostileServer;
import psp.PspCall;
import psp.PspCommand;
import psp.PspConnections;
import psp.PspResult;
import psp.PspResult.Accepted;
import psp.PspResult.Approved;
import psp.PspResult.Declined;
import psp.PspResult.NotSent;
import psp.PspResult.UnknownReason;
import psp.Sending;
import psp.Sendings;

/** Sending over real sockets: what goes out, and what each way of failing comes to. */
final class AdyenPspTest extends AdyenFixture {
  // ---- what goes out

  @Test
  void sendsTheStoredBytesWithTheKey() {
    server.answers(200, AUTHORISED);
    PspCall call = new PspCall("POST", "/v71/payments", "{\"zeta\": 1,  \"alpha\":\"ä\"}");

    assertThat(await(psp(LONG).send(authorize(call, 1))))
        .isInstanceOfSatisfying(
            Approved.class,
            approved -> assertThat(approved.amount()).isEqualTo(Money.of(1099, "usd")));

    HostileServer.Received received = server.received.getFirst();
    assertThat(received.method()).isEqualTo("POST");
    assertThat(received.uri()).isEqualTo("/v71/payments");
    assertThat(received.body()).isEqualTo(call.body());
    assertThat(received.headers())
        .containsEntry("Idempotency-Key", "key-1")
        .containsEntry("X-API-Key", API_KEY)
        .containsEntry("Content-Type", "application/json");
  }

  @Test
  void goesBelowThePathOfALiveAccountsAddress() {
    server.answers(200, AUTHORISED);
    await(psp(URI.create(server.uri() + "/checkout/"), LONG, 4, 4).send(authorize(1)));
    assertThat(server.received.getFirst().uri()).isEqualTo("/checkout/v71/payments");
  }

  @Test
  void aRepeatIsTheSameByteForByte() {
    server.answers(500, error("000"));
    AdyenPsp psp = psp(LONG);
    PspCall call = PspCall.ofStored(call().stored());
    for (int attempt = 1; attempt <= 3; attempt++) {
      await(psp.send(authorize(call, attempt)));
    }
    assertThat(server.received.stream().map(HostileServer.Received::body))
        .hasSize(3)
        .containsOnly(call.body());
    assertThat(server.received.stream().map(one -> one.headers().get("Idempotency-Key")))
        .containsOnly("key-1");
  }

  @ParameterizedTest
  @ValueSource(ints = {409, 422, 429, 500, 503})
  void neverRepeatsByItself(int status) {
    server.answers(status, error("704"));
    await(psp(LONG).send(authorize(1)));
    assertThat(server.received).hasSize(1);
  }

  @Test
  void modificationsAreAccepted() {
    server.answers(201, "{\"pspReference\":\"MOD1\",\"status\":\"received\"}");
    AdyenPsp psp = psp(LONG);
    PspCall call = psp.prepare(new PspCommand.VoidHold("sluice-void-1", "PSP1", null));
    assertThat(await(psp.send(Sendings.of(OperationKind.VOID, call, 1))))
        .isEqualTo(new Accepted("MOD1", null));
    assertThat(server.received.getFirst().uri()).isEqualTo("/v71/payments/PSP1/cancels");
  }

  @Test
  void whatAdyenCannotBeAskedIsRefusedWithoutACall() {
    AdyenPsp psp = psp(LONG);
    PspCall call = psp.prepare(Commands.plain("{broken").command());
    for (Future<PspResult> result :
        List.of(
            psp.send(authorize(call, 1)),
            psp.send(authorize(call, 2)),
            psp.lookup(authorize(call, 2)))) {
      assertThat(await(result))
          .isInstanceOfSatisfying(
              Declined.class,
              declined ->
                  assertThat(declined.decline().code()).isEqualTo(DeclineCode.REFUSED_BY_PSP));
    }
    assertThat(server.received).isEmpty();
  }

  // ---- look-ups

  @Test
  void looksUpByAskingTheSameAgain() {
    server.answers(200, AUTHORISED);
    assertThat(await(psp(LONG).lookup(known(OperationKind.AUTHORIZE, 3))))
        .isInstanceOf(Approved.class);
    HostileServer.Received received = server.received.getFirst();
    assertThat(received.body()).isEqualTo(call().body());
    assertThat(received.headers()).containsEntry("Idempotency-Key", "key-1");
  }

  @Test
  void neverSendsWhatAdyenMayNotHaveSeen() {
    server.answers(200, AUTHORISED);
    assertThat(reason(psp(LONG).lookup(authorize(3)))).isEqualTo(UnknownReason.NOT_FOUND);
    assertThat(server.received).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"CAPTURE", "VOID", "REFUND"})
  void neverRepeatsWhatWasTakenIn(OperationKind kind) {
    assertThat(reason(psp(LONG).lookup(known(kind, 2)))).isEqualTo(UnknownReason.NOT_FOUND);
    assertThat(server.received).isEmpty();
  }

  @Test
  void neverAsksAgainOnceTheKeyMayBeForgotten() {
    server.answers(200, AUTHORISED);
    AdyenPsp psp = psp(LONG);
    now = Sendings.BEGUN.plus(psp.idempotencyLifetime()).minusSeconds(60);
    assertThat(reason(psp.lookup(known(OperationKind.AUTHORIZE, 3))))
        .isEqualTo(UnknownReason.NOT_FOUND);
    assertThat(server.received).isEmpty();
  }

  @Test
  void cannotAskAboutWhatWasMadeInTheCustomerArea() {
    Sending sending = Sendings.of(OperationKind.REFUND, new PspCall("NONE", "/", ""), 1);
    assertThat(reason(psp(LONG).lookup(sending))).isEqualTo(UnknownReason.NOT_FOUND);
    assertThat(server.received).isEmpty();
  }

  @Test
  void aRefusedLookUpClosesNothing() {
    server.answers(422, error("101"));
    assertThat(reason(psp(LONG).lookup(known(OperationKind.AUTHORIZE, 1))))
        .isEqualTo(UnknownReason.UNREADABLE);
  }

  // ---- not sent, or perhaps sent

  @Test
  void aRefusedConnectionIsNotSentOnAFirstSendingOnly() throws IOException {
    try (var closed = new ClosedPort()) {
      AdyenPsp psp = psp(closed.uri(), LONG, 4, 4);
      assertThat(await(psp.send(authorize(1)))).isInstanceOf(NotSent.class);
      assertThat(reason(psp.send(authorize(2)))).isEqualTo(UnknownReason.NOT_ASKED);
      assertThat(reason(psp.lookup(known(OperationKind.AUTHORIZE, 1))))
          .isEqualTo(UnknownReason.NOT_ASKED);
    }
  }

  @Test
  void aHostWithoutAddressIsNotSent() {
    AdyenPsp psp = psp(URI.create("http://no-such-host.invalid"), LONG, 4, 4);
    assertThat(await(psp.send(authorize(1)))).isInstanceOf(NotSent.class);
  }

  @Test
  void aFailedTlsHandshakeIsNotSent() {
    URI plain = HostileServer.raw(vertx, socket -> socket.write("this is not TLS\r\n\r\n"));
    AdyenPsp psp = psp(URI.create("https://localhost:" + plain.getPort()), LONG, 4, 4);
    assertThat(await(psp.send(authorize(1)))).isInstanceOf(NotSent.class);
  }

  @Test
  void noRoomInThePoolIsNotSent() {
    server.hangs();
    AdyenPsp psp = psp(server.uri(), LONG, 1, 1);
    Future<PspResult> hanging = psp.send(authorize(1));
    awaitReceived(1);
    Future<PspResult> waiting = psp.send(authorize(1));
    Future<PspResult> refused = psp.send(authorize(1));
    assertThat(await(refused)).isInstanceOf(NotSent.class);
    assertThat(await(waiting)).as("waited for a connection in vain").isInstanceOf(NotSent.class);
    assertThat(hanging.isComplete()).isFalse();
    assertThat(server.received).hasSize(1);
  }

  @Test
  void silenceIsATimeout() {
    server.hangs();
    assertThat(reason(psp(SHORT).send(authorize(1)))).isEqualTo(UnknownReason.TIMEOUT);
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
    server.behaves(request -> late.add(() -> request.response().end(AUTHORISED)));
    AdyenPsp psp = psp(server.uri(), Duration.ofSeconds(4), 1, 4);
    assertThat(reason(psp.send(authorize(1)))).isEqualTo(UnknownReason.TIMEOUT);
    late.forEach(Runnable::run);
    server.answers(422, error("101"));
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
          request.response().putHeader("Content-Length", "5000").write("{\"pspReference\":");
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

  @ParameterizedTest
  @ValueSource(
      strings = {"", "null", "[]", "<html>", "{}", "{\"resultCode\":7}", "{\"pspReference\":\"P\""})
  void aSuccessThatIsNoAnswerOfAdyensIsGarbled(String body) {
    server.answers(200, body);
    assertThat(reason(psp(LONG).send(authorize(1)))).isEqualTo(UnknownReason.GARBLED);
  }

  @Test
  void anAnswerAboveTheLimitIsGarbled() {
    server.answers(200, " ".repeat(PspConnections.MAX_BODY_BYTES + 1));
    assertThat(reason(psp(LONG).send(authorize(1)))).isEqualTo(UnknownReason.GARBLED);
  }

  @Test
  void readsWhetherAnErrorPassesAndHowLongToWait() {
    server.behaves(
        request ->
            request
                .response()
                .setStatusCode(422)
                .putHeader("transient-error", "true")
                .putHeader("Retry-After", "9")
                .end(error("130")));
    assertThat(await(psp(LONG).send(authorize(1))).toString())
        .contains("PSP_ERROR")
        .contains("retry after 9");
  }

  // ---- threads

  @Test
  void answersOnTheCallersContext() {
    server.answers(200, AUTHORISED);
    AdyenPsp psp = psp(LONG);
    Promise<Boolean> same = Promise.promise();
    vertx.runOnContext(
        start -> {
          var context = Vertx.currentContext();
          psp.send(authorize(1))
              .onComplete(done -> same.complete(Vertx.currentContext() == context));
        });
    assertThat(await(same.future())).isTrue();
  }

  @Test
  void closingEndsCallsUnderWayAsUnknownAndTakesNoMore() {
    server.hangs();
    AdyenPsp psp = psp(LONG);
    Future<PspResult> hanging = psp.send(authorize(1));
    awaitReceived(1);
    await(psp.close());
    assertThat(reason(hanging)).isEqualTo(UnknownReason.CONNECTION_LOST);
    assertThat(await(psp.send(authorize(1)))).isInstanceOf(NotSent.class);
  }

  // ---- secrets

  @Test
  void secretsAppearInNoResult() {
    AdyenPsp psp = psp(SHORT);
    assertThat(settings(server.uri(), LONG, 1, 1).toString()).doesNotContain(API_KEY);
    List<Runnable> behaviours =
        List.of(
            () ->
                server.answers(
                    401,
                    "{\"errorCode\":\"000\",\"errorType\":\"security\",\"message\":\""
                        + API_KEY
                        + "\"}"),
            () -> server.answers(200, "garbage " + API_KEY),
            () -> server.answers(200, "{\"resultCode\":\"Charmed\",\"x\":\"" + API_KEY + "\"}"),
            () -> server.answers(500, "garbage " + API_KEY),
            () -> server.behaves(request -> request.connection().close()));
    for (Runnable behaviour : behaviours) {
      behaviour.run();
      for (int attempt : new int[] {1, 2}) {
        assertThat(await(psp.send(authorize(attempt))).toString()).doesNotContain(API_KEY);
        assertThat(await(psp.lookup(known(OperationKind.AUTHORIZE, attempt))).toString())
            .doesNotContain(API_KEY);
      }
    }
  }

  @Test
  void cardholdersComeBackThroughUs() {
    AdyenPsp psp = psp(LONG);
    assertThat(psp.authorizesOnlyByOurWord()).isTrue();
    assertThat(psp.returnParameters()).contains("redirectResult");
    assertThat(
            psp.prepare(
                    new PspCommand.CompleteAuthentication(
                        "sluice-complete_authentication-1", "PSP1", Map.of("redirectResult", "x")))
                .path())
        .isEqualTo("/v71/payments/details");
  }

  // ---- tools

  /** What Adyen has told its name of. */
  private static Sending known(OperationKind kind, int attempt) {
    Sending of = Sendings.of(kind, call(), attempt);
    return new Sending(
        of.accountId(),
        kind,
        of.operationId(),
        of.amount(),
        of.call(),
        of.idempotencyKey(),
        "PSP1",
        attempt,
        of.begunAt());
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
