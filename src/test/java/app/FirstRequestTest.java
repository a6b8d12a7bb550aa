package app;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The request that the gateway makes to itself. */
final class FirstRequestTest {
  private final Vertx vertx = Vertx.vertx();
  private final List<String> asked = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void asksOnceWithoutAKey() {
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  asked.add(request.uri() + " " + request.getHeader("Authorization"));
                  request.response().setStatusCode(401).end("{}");
                })
            .listen(0, "0.0.0.0")
            .await();

    new FirstRequest(vertx, "0.0.0.0", server.actualPort()).make();

    assertThat(asked).containsExactly("/v1/payment_intents null");
  }

  @Test
  void waitsNoLongerThanItsPatience() {
    HttpServer silent =
        vertx
            .createHttpServer()
            .requestHandler(request -> asked.add(request.uri()))
            .listen(0, "127.0.0.1")
            .await();

    new FirstRequest(vertx, "127.0.0.1", silent.actualPort()).make();

    assertThat(asked).as("it came, and went on without an answer").hasSize(1);
  }
}
