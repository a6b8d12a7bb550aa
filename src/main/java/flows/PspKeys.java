package flows;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import payments.Customer;
import payments.OperationKind;
import payments.PublicId;
import payments.RequestContext;
import psp.PspCommand;

/**
 * The idempotency keys we give PSPs. With a merchant's key it is made from merchant, mode, path,
 * that key and, of an authorize, the account alone, so that even a merchant's retry after our
 * database was restored from a backup meets the PSP's memory; without one, from the operation's id.
 *
 * <p>The payment's id is left out of the path: a payment that a restored database forgot has
 * another one when it is made again, and its confirm under that one has to meet the PSP's memory,
 * too. Nothing else is told apart by the id, because a merchant's key is refused for another
 * payment for as long as any PSP remembers it. (One that a restore made us forget is not: whoever
 * uses it for another payment then, of the same amount and card, is told the first one's charge.)
 */
final class PspKeys {
  private static final Pattern PAYMENT_IN_PATH =
      Pattern.compile("^(/v1/payment_intents/)pi_[^/]+(?=/)");

  private PspKeys() {}

  /**
   * The key of an authorize, which a request sends to an account once at most. By the account and
   * not by its place in the request: asked in another order, it has to know the request all the
   * same.
   */
  static String ofAuthorize(RequestContext context, UUID operationId, String accountId) {
    return of(context, OperationKind.AUTHORIZE, operationId, accountId);
  }

  /**
   * The key of any other operation. It is also, as the authorize's is, the reference that the PSP's
   * metadata finds it by: the whole request must be the same when it is made again.
   *
   * @param place 0 for the first operation of a request, 1 for the second, ...
   */
  static String of(RequestContext context, OperationKind kind, UUID operationId, int place) {
    return of(context, kind, operationId, String.valueOf(place));
  }

  private static String of(
      RequestContext context, OperationKind kind, UUID operationId, String which) {
    var idempotency = context.idempotency();
    if (idempotency == null) {
      return PspCommand.OUR_IDS + kind.wire() + "-" + PublicId.digits(operationId);
    }
    return PspCommand.OUR_IDS + kind.wire() + "-" + hash(context, idempotency, which);
  }

  /**
   * What a payment's split is drawn by: the merchant's key where there is one, so that a retry goes
   * the same way even after a database restore, when the payment has another id; else the payment.
   */
  static String draw(RequestContext context, UUID paymentId) {
    var idempotency = context.idempotency();
    return idempotency == null ? PublicId.digits(paymentId) : hash(context, idempotency, "draw");
  }

  /**
   * The key of a call to a card vault: the same whenever the same request makes the same call
   * again.
   *
   * @param freshId stands in where the merchant gave no key
   * @param about account, token and what else the call is about: other parameters are another call
   */
  static String ofVault(RequestContext context, String what, UUID freshId, String... about) {
    var idempotency = context.idempotency();
    return "sluice-"
        + what
        + "-"
        + (idempotency == null ? PublicId.digits(freshId) : hash(context, idempotency, about));
  }

  /** The key of a customer's twin at an account, the same for all who make it at the same time. */
  static String ofTwin(Customer customer, String accountId) {
    // The PSP is told name and address: after a change of those it would refuse the former key.
    return "sluice-customer-"
        + digest(List.of(customer.publicId(), String.valueOf(customer.version()), accountId));
  }

  /** What a customer came back with, as one text by which the same is known again. */
  static String ofDetails(Map<String, String> details) {
    var parts = new ArrayList<String>();
    new TreeMap<>(details)
        .forEach(
            (name, value) -> {
              parts.add(name);
              parts.add(value);
            });
    return digest(parts);
  }

  /** An address that a customer comes back to, as a text that tells nothing of it. */
  static String ofAddress(String path) {
    return digest(List.of(path));
  }

  private static String hash(
      RequestContext context, RequestContext.Idempotency idempotency, String... about) {
    var parts = new ArrayList<String>();
    parts.add(context.merchantId());
    parts.add(context.livemode() ? "live" : "test");
    parts.add(PAYMENT_IN_PATH.matcher(idempotency.path()).replaceFirst("$1{id}"));
    parts.add(idempotency.key());
    parts.addAll(List.of(about));
    return digest(parts);
  }

  /** Each part goes with its length before it, so that no two lists of parts make one text. */
  private static String digest(List<String> parts) {
    var material = new StringBuilder();
    for (String part : parts) {
      material.append(part.length()).append(':').append(part);
    }
    return sha256(material.toString()).substring(0, 40);
  }

  private static String sha256(String text) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
