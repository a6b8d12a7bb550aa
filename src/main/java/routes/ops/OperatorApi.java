package routes.ops;

import io.vertx.ext.web.Router;

/** The operator API's resources. */
@FunctionalInterface
public interface OperatorApi {
  /** Mounts their routes on the router of {@code /ops}, which lets only operators in. */
  void mount(Router router);
}
