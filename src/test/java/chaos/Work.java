package chaos;

import io.vertx.core.json.JsonObject;
import simulator.Authorization.Status;
import support.GatewayProcess;

/** What a merchant asks for, and how it ends whatever happens on the way. */
enum Work {
  TAKE("authorize"),
  TAKE_DECLINED("authorize"),
  HOLD("authorize"),
  CONFIRM("authorize"),
  CONFIRM_DECLINED("authorize"),
  CAPTURE("capture"),
  CANCEL("void"),
  REFUND("refund");

  private static final String PAYMENTS = "/v1/payment_intents";
  private static final long AMOUNT = 1099;
  private static final long REFUNDED = 400;
  private static final String CREATE = "currency=usd&amount=" + AMOUNT;
  private static final String VISA = "payment_method=pm_card_visa";
  private static final String DECLINED = "payment_method=pm_card_chargeDeclined";
  private static final String TAKEN = CREATE + "&confirm=true&" + VISA;
  private static final String HELD = TAKEN + "&capture_method=manual";

  private final String kind;

  Work(String kind) {
    this.kind = kind;
  }

  /** A POST. */
  record Request(String path, String form) {}

  /**
   * How it ends.
   *
   * @param httpStatus of the answer
   * @param paymentStatus of the payment
   * @param charge what the one charge at the PSP has become
   * @param capturedMinor what was taken of it
   * @param refundedMinor what was given back of that
   */
  record End(
      int httpStatus,
      String paymentStatus,
      Status charge,
      long capturedMinor,
      long refundedMinor) {}

  /** The kind of its operation. */
  String kind() {
    return kind;
  }

  /** Makes what it needs, and the request for it. */
  Request prepare(GatewayProcess gateway) {
    return switch (this) {
      case TAKE -> new Request(PAYMENTS, TAKEN);
      case TAKE_DECLINED -> new Request(PAYMENTS, CREATE + "&confirm=true&" + DECLINED);
      case HOLD -> new Request(PAYMENTS, HELD);
      case CONFIRM -> new Request(created(gateway, CREATE) + "/confirm", VISA);
      case CONFIRM_DECLINED -> new Request(created(gateway, CREATE) + "/confirm", DECLINED);
      case CAPTURE -> new Request(created(gateway, HELD) + "/capture", "");
      case CANCEL ->
          new Request(created(gateway, HELD) + "/cancel", "cancellation_reason=duplicate");
      case REFUND -> {
        String payment = created(gateway, TAKEN).substring(PAYMENTS.length() + 1);
        yield new Request("/v1/refunds", "payment_intent=" + payment + "&amount=" + REFUNDED);
      }
    };
  }

  /** How it ends. */
  End end() {
    return switch (this) {
      case TAKE, CONFIRM, CAPTURE -> new End(200, "succeeded", Status.CAPTURED, AMOUNT, 0);
      case HOLD -> new End(200, "requires_capture", Status.AUTHORIZED, 0, 0);
      case TAKE_DECLINED, CONFIRM_DECLINED ->
          new End(402, "requires_payment_method", Status.FAILED, 0, 0);
      case CANCEL -> new End(200, "canceled", Status.VOIDED, 0, 0);
      case REFUND -> new End(200, "succeeded", Status.CAPTURED, AMOUNT, REFUNDED);
    };
  }

  private static String created(GatewayProcess gateway, String form) {
    var answer = gateway.post(PAYMENTS, form);
    if (answer.statusCode() != 200) {
      throw new AssertionError("cannot prepare: " + answer.body());
    }
    return PAYMENTS + "/" + new JsonObject(answer.body()).getString("id");
  }
}
