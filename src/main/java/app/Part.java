package app;

import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import java.util.function.Supplier;

/**
 * One deployed part of the gateway.
 *
 * @param name for logs and failures
 * @param address the setting and its value a failure to listen is told by, such as {@code api.port
 *     8080}; empty for a part that does not listen
 */
record Part(
    String name,
    String address,
    DeploymentOptions options,
    Supplier<? extends Deployable> verticle) {

  /** A part that listens on a port. */
  static Part listening(
      String name,
      String setting,
      int port,
      DeploymentOptions options,
      Supplier<? extends Deployable> verticle) {
    return new Part(name, setting + " " + port, options, verticle);
  }

  /** A part that only works in the background. */
  static Part working(
      String name, DeploymentOptions options, Supplier<? extends Deployable> verticle) {
    return new Part(name, "", options, verticle);
  }
}
