package simulator.adyen;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import simulator.Answer;
import simulator.Inbound;

/**
 * The page to which a payment redirects: the shopper passes or fails the issuer's challenge there,
 * and goes back to the merchant with a {@code redirectResult}.
 */
final class ChallengePage {
  static final String PATH = "/adyen/3ds/";

  private final AdyenWorld world;
  private final Payments payments;

  ChallengePage(AdyenWorld world, Payments payments) {
    this.world = world;
    this.payments = payments;
  }

  Answer answer(Inbound request) {
    AdyenPayment payment = world.payment(request.path().substring(PATH.length())).orElse(null);
    if (payment == null) {
      return Answer.html(404, "<p>No such payment.</p>");
    }
    return switch (request.method()) {
      case "GET" -> Answer.html(200, page(payment));
      case "POST" -> submitted(request, payment);
      default -> Answer.html(405, "<p>GET or POST, please.</p>");
    };
  }

  private Answer submitted(Inbound request, AdyenPayment payment) {
    String form = request.body().toString(StandardCharsets.UTF_8);
    boolean passed = form.equals("outcome=pass");
    if (!passed && !form.equals("outcome=fail")) {
      return Answer.html(400, "<p>The outcome is pass or fail.</p>");
    }
    boolean open = payments.answered(payment, passed);
    URI back = wayBack(payment);
    if (back == null) {
      return Answer.html(409, "<p>This payment waits for nobody.</p>");
    }
    String accept = request.headers().get("Accept");
    return accept != null && accept.contains("application/json")
        ? Answer.json(open ? 200 : 409, new JsonObject().put("url", back.toString()))
        : Answer.seeOther(back.toString());
  }

  /**
   * Answers an open challenge in the shopper's place.
   *
   * @param payment by its reference at Adyen, by the merchant's, or by the page's address
   * @return where the browser goes then; empty when nobody waits for an answer
   */
  Optional<URI> complete(String payment, boolean passed) {
    int path = payment.indexOf(PATH);
    String named = path < 0 ? payment : payment.substring(path + PATH.length());
    return world
        .payment(named)
        .or(() -> ofReference(named))
        .filter(found -> payments.answered(found, passed))
        .flatMap(found -> Optional.ofNullable(wayBack(found)));
  }

  private Optional<AdyenPayment> ofReference(String reference) {
    return world.accounts().stream()
        .flatMap(account -> Optional.ofNullable(account.paymentOfReference(reference)).stream())
        .findFirst();
  }

  private static @Nullable URI wayBack(AdyenPayment payment) {
    String result = payment.redirectResult;
    if (result == null) {
      return null;
    }
    String url = payment.returnUrl();
    return URI.create(
        url
            + (url.contains("?") ? "&" : "?")
            + "redirectResult="
            + URLEncoder.encode(result, StandardCharsets.UTF_8));
  }

  private static String page(AdyenPayment payment) {
    if (!payment.waitsForShopper() || payment.redirectResult != null) {
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
        .formatted(payment.amountMinor, payment.currency());
  }
}
