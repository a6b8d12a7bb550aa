package verticles;

import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How the servers listen that strangers reach. */
final class EdgeOptions {
  private static final int MAX_INITIAL_LINE_BYTES = 8 * 1_024;

  private EdgeOptions() {}

  static HttpServerOptions of(int maxHeaderBytes, Duration idleTimeout) {
    return new HttpServerOptions()
        .setMaxInitialLineLength(MAX_INITIAL_LINE_BYTES)
        .setMaxHeaderSize(maxHeaderBytes)
        // Clients that try the upgrade on a plain connection go on with HTTP/1.1. Upgraded ones
        // were seen to wait for ever for an
        // answer.
        .setHttp2ClearTextEnabled(false)
        .setIdleTimeout((int) idleTimeout.toMillis())
        // Cuts off where a graceful end waits for what a peer does not read. A connection in order
        // writes again sooner: it is idle, and then has one request, which takes less than idle.
        .setWriteIdleTimeout(2 * (int) idleTimeout.toMillis())
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setHandle100ContinueAutomatically(true)
        .setDecompressionSupported(false)
        // Nobody opens WebSockets here, and what would compress them sees every request.
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false)
        .setTcpNoDelay(true);
  }
}
