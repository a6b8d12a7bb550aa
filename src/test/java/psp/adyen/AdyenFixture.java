package psp.adyen;

import static psp.Results.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import payments.OperationKind;
import psp.HostileServer;
import psp.PspCall;
import psp.PspResult;
import psp.PspResult.UnknownReason;
import psp.Results;
import psp.Sending;
import psp.Sendings;

/** The adapter over real sockets, against a server that misbehaves on command. */
abstract class AdyenFixture {
  static final String API_KEY = "adyen_test_verySecret";
  static final Duration LONG = Duration.ofMinutes(1);
  static final Duration SHORT = Duration.ofSeconds(1);
  static final String AUTHORISED =
      "{\"pspReference\":\"PSP1\",\"resultCode\":\"Authorised\","
          + "\"amount\":{\"currency\":\"USD\",\"value\":1099}}";

  final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
  final HostileServer server = HostileServer.start(vertx);
  private final List<AdyenPsp> psps = new ArrayList<>();

  /** What the adapter's clock shows: the operations of tests have just begun. */
  Instant now = Sendings.BEGUN.plusSeconds(60);

  @AfterEach
  void stop() {
    psps.forEach(psp -> await(psp.close()));
    await(vertx.close());
  }

  AdyenPsp psp(Duration callTimeout) {
    return psp(server.uri(), callTimeout, 4, 4);
  }

  AdyenPsp psp(URI uri, Duration callTimeout, int poolSize, int maxWaiting) {
    InstantSource clock = () -> now;
    var psp = new AdyenPsp(vertx, settings(uri, callTimeout, poolSize, maxWaiting), clock);
    psps.add(psp);
    return psp;
  }

  static AdyenSettings settings(URI uri, Duration callTimeout, int poolSize, int maxWaiting) {
    return new AdyenSettings(
        "adyen_test",
        uri,
        API_KEY,
        Commands.MERCHANT_ACCOUNT,
        false,
        callTimeout.compareTo(SHORT) <= 0 ? callTimeout.minusMillis(10) : Duration.ofSeconds(3),
        callTimeout,
        poolSize,
        maxWaiting,
        List.of());
  }

  static PspCall call() {
    return new AdyenCalls(Commands.MERCHANT_ACCOUNT, false)
        .of(Commands.plain("pm_card_visa").command());
  }

  static Sending authorize(int attempt) {
    return authorize(call(), attempt);
  }

  static Sending authorize(PspCall call, int attempt) {
    return Sendings.of(OperationKind.AUTHORIZE, call, attempt);
  }

  static UnknownReason reason(Future<PspResult> result) {
    return Results.reason(await(result));
  }

  static String error(String code) {
    return "{\"status\":422,\"errorCode\":\""
        + code
        + "\",\"errorType\":\"validation\",\"message\":\"no\"}";
  }
}
