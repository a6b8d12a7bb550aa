package contracts;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import psp.Psp;
import psp.PspWebhooks;

/** One PSP's way of saying what happens in each situation. */
interface Dialect {
  String name();

  /** An adapter of this PSP that calls a server of ours, with what closes it. */
  Adapter adapter(Vertx vertx, URI server, Duration callTimeout);

  /** What the PSP answers; asked for situations only in which it answers at all. */
  Reply reply(Situation situation);

  /** A method and card token that the PSP's adapter takes. */
  String token();

  /** A webhook of the PSP's, signed as it signs, or with another secret. */
  Webhook webhook(Event event, boolean genuine);

  /** A request of the PSP's. */
  record Webhook(Map<String, String> headers, String body) {}

  /** An adapter under test. */
  record Adapter(Psp psp, PspWebhooks webhooks, Supplier<Future<Void>> close) {}

  /** An HTTP answer. */
  record Reply(int status, Map<String, String> headers, String body) {
    static Reply of(int status, String body) {
      return new Reply(status, Map.of(), body.replace('\'', '"'));
    }

    Reply with(String header, String value) {
      return new Reply(status, Map.of(header, value), body);
    }
  }
}
