package flows;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import payments.Payment;
import payments.PublicId;

/**
 * Where a customer's browser comes back to us from an authentication: {@code
 * /v1/redirects/MERCHANT/TOKEN}. The token names the authorize operation and proves that we made
 * the address: it cannot be guessed, and is good for that operation alone. The proof is made from
 * the payment's client secret, so that nothing more has to be stored.
 *
 * @param proof of the operation, by the payment's client secret
 */
public record ReturnAddress(String merchantId, boolean livemode, UUID operationId, String proof) {
  /** What every such path begins with. */
  public static final String PATH = "/v1/redirects/";

  private static final int MAX_PATH = 256;
  private static final int PROOF_BYTES = 18;

  static ReturnAddress of(Payment payment, UUID operationId) {
    return new ReturnAddress(
        payment.merchantId(), payment.livemode(), operationId, proof(payment, operationId));
  }

  String path() {
    return PATH
        + merchantId
        + "/"
        + (livemode ? "live" : "test")
        + "_"
        + PublicId.digits(operationId)
        + "_"
        + proof;
  }

  /** The address of a path, whether or not it was made by us; empty where it cannot have been. */
  public static Optional<ReturnAddress> parse(String path) {
    if (!path.startsWith(PATH) || path.length() > MAX_PATH) {
      return Optional.empty();
    }
    List<String> segments = List.of(path.substring(PATH.length()).split("/", -1));
    if (segments.size() != 2 || segments.getFirst().isEmpty()) {
      return Optional.empty();
    }
    List<String> token = List.of(segments.getLast().split("_", 3));
    boolean live = token.getFirst().equals("live");
    if (token.size() != 3 || !(live || token.getFirst().equals("test"))) {
      return Optional.empty();
    }
    return PublicId.parseDigits(token.get(1))
        .map(
            operationId ->
                new ReturnAddress(segments.getFirst(), live, operationId, token.getLast()));
  }

  /** Whether a proof is the one of a payment's operation. */
  static boolean proves(Payment payment, UUID operationId, String proof) {
    return MessageDigest.isEqual(
        proof.getBytes(StandardCharsets.UTF_8),
        proof(payment, operationId).getBytes(StandardCharsets.UTF_8));
  }

  private static String proof(Payment payment, UUID operationId) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(
          new SecretKeySpec(
              payment.clientSecret().getBytes(StandardCharsets.UTF_8), mac.getAlgorithm()));
      byte[] whole = mac.doFinal(("return " + operationId).getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(Arrays.copyOf(whole, PROOF_BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA256", e);
    }
  }
}
