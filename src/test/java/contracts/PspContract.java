package contracts;

import static psp.Results.await;

import contracts.Asking.Wire;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import money.Money;
import org.jspecify.annotations.Nullable;
import payments.OperationKind;
import psp.ClosedPort;
import psp.HostileServer;
import psp.HostileServer.Received;
import psp.Psp;
import psp.PspCall;
import psp.PspCommand;
import psp.PspResult;
import psp.Sending;

/**
 * Brings one adapter into one situation after the other and says what came of it: its result, and
 * whatever it did that no adapter may do.
 */
final class PspContract implements AutoCloseable {
  private static final Duration PATIENT = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofSeconds(2);
  private static final Duration LONGER_THAN_ANY_KEY_LIVES = Duration.ofDays(60);
  private static final Money AMOUNT = Money.of(1099, "usd");
  private static final String KEY = "key-1";

  /** What lets go by our key, where no id is known. */
  private static final Set<Situation> BY_OUR_KEY =
      EnumSet.range(Situation.LET_GO_BY_OUR_KEY, Situation.RELEASE_BY_OUR_KEY_MEETS_A_BAD_KEY);

  /** What gives back all of it, taken or only held. */
  private static final Set<Situation> REVERSALS =
      EnumSet.range(Situation.REVERSED, Situation.REVERSAL_OF_UNKNOWN_STATUS);

  private final Vertx vertx = Vertx.vertx();
  private final ClosedPort nobody = new ClosedPort();
  private final Dialect dialect;

  PspContract(Dialect dialect) throws IOException {
    this.dialect = dialect;
  }

  /** What an adapter makes of a situation. */
  String outcome(Situation situation) {
    Asking asking = situation.asking;
    HostileServer server = server(situation);
    boolean refused = asking.wire() == Wire.REFUSES_CONNECTIONS;
    Duration patience = asking.wire() == Wire.NEVER_ANSWERS ? SHORT : PATIENT;
    var adapter = dialect.adapter(vertx, refused ? nobody.uri() : server.uri(), patience);
    try {
      Sending sending = sending(situation, prepared(adapter.psp(), command(situation)), KEY);
      PspResult result = await(called(adapter.psp(), asking, sending));
      String told = Words.of(asking.kind(), result) + ids(situation, result);
      return refused ? told : told + conduct(asking, sending, server.received);
    } finally {
      await(adapter.close().get());
    }
  }

  /** The key, as the PSP gets it, of a sending under one of ours. */
  String keySent(String ours) {
    HostileServer server = server(Situation.TAKEN_AT_ONCE);
    var adapter = dialect.adapter(vertx, server.uri(), PATIENT);
    try {
      PspCall call = prepared(adapter.psp(), command(Situation.TAKEN_AT_ONCE));
      await(adapter.psp().send(sending(Situation.TAKEN_AT_ONCE, call, ours)));
      return key(server.received.getFirst());
    } finally {
      await(adapter.close().get());
    }
  }

  /** Whether an adapter tells the core of itself what the dialect does. */
  boolean saysWhatItDoes() {
    var adapter = dialect.adapter(vertx, nobody.uri(), PATIENT);
    try {
      Psp psp = adapter.psp();
      return psp.authorizesOnlyByOurWord()
              == dialect.traits().contains(Trait.AUTHORIZES_ONLY_BY_OUR_WORD)
          && psp.returnParameters().containsAll(dialect.brought().keySet())
          && psp.recognizes(dialect.token())
          && !psp.recognizes(dialect.foreignToken())
          && psp.idempotencyLifetime().compareTo(LONGER_THAN_ANY_KEY_LIVES) < 0;
    } finally {
      await(adapter.close().get());
    }
  }

  private static Future<PspResult> called(Psp psp, Asking asking, Sending sending) {
    return asking.question() ? psp.lookup(sending) : psp.send(sending);
  }

  /** As it is read back from the log; equal commands have to make equal bytes. */
  private static PspCall prepared(Psp psp, PspCommand command) {
    PspCall call = psp.prepare(command);
    if (!psp.prepare(command).equals(call)) {
      throw new AssertionError("another request for the same command: " + command);
    }
    return PspCall.ofStored(call.stored());
  }

  // ---- what the PSP does

  private HostileServer server(Situation situation) {
    HostileServer server = HostileServer.start(vertx);
    server.behaves(behaviour(situation));
    return server;
  }

  private Consumer<HttpServerRequest> behaviour(Situation situation) {
    return switch (situation.asking.wire()) {
      case NEVER_ANSWERS, REFUSES_CONNECTIONS -> request -> {};
      case BREAKS_BEFORE_THE_ANSWER -> request -> request.connection().close();
      case BREAKS_WITHIN_THE_ANSWER ->
          request -> {
            request.response().putHeader("Content-Length", "5000").write("{\"id\":");
            request.response().reset();
          };
      case ANSWERS_A_PAGE -> answering(Dialect.Reply.of(403, "<html>Who are you?</html>"));
      case ANSWERS_GARBAGE -> answering(Dialect.Reply.of(200, "\u0000\u0001 {{{"));
      case ANSWERS_NOTHING -> answering(Dialect.Reply.of(200, "{}"));
      case ANSWERS -> answering(dialect.reply(situation));
    };
  }

  private static Consumer<HttpServerRequest> answering(Dialect.Reply reply) {
    return request -> {
      reply.headers().forEach(request.response()::putHeader);
      request.response().setStatusCode(reply.status()).end(reply.body());
    };
  }

  // ---- what is asked for

  private PspCommand command(Situation situation) {
    OperationKind kind = situation.asking.kind();
    String id = Dialect.key(kind);
    String authorization = dialect.reference(OperationKind.AUTHORIZE);
    return switch (kind) {
      case AUTHORIZE ->
          new PspCommand.Authorize(
              id,
              AMOUNT,
              situation != Situation.HELD,
              dialect.token(),
              null,
              null,
              false,
              false,
              null,
              null,
              null,
              null,
              null,
              null,
              "https://shop.test/back",
              Map.of(),
              Map.of());
      case COMPLETE_AUTHENTICATION ->
          new PspCommand.CompleteAuthentication(
              id,
              authorization,
              situation == Situation.NOTHING_BROUGHT
                  ? Map.of("nothing", "that it knows")
                  : dialect.brought());
      case CAPTURE -> new PspCommand.Capture(id, authorization, amount(situation));
      case VOID ->
          BY_OUR_KEY.contains(situation)
              ? new PspCommand.VoidByKey(id, Dialect.key(OperationKind.AUTHORIZE))
              : new PspCommand.VoidHold(id, authorization, null);
      case REFUND ->
          REVERSALS.contains(situation)
              ? new PspCommand.Reverse(id, authorization, AMOUNT)
              : new PspCommand.Refund(id, authorization, amount(situation), null);
    };
  }

  private static Money amount(Situation situation) {
    return situation == Situation.CAPTURED_IN_PART || situation == Situation.REFUNDED_IN_PART
        ? AMOUNT.withMinor(700)
        : AMOUNT;
  }

  private Sending sending(Situation situation, PspCall call, String key) {
    Asking asking = situation.asking;
    Instant now = Instant.now();
    return new Sending(
        "contract",
        asking.kind(),
        Dialect.key(asking.kind()),
        amount(situation),
        call,
        key,
        asking.answered() ? dialect.reference(asking.kind()) : null,
        asking.attempt(),
        asking.forgotten() ? now.minus(LONGER_THAN_ANY_KEY_LIVES) : now);
  }

  // ---- how the adapter behaved

  /** A definite result names what the PSP named, and nothing else. */
  private String ids(Situation situation, PspResult result) {
    boolean definite =
        !(result instanceof PspResult.Unknown || result instanceof PspResult.NotSent);
    if (!definite || situation == Situation.NOTHING_BROUGHT) {
      return "";
    }
    Dialect.Reply reply = dialect.reply(situation);
    return differs("reference", reply.reference(), Words.reference(result))
        + differs("charge", reply.charge(), Words.charge(result));
  }

  private static String differs(String what, @Nullable String told, @Nullable String read) {
    return Objects.equals(told, read)
        ? ""
        : ", takes %s for the %s where the PSP told %s".formatted(read, what, told);
  }

  /** What went to the PSP, where it is not what had to. */
  private String conduct(Asking asking, Sending sending, List<Received> received) {
    if (received.isEmpty()) {
      return ", nothing sent";
    }
    if (received.size() > 1) {
      return ", sent " + received.size() + " times";
    }
    Received request = received.getFirst();
    if (asking.question() && dialect.traits().contains(Trait.SHOWS_WHAT_IT_DID)) {
      return request.method().equals("GET") ? "" : ", does something where it is to ask";
    }
    PspCall call = sending.call();
    boolean asStored =
        request.method().equals(call.method())
            && request.uri().equals(call.path())
            && request.body().equals(call.body());
    return (asStored ? "" : ", sent as " + request)
        + (key(request).equals(KEY) ? "" : ", under the key " + key(request));
  }

  private String key(Received request) {
    return String.valueOf(request.headers().get(dialect.keyHeader()));
  }

  // ---- webhooks

  /** What an adapter reads in a webhook; "refused" where it does not take it. */
  String read(Event event, boolean genuine) {
    var adapter = dialect.adapter(vertx, nobody.uri(), PATIENT);
    try {
      return new Listening(dialect, adapter.webhooks()).read(event, genuine);
    } finally {
      await(adapter.close().get());
    }
  }

  /** Whether one that was changed on its way is taken all the same. */
  boolean takesChanged(Event event) {
    var adapter = dialect.adapter(vertx, nobody.uri(), PATIENT);
    try {
      return new Listening(dialect, adapter.webhooks()).takesChanged(event);
    } finally {
      await(adapter.close().get());
    }
  }

  @Override
  public void close() throws IOException {
    nobody.close();
    await(vertx.close());
  }
}
