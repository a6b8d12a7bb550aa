package routes.api;

import flows.Views.PaymentView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import money.Money;
import org.jspecify.annotations.Nullable;
import payments.AttemptOutcome;
import payments.CaptureMethod;
import payments.CardChecks;
import payments.CardDetails;
import payments.Customer;
import payments.Decline;
import payments.DeclineCode;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Parameters;
import payments.Payment;
import payments.PaymentMethod;
import payments.PaymentStatus;
import payments.RequestContext;

/** Records to render. */
public final class Samples {
  static final UUID PAYMENT_ID = UUID.fromString("01980000-0000-7000-8000-000000000001");
  static final UUID CHARGE_ID = UUID.fromString("01980000-0000-7000-8000-000000000002");
  static final UUID REFUND_ID = UUID.fromString("01980000-0000-7000-8000-000000000003");
  static final UUID CUSTOMER_ID = UUID.fromString("01980000-0000-7000-8000-000000000004");
  static final CardDetails VISA =
      new CardDetails("visa", "4242", 8, 2030, "credit", "US", "fp1", "visa");
  static final Parameters SAID =
      new Parameters(
          Map.of(
              "description",
              "Tea \"for\" two\n",
              "metadata",
              Map.of("order", "7"),
              "shipping",
              Map.of("name", "Ada", "address", Map.of("city", "Berlin")),
              "receipt_email",
              "ada@example.com"));

  private Samples() {}

  public static RequestContext context(String... expand) {
    return new RequestContext("m1", false, "req_1", "key1", false, null, List.of(expand));
  }

  static RequestContext browser(String... expand) {
    return new RequestContext("m1", false, "req_1", "key2", true, null, List.of(expand));
  }

  static Payment payment(PaymentStatus status, @Nullable Decline lastError) {
    return new Payment(
        "m1",
        false,
        PAYMENT_ID,
        status,
        3,
        Money.of(1099, "usd"),
        CaptureMethod.AUTOMATIC,
        0,
        status == PaymentStatus.SUCCEEDED ? 1099 : 0,
        0,
        0,
        0,
        CUSTOMER_ID,
        lastError == null ? "pm_card_visa" : null,
        CHARGE_ID,
        "pi_x_secret_y",
        SAID,
        lastError,
        null,
        null,
        null,
        5);
  }

  static Operation charge(OperationStatus status, @Nullable Decline decline) {
    return new Operation(
        "m1",
        false,
        CHARGE_ID,
        PAYMENT_ID,
        OperationKind.AUTHORIZE,
        status,
        Money.of(1099, "usd"),
        "stripe_demo",
        "key",
        "{}",
        "pi_psp",
        "ch_psp",
        1,
        null,
        status == OperationStatus.SUCCEEDED ? 1099 : 0,
        0,
        "pm_card_visa",
        VISA,
        new CardChecks("pass", null, "pass"),
        AttemptOutcome.NONE,
        decline,
        Parameters.EMPTY,
        false,
        null,
        null,
        Instant.EPOCH);
  }

  static Operation refund(OperationStatus status) {
    return new Operation(
        "m1",
        false,
        REFUND_ID,
        PAYMENT_ID,
        OperationKind.REFUND,
        status,
        Money.of(400, "usd"),
        "stripe_demo",
        "key",
        "{}",
        "re_psp",
        null,
        1,
        CHARGE_ID,
        0,
        0,
        null,
        null,
        CardChecks.NONE,
        AttemptOutcome.NONE,
        null,
        new Parameters(Map.of("reason", "duplicate", "metadata", Map.of("why", "twice"))),
        false,
        null,
        null,
        Instant.EPOCH);
  }

  static Customer customer(boolean deleted) {
    return new Customer(
        "m1",
        false,
        CUSTOMER_ID,
        1,
        deleted,
        new Parameters(
            Map.of(
                "email",
                "ada@example.com",
                "name",
                "Ada",
                "address",
                Map.of("line1", "1 Main St"),
                "preferred_locales",
                List.of("de", "en"),
                "metadata",
                Map.of("tier", "gold"))));
  }

  static PaymentMethod method() {
    return new PaymentMethod(
        "m1",
        false,
        "pm_card_visa",
        Instant.ofEpochSecond(1_700_000_000),
        CUSTOMER_ID,
        VISA,
        new CardChecks("pass", null, "pass"),
        Map.of("stripe_demo", "tok_secret_of_psp"),
        new Parameters(
            Map.of("billing_details", Map.of("name", "Ada"), "metadata", Map.of("m", "1"))));
  }

  static Decline decline() {
    return new Decline(
        DeclineCode.INSUFFICIENT_FUNDS, "raw_51", "raw text of psp", "try_again_later", null);
  }

  public static PaymentView succeeded() {
    return new PaymentView(
        payment(PaymentStatus.SUCCEEDED, null),
        charge(OperationStatus.SUCCEEDED, null),
        method(),
        customer(false),
        List.of(refund(OperationStatus.SUCCEEDED)));
  }

  static PaymentView declined() {
    return new PaymentView(
        payment(PaymentStatus.REQUIRES_PAYMENT_METHOD, decline()),
        charge(OperationStatus.FAILED, decline()),
        method(),
        null,
        List.of());
  }
}
