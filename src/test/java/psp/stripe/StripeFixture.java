package psp.stripe;

import static psp.Results.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.URI;
import java.time.Duration;
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
abstract class StripeFixture {
  static final String SECRET = "sk_test_verySecret";
  static final StripeSettings.Webhooks WEBHOOKS =
      new StripeSettings.Webhooks(false, List.of(), Duration.ofMinutes(5));
  static final Duration LONG = Duration.ofMinutes(1);
  static final Duration SHORT = Duration.ofSeconds(1);

  final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
  final HostileServer server = HostileServer.start(vertx);
  private final List<StripePsp> psps = new ArrayList<>();

  @AfterEach
  void stop() {
    psps.forEach(psp -> await(psp.close()));
    await(vertx.close());
  }

  StripePsp psp(Duration callTimeout) {
    return psp(server.uri(), callTimeout, 4, 4);
  }

  StripePsp psp(URI uri, Duration callTimeout, int poolSize, int maxWaiting) {
    var psp = new StripePsp(vertx, settings(uri, callTimeout, poolSize, maxWaiting));
    psps.add(psp);
    return psp;
  }

  static StripeSettings settings(URI uri, Duration callTimeout, int poolSize, int maxWaiting) {
    return new StripeSettings(
        "stripe_test",
        uri,
        SECRET,
        callTimeout.compareTo(SHORT) <= 0 ? callTimeout.minusMillis(10) : Duration.ofSeconds(3),
        callTimeout,
        poolSize,
        maxWaiting,
        WEBHOOKS);
  }

  static Sending authorize(int attempt) {
    return authorize(new PspCall("POST", "/v1/payment_intents", "amount=1099"), attempt);
  }

  static Sending authorize(PspCall call, int attempt) {
    return Sendings.of(OperationKind.AUTHORIZE, call, attempt);
  }

  static UnknownReason reason(Future<PspResult> result) {
    return Results.reason(await(result));
  }
}
