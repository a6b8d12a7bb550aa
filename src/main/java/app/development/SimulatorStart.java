package app.development;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;

/** How development mode starts the PSP simulator. */
@FunctionalInterface
public interface SimulatorStart {
  /**
   * Starts it.
   *
   * @param port 0 for any free one
   * @param directory where it may keep its state over restarts
   * @return the port it listens on; it ends with the Vert.x it runs on
   */
  Future<Integer> start(Vertx vertx, int port, Path directory);
}
