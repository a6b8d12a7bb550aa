package flows;

import java.security.SecureRandom;
import java.time.Duration;
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
import payments.Decline;
import payments.DeclineCode;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Parameters;
import payments.Payment;
import payments.PaymentStatus;
import payments.RequestContext;
import psp.PspResult.Approved;
import psp.PspResult.Declined;
import psp.PspResult.Details;
import store.Database;
import store.MerchantEvents;
import store.WebhookEndpoints;

/** Records for tests of what the flows decide; what a test does not say is plain. */
final class Given {
  static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  static final Money AMOUNT = Money.of(1099, "usd");
  static final UUID PAYMENT = new UUID(0x0197_0000_0000_7000L, 0x8000_0000_0000_0001L);
  static final UUID OPERATION = new UUID(0x0197_0000_0000_7000L, 0x8000_0000_0000_0002L);
  static final UUID CHARGE = new UUID(0x0197_0000_0000_7000L, 0x8000_0000_0000_0003L);
  static final UUID TRANSFER = new UUID(0x0197_0000_0000_7000L, 0x8000_0000_0000_0004L);
  static final CardDetails CARD =
      new CardDetails("visa", "4242", 12, 2034, "credit", "US", "fp", "visa");
  static final Decline DECLINE =
      new Decline(DeclineCode.INSUFFICIENT_FUNDS, "insufficient_funds", "no money", null, null);

  private Given() {}

  /** Webhooks over a database, with a key to encrypt with and no rule for targets. */
  static MerchantWebhooks webhooks(Database database) {
    return new MerchantWebhooks(
        new WebhookEndpoints(database),
        new MerchantEvents(database),
        new EndpointSecrets(new SecretBox(new byte[32], new SecureRandom())),
        WebhookTargets.ANY,
        Duration.ofDays(30),
        Duration.ZERO);
  }

  static Payment payment(PaymentStatus status) {
    return payment(status, CaptureMethod.AUTOMATIC, 0, 0);
  }

  static Payment payment(
      PaymentStatus status, CaptureMethod captureMethod, long authorized, long captured) {
    return payment(status, captureMethod, new Amounts(authorized, captured, 0, 0, 0));
  }

  /** A payment's amounts, in the order of the record. */
  record Amounts(long authorized, long captured, long reserved, long refunded, long disputed) {}

  static Payment payment(PaymentStatus status, CaptureMethod captureMethod, Amounts amounts) {
    return new Payment(
        "acme",
        false,
        PAYMENT,
        status,
        7,
        AMOUNT,
        captureMethod,
        amounts.authorized,
        amounts.captured,
        amounts.reserved,
        amounts.refunded,
        amounts.disputed,
        null,
        "pm_shown",
        CHARGE,
        "pi_1_secret_2",
        new Parameters(Map.of("description", "shoes")),
        DECLINE,
        "https://psp.example/challenge",
        null,
        null,
        11);
  }

  static Operation operation(OperationKind kind, OperationStatus status) {
    return operation(kind, status, 1, false);
  }

  static Operation operation(
      OperationKind kind, OperationStatus status, int attempts, boolean givesBack) {
    return operation(
        kind, status, attempts, givesBack, new Parameters(Map.of("reason", "duplicate")), null);
  }

  static Operation operation(
      OperationKind kind,
      OperationStatus status,
      int attempts,
      boolean givesBack,
      Parameters parameters,
      @Nullable Decline decline) {
    return new Operation(
        "acme",
        false,
        OPERATION,
        PAYMENT,
        kind,
        status,
        AMOUNT,
        "stripe_demo",
        "sluice-key",
        "POST /v1/payment_intents\namount=1099",
        null,
        null,
        attempts,
        kind == OperationKind.AUTHORIZE ? null : CHARGE,
        0,
        0,
        "pm_used",
        null,
        CardChecks.NONE,
        AttemptOutcome.NONE,
        decline,
        parameters,
        givesBack,
        "order-7",
        null,
        NOW);
  }

  static Approved approved(Money amount, boolean captured) {
    return new Approved("psp_1", "psp_ch_1", amount, captured, "pm_psp", Details.NONE);
  }

  static Declined declined() {
    return new Declined(DECLINE, "psp_1", "psp_ch_1", Details.NONE);
  }

  static RequestContext context(RequestContext.@Nullable Idempotency idempotency) {
    return new RequestContext("acme", false, "req_1", "key_1", false, idempotency, List.of());
  }
}
