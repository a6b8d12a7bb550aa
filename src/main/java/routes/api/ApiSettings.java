package routes.api;

import java.time.Duration;

/**
 * The bounds of one instance of the API's HTTP server.
 *
 * @param port 0 for any free one, -1 for any free one that all instances share
 * @param maxBodyBytes longer bodies are refused with 413
 * @param maxHeaderBytes longer headers are refused with 431
 * @param maxInFlight requests at work at once in this instance; more are refused with 503
 * @param maxInFlightPerKey of these, of one API key; more are refused with 429
 * @param requestTimeout how long a request may take until it is answered that its outcome is
 *     unknown
 * @param idleTimeout how long a connection may be silent, or without a request at work; longer than
 *     requestTimeout
 * @param drain how long requests in flight may take to end when the server stops
 */
public record ApiSettings(
    String host,
    int port,
    int maxBodyBytes,
    int maxHeaderBytes,
    int maxInFlight,
    int maxInFlightPerKey,
    Duration requestTimeout,
    Duration idleTimeout,
    Duration drain) {
  /** What holds where the configuration says nothing. */
  public static final ApiSettings DEFAULTS =
      new ApiSettings(
          "0.0.0.0",
          8080,
          1 << 20,
          16_384,
          1_024,
          256,
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30));

  public ApiSettings {
    if (port < -1 || port > 65_535) {
      throw new IllegalArgumentException("port must be -1 to 65535, not " + port);
    }
    positive("maxBodyBytes", maxBodyBytes);
    positive("maxHeaderBytes", maxHeaderBytes);
    positive("maxInFlight", maxInFlight);
    positive("maxInFlightPerKey", maxInFlightPerKey);
    positive("requestTimeout", requestTimeout.toMillis());
    // A connection that waits for its answer is silent, too.
    if (idleTimeout.compareTo(requestTimeout) <= 0) {
      throw new IllegalArgumentException("idleTimeout must be longer than requestTimeout");
    }
  }

  private static void positive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, not " + value);
    }
  }

  public ApiSettings withPort(int newPort) {
    return new ApiSettings(
        host,
        newPort,
        maxBodyBytes,
        maxHeaderBytes,
        maxInFlight,
        maxInFlightPerKey,
        requestTimeout,
        idleTimeout,
        drain);
  }
}
