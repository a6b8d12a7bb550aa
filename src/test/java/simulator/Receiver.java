package simulator;

import com.stripe.exception.SignatureVerificationException;
import com.stripe.model.Event;
import com.stripe.net.Webhook;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A merchant's server that takes events, or does not. */
public final class Receiver implements AutoCloseable {
  public static final String SECRET = "whsec_receiver";

  private final Vertx vertx = Vertx.vertx();
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private volatile Function<Received, Integer> answer = delivery -> 200;

  public Receiver() {
    server = vertx.createHttpServer().requestHandler(this::take);
    server.listen(0, "127.0.0.1").await();
  }

  /** One request as it came. */
  public record Received(String body, String signature) {
    /** The event, if stripe-java finds the signature right. */
    public Event event(String secret) throws SignatureVerificationException {
      return Webhook.constructEvent(body, signature, secret);
    }

    public boolean verified() {
      try {
        return event(SECRET) != null;
      } catch (SignatureVerificationException forged) {
        return false;
      }
    }

    public JsonObject json() {
      return new JsonObject(body);
    }

    public String id() {
      return json().getString("id");
    }

    public String type() {
      return json().getString("type");
    }

    public JsonObject object() {
      return json().getJsonObject("data").getJsonObject("object");
    }
  }

  private void take(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              Received one =
                  new Received(
                      body.toString(), String.valueOf(request.headers().get("Stripe-Signature")));
              received.add(one);
              int status = answer.apply(one);
              if (status > 0) {
                request.response().setStatusCode(status).end();
              }
            });
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.actualPort() + "/webhooks");
  }

  /** What it answers; 0 for nothing at all. */
  public void answers(Function<Received, Integer> status) {
    answer = status;
  }

  /** Everything that came, in order, refused ones too. */
  public List<Received> received() {
    return List.copyOf(received);
  }

  public List<Received> received(String type) {
    return received.stream().filter(one -> one.type().equals(type)).toList();
  }

  public List<String> types() {
    return received.stream().map(Received::type).toList();
  }

  @Override
  public void close() throws Exception {
    vertx.close().await(30, TimeUnit.SECONDS);
  }
}
