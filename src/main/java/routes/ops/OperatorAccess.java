package routes.ops;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/** Lets those in who show the operator token; the comparison takes as long whatever is shown. */
final class OperatorAccess implements Handler<RoutingContext> {
  private static final String SCHEME = "bearer ";

  /** Of equal length whatever was shown, so that not even the token's length is told. */
  private final byte @Nullable [] digest;

  OperatorAccess(@Nullable String token) {
    digest = token == null ? null : digest(token);
  }

  @Override
  public void handle(RoutingContext context) {
    if (digest == null) {
      OpsReply.error(
          context, 403, "there is no operator API until ops.operator-token is set", null);
    } else if (MessageDigest.isEqual(digest, digest(shown(context)))) {
      context.next();
    } else {
      context.response().putHeader("WWW-Authenticate", "Bearer realm=\"sluice-operators\"");
      OpsReply.error(
          context, 401, "send the operator token as Authorization: Bearer", "Authorization");
    }
  }

  private static String shown(RoutingContext context) {
    String header = context.request().getHeader("Authorization");
    return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? header.substring(SCHEME.length()).trim()
        : "";
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
