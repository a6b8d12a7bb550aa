package routes;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a request's body within a bound that is kept while it comes, whatever was announced. */
public final class BoundedBody {
  private static final long LINGER_MILLIS = 2_000;
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final int maxBytes;
  private @Nullable Buffer body;
  private boolean over;

  public BoundedBody(Vertx vertx, HttpServerRequest request, int maxBytes) {
    this.vertx = vertx;
    this.request = request;
    this.maxBytes = maxBytes;
  }

  /** Why a body is not read to its end. */
  public enum Refused {
    TOO_LARGE,
    /** There is no room for so much at this moment. */
    NO_ROOM
  }

  /**
   * Reads the body. One of the two is told, once, or none where the connection breaks.
   *
   * @param room asked for each part of so many bytes before it is kept
   */
  public void read(IntPredicate room, Consumer<Buffer> whole, Consumer<Refused> refused) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length != null && longer(length)) {
      refuse(Refused.TOO_LARGE, refused);
      return;
    }
    request.handler(
        part -> {
          if (over) {
            return;
          }
          int before = body == null ? 0 : body.length();
          if (before + part.length() > maxBytes) {
            refuse(Refused.TOO_LARGE, refused);
          } else if (!room.test(part.length())) {
            refuse(Refused.NO_ROOM, refused);
          } else {
            // Most bodies come as one part.
            body = body == null ? part : body.appendBuffer(part);
          }
        });
    request.endHandler(
        end -> {
          if (!over) {
            over = true;
            whole.accept(body == null ? Buffer.buffer() : body);
          }
        });
  }

  private boolean longer(String contentLength) {
    // What is no number that fits a long was let through by HTTP/2 only, which counts by itself.
    return !LENGTH.matcher(contentLength).matches() || Long.parseLong(contentLength) > maxBytes;
  }

  private void refuse(Refused why, Consumer<Refused> refused) {
    hangUpSoon();
    refused.accept(why);
  }

  /** Reads no more: the client gets a moment to see its answer before the line is cut. */
  public void hangUpSoon() {
    over = true;
    if (request.version() == HttpVersion.HTTP_2) {
      // Other requests share the connection: only this stream ends.
      vertx.setTimer(LINGER_MILLIS, id -> request.response().reset());
      return;
    }
    request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    vertx.setTimer(LINGER_MILLIS, id -> request.connection().close());
  }
}
