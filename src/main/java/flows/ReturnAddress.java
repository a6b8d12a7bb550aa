package flows;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import payments.Operation;
import payments.Payment;
import psp.WayBack;

/**
 * Where a customer's browser comes back to us from an authentication: {@code
 * /v1/redirects/MERCHANT/TOKEN}. The token is the mode, the key by which the PSP knows the
 * authorize operation, and a proof that we made the address. All of it is the same when the same
 * request is made again after our database was restored, so that the PSP knows that request again;
 * and who knows a merchant's keys cannot make it.
 *
 * <p>The operation keeps a digest of the address that it was begun with. A visit is held against
 * that, and not against what would be made today: the account's secret may have been changed while
 * the customer was away.
 *
 * @param operationKey the PSP's idempotency key of the authorize operation
 * @param proof made with the account's secret
 */
public record ReturnAddress(
    String merchantId, boolean livemode, String operationKey, String proof) {
  /** What every such path begins with. */
  public static final String PATH = "/v1/redirects/";

  /** The parameter of an authorize that keeps the digest of its address. */
  static final String DIGEST = "return_address";

  private static final Pattern FORM =
      Pattern.compile(
          PATH
              + "([A-Za-z0-9_-]{1,63})/(live|test)_([A-Za-z0-9][A-Za-z0-9-]{0,99})_([A-Za-z0-9_-]{1,64})");

  static ReturnAddress of(Payment payment, String operationKey, WayBack way) {
    String proven = payment.merchantId() + "/" + mode(payment.livemode()) + "/" + operationKey;
    return new ReturnAddress(
        payment.merchantId(), payment.livemode(), operationKey, way.proof().apply(proven));
  }

  /** The address of a path, whether or not it was made by us; empty where it cannot have been. */
  public static Optional<ReturnAddress> parse(String path) {
    Matcher read = FORM.matcher(path);
    return read.matches()
        ? Optional.of(
            new ReturnAddress(
                read.group(1), read.group(2).equals("live"), read.group(3), read.group(4)))
        : Optional.empty();
  }

  String path() {
    return PATH + merchantId + "/" + mode(livemode) + "_" + operationKey + "_" + proof;
  }

  /** The text by which the address is known again, and from which it cannot be made. */
  String digest() {
    return PspKeys.ofAddress(path());
  }

  /** Whether this is the address that an authorize operation was begun with. */
  boolean isOf(Operation charge) {
    String given = charge.parameters().text(DIGEST);
    return given != null
        && MessageDigest.isEqual(
            given.getBytes(StandardCharsets.UTF_8), digest().getBytes(StandardCharsets.UTF_8));
  }

  private static String mode(boolean livemode) {
    return livemode ? "live" : "test";
  }
}
