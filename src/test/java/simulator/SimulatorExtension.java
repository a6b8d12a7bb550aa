package simulator;

import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One simulator per test class, emptied before each test. */
public final class SimulatorExtension
    implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
  private final SimulatorOptions options;
  private @Nullable Vertx vertx;
  private @Nullable Simulator simulator;

  public SimulatorExtension() {
    this(SimulatorOptions.defaults());
  }

  public SimulatorExtension(SimulatorOptions options) {
    this.options = options;
  }

  public Simulator simulator() {
    Simulator running = simulator;
    if (running == null) {
      throw new IllegalStateException("the simulator is not started");
    }
    return running;
  }

  public Caller caller() {
    return new Caller(simulator().baseUrl());
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    Vertx fresh = Vertx.vertx();
    vertx = fresh;
    simulator = Simulator.start(fresh, options).await(30, TimeUnit.SECONDS);
  }

  @Override
  public void beforeEach(ExtensionContext context) throws Exception {
    simulator().reset().await(30, TimeUnit.SECONDS);
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    Vertx used = vertx;
    if (used != null) {
      used.close().await(30, TimeUnit.SECONDS);
    }
  }
}
