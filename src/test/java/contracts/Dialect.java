package contracts;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import payments.OperationKind;
import psp.Psp;
import psp.PspCommand;
import psp.PspWebhooks;

/** One PSP's way of saying what happens in each situation. */
interface Dialect {
  String name();

  Set<Trait> traits();

  /** An adapter of this PSP that calls a server of ours, with what closes it. */
  Adapter adapter(Vertx vertx, URI server, Duration callTimeout);

  /** What the PSP answers; asked for situations that happen there, and in which it answers. */
  Reply reply(Situation situation);

  /** A method and card token that the PSP's adapter takes. */
  String token();

  /**
   * A card token that a page of another PSP's gave, which the adapter does not take for its own.
   */
  String foreignToken();

  /** The PSP's id, in all answers and webhooks, of what an operation of a kind made. */
  String reference(OperationKind kind);

  /** The header in which the PSP takes idempotency keys. */
  default String keyHeader() {
    return "Idempotency-Key";
  }

  /** What a browser brings back from an authentication, where the PSP wants to be told. */
  default Map<String, String> brought() {
    return Map.of();
  }

  /** A webhook of the PSP's, signed as it signs, or with another secret. */
  Webhook webhook(Event event, boolean genuine);

  /** What our operation of a kind is called. */
  static String key(OperationKind kind) {
    return PspCommand.OUR_IDS + kind.wire() + "-1";
  }

  /** A request of the PSP's. */
  record Webhook(Map<String, String> headers, String body) {}

  /** An adapter under test. */
  record Adapter(Psp psp, PspWebhooks webhooks, Supplier<Future<Void>> close) {}

  /**
   * An HTTP answer.
   *
   * @param reference the PSP's id that it tells of the operation, null for none
   * @param charge the PSP's id that it tells of the charge, null for none
   */
  record Reply(
      int status,
      Map<String, String> headers,
      String body,
      @Nullable String reference,
      @Nullable String charge) {
    static Reply of(int status, String body) {
      return new Reply(status, Map.of(), body.replace('\'', '"'), null, null);
    }

    Reply with(String header, String value) {
      return new Reply(status, Map.of(header, value), body, reference, charge);
    }

    Reply telling(@Nullable String told, @Nullable String toldCharge) {
      return new Reply(status, headers, body, told, toldCharge);
    }
  }
}
