package contracts;

import static psp.Results.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import money.Money;
import payments.OperationKind;
import psp.ClosedPort;
import psp.HostileServer;
import psp.PspCall;
import psp.PspCommand;
import psp.PspFact;
import psp.PspResult;
import psp.PspResult.Accepted;
import psp.PspResult.ActionRequired;
import psp.PspResult.Approved;
import psp.PspResult.Declined;
import psp.PspResult.NotSent;
import psp.PspResult.Unknown;
import psp.PspWebhooks;
import psp.Sending;

/** Brings one adapter into one situation after the other and says what came of it. */
final class PspContract implements AutoCloseable {
  /** When every webhook is signed and comes in. */
  static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

  private static final Duration PATIENT = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofSeconds(2);
  private static final Money AMOUNT = Money.of(1099, "usd");

  private final Vertx vertx = Vertx.vertx();
  private final HostileServer server = HostileServer.start(vertx);
  private final ClosedPort nobody = new ClosedPort();
  private final Dialect dialect;

  PspContract(Dialect dialect) throws IOException {
    this.dialect = dialect;
  }

  /** What an adapter makes of a situation. */
  String outcome(Situation situation) {
    behave(situation);
    boolean refused =
        situation == Situation.CONNECTION_REFUSED
            || situation == Situation.CONNECTION_REFUSED_ON_A_REPEAT;
    var adapter =
        dialect.adapter(
            vertx,
            refused ? nobody.uri() : server.uri(),
            situation == Situation.NO_ANSWER_IN_TIME ? SHORT : PATIENT);
    try {
      return told(
          await(adapter.psp().send(sending(situation, adapter.psp().prepare(command(situation))))));
    } finally {
      await(adapter.close().get());
    }
  }

  private void behave(Situation situation) {
    switch (situation) {
      case NO_ANSWER_IN_TIME -> server.hangs();
      case BROKEN_BEFORE_THE_ANSWER -> server.behaves(request -> request.connection().close());
      case BROKEN_WITHIN_THE_ANSWER ->
          server.behaves(
              request -> {
                request.response().putHeader("Content-Length", "5000").write("{\"id\":");
                request.response().reset();
              });
      case CONNECTION_REFUSED, CONNECTION_REFUSED_ON_A_REPEAT -> server.hangs();
      case PAGE_OF_A_PROXY -> server.answers(403, "<html>Who are you?</html>");
      case GARBAGE -> server.answers(200, "\u0000\u0001 {{{");
      case NOTHING_IN_THE_ANSWER -> server.answers(200, "{}");
      default -> {
        Dialect.Reply reply = dialect.reply(situation);
        server.behaves(
            request -> {
              reply.headers().forEach(request.response()::putHeader);
              request.response().setStatusCode(reply.status()).end(reply.body());
            });
      }
    }
  }

  private PspCommand command(Situation situation) {
    String id = PspCommand.OUR_IDS + situation.kind.wire() + "-1";
    return switch (situation.kind) {
      case AUTHORIZE, COMPLETE_AUTHENTICATION ->
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
      case CAPTURE -> new PspCommand.Capture(id, "ref_1", amount(situation));
      case VOID -> new PspCommand.VoidHold(id, "ref_1", null);
      case REFUND -> new PspCommand.Refund(id, "ref_1", AMOUNT, null);
    };
  }

  private static Money amount(Situation situation) {
    return situation == Situation.CAPTURED_IN_PART ? AMOUNT.withMinor(700) : AMOUNT;
  }

  private static Sending sending(Situation situation, PspCall call) {
    OperationKind kind = situation.kind;
    return new Sending(
        "contract",
        kind,
        PspCommand.OUR_IDS + kind.wire() + "-1",
        amount(situation),
        call,
        "key-1",
        null,
        situation.attempt,
        Instant.now());
  }

  /** What an adapter reads in a webhook; "refused" where it does not take it. */
  String read(Event event, boolean genuine) {
    var adapter = dialect.adapter(vertx, server.uri(), PATIENT);
    try {
      Dialect.Webhook webhook = dialect.webhook(event, genuine);
      var check =
          adapter
              .webhooks()
              .check(name -> webhook.headers().get(name), Buffer.buffer(webhook.body()), NOW);
      if (!(check instanceof PspWebhooks.Genuine taken)) {
        return "refused";
      }
      PspWebhooks.Item item = taken.items().getFirst();
      return read(event.about, adapter.webhooks().read(item.type(), item.body()));
    } finally {
      await(adapter.close().get());
    }
  }

  private static String read(Event.About about, PspFact fact) {
    return switch (fact) {
      case PspFact.Authorization told ->
          switch (about) {
            case AUTHORIZE -> word(told.asAuthorize());
            case CAPTURE -> word(told.asCapture());
            case VOID -> word(told.asVoid());
            case ENDED -> told.ended() ? "expired" : "stands";
            case REFUND, DISPUTE, NOTHING -> "an authorization";
          };
      case PspFact.Authorized told ->
          about == Event.About.AUTHORIZE ? word(told.result()) : "an authorization";
      case PspFact.Modification told ->
          about.name().equals(told.kind().name()) ? word(told.result()) : "a " + told.kind();
      case PspFact.Refund told -> word(told.result());
      case PspFact.Dispute told -> told.stage().name();
      case PspFact.Irrelevant ignored -> "irrelevant";
      case PspFact.Unreadable ignored -> "unreadable";
    };
  }

  private static String word(PspResult result) {
    return switch (result) {
      case Approved approved -> "approved, " + approved.amount();
      case Declined ignored -> "declined";
      default -> told(result);
    };
  }

  private static String told(PspResult result) {
    return switch (result) {
      case Approved approved ->
          "approved, " + (approved.captured() ? "taken, " : "held, ") + approved.amount();
      case Declined declined -> "declined as " + declined.decline().code();
      case ActionRequired action -> "action required at " + action.redirectUrl();
      case Accepted ignored -> "accepted";
      case Unknown unknown -> "unknown: " + unknown.reason();
      case NotSent ignored -> "not sent";
    };
  }

  @Override
  public void close() throws IOException {
    nobody.close();
    await(vertx.close());
  }
}
