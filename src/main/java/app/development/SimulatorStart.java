package app.development;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import simulator.Simulator;

/** How development mode starts the PSP simulator. */
@FunctionalInterface
public interface SimulatorStart {
  /**
   * Starts it.
   *
   * @param port 0 for any free one
   * @param directory where it may keep its state over restarts
   * @return the simulator, listening; it ends with the Vert.x it runs on
   */
  Future<Simulator> start(Vertx vertx, int port, Path directory);
}
