package routes.webhooks;

import java.time.Duration;

/**
 * The bounds of one instance of the webhooks' HTTP server.
 *
 * @param port 0 for any free one; -1 or -2 for any free one that all with this number share
 * @param maxBodyBytes longer bodies are refused with 413
 * @param maxHeaderBytes longer headers are refused with 431
 * @param maxConcurrent webhooks at work at once in this instance; more are refused with 503
 * @param maxBytes of their bodies that are held at once; what would be more is refused with 503
 * @param timeout how long a webhook may take, first to arrive, then to be stored
 * @param idleTimeout how long a connection may be silent, or without a request at work; longer than
 *     timeout
 * @param drain how long webhooks at work may take to end when the server stops
 */
public record WebhookSettings(
    String host,
    int port,
    int maxBodyBytes,
    int maxHeaderBytes,
    int maxConcurrent,
    int maxBytes,
    Duration timeout,
    Duration idleTimeout,
    Duration drain) {

  public WebhookSettings {
    if (port < -2 || port > 65_535) {
      throw new IllegalArgumentException("port must be -2 to 65535, not " + port);
    }
    positive("maxBodyBytes", maxBodyBytes);
    positive("maxHeaderBytes", maxHeaderBytes);
    positive("maxConcurrent", maxConcurrent);
    positive("timeout", timeout.toMillis());
    if (maxBytes < maxBodyBytes) {
      throw new IllegalArgumentException("maxBytes must have room for one body");
    }
    // A connection that waits for its answer is silent, too.
    if (idleTimeout.compareTo(timeout) <= 0) {
      throw new IllegalArgumentException("idleTimeout must be longer than timeout");
    }
  }

  private static void positive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, not " + value);
    }
  }
}
