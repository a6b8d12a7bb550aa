package simulator.stripe;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import simulator.Answer;
import simulator.Inbound;

/**
 * The page on which a customer passes or fails the issuer's challenge, as a browser or a test sees
 * it.
 */
final class ChallengePage {
  static final String PATH = "/stripe/3ds/";

  private final StripeWorld world;
  private final Confirmation confirmation;

  ChallengePage(StripeWorld world, Confirmation confirmation) {
    this.world = world;
    this.confirmation = confirmation;
  }

  static String pathOf(PaymentIntent intent) {
    return PATH + intent.id;
  }

  Answer answer(Inbound request) {
    String intentId = request.path().substring(PATH.length());
    Optional<StripeAccount> owner = world.ownerOf(intentId);
    PaymentIntent intent = owner.map(account -> account.intent(intentId)).orElse(null);
    if (owner.isEmpty() || intent == null) {
      return Answer.html(404, "<p>No such payment.</p>");
    }
    return switch (request.method()) {
      case "GET" -> Answer.html(200, page(intent));
      case "POST" -> submitted(request, owner.get(), intent);
      default -> Answer.html(405, "<p>GET or POST, please.</p>");
    };
  }

  private Answer submitted(Inbound request, StripeAccount account, PaymentIntent intent) {
    JsonObject form = FormDecoder.decode(request.body().toString(StandardCharsets.UTF_8));
    boolean passed = "pass".equals(form.getString("outcome"));
    if (!passed && !"fail".equals(form.getString("outcome"))) {
      return Answer.html(400, "<p>The outcome is pass or fail.</p>");
    }
    boolean open = complete(account, intent, passed);
    String accept = request.headers().get("Accept");
    if (accept != null && accept.contains("application/json")) {
      return Answer.json(open ? 200 : 409, IntentJson.of(world, intent));
    }
    return wayBack(intent, passed)
        .map(back -> Answer.seeOther(back.toString()))
        .orElseGet(() -> Answer.html(200, "<p>Done; the payment is " + intent.status + ".</p>"));
  }

  private static Optional<URI> wayBack(PaymentIntent intent, boolean passed) {
    return Optional.ofNullable(intent.returnUrl)
        .map(
            returnUrl ->
                URI.create(
                    returnUrl
                        + (returnUrl.contains("?") ? "&" : "?")
                        + "payment_intent="
                        + intent.id
                        + "&payment_intent_client_secret="
                        + URLEncoder.encode(intent.clientSecret, StandardCharsets.UTF_8)
                        + "&redirect_status="
                        + (passed ? "succeeded" : "failed")));
  }

  /** Completes the challenge of a page; where the browser is sent from there. */
  Optional<URI> complete(URI page, boolean passed) {
    String path = page.getPath();
    if (path == null || !path.startsWith(PATH)) {
      return Optional.empty();
    }
    String intentId = path.substring(PATH.length());
    return complete(intentId, passed)
        ? world
            .ownerOf(intentId)
            .flatMap(account -> wayBack(account.requireIntent(intentId), passed))
        : Optional.empty();
  }

  /** Whether there was an open challenge to complete. */
  boolean complete(String intentId, boolean passed) {
    return world
        .ownerOf(intentId)
        .map(account -> complete(account, account.intent(intentId), passed))
        .orElse(false);
  }

  private boolean complete(StripeAccount account, @Nullable PaymentIntent intent, boolean passed) {
    if (intent == null || !intent.status.equals(PaymentIntent.REQUIRES_ACTION)) {
      return false;
    }
    confirmation.authenticated(account, intent, passed);
    return true;
  }

  private static String page(PaymentIntent intent) {
    if (!intent.status.equals(PaymentIntent.REQUIRES_ACTION)) {
      return "<!doctype html><title>Nothing to do</title><p>This payment waits for nobody.</p>";
    }
    return """
    <!doctype html>
    <html lang="en">
    <title>Simulated card issuer</title>
    <h1>Is it you?</h1>
    <p>A payment of %d (minor units of %s) waits for your word. This is a simulated card issuer; no money moves.</p>
    <form method="post"><button name="outcome" value="pass">Yes, pay</button></form>
    <form method="post"><button name="outcome" value="fail">No, refuse</button></form>
    </html>
    """
        .formatted(intent.amountMinor, intent.currency);
  }
}
