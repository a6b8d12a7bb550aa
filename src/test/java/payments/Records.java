package payments;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import money.Money;
import org.jspecify.annotations.Nullable;

/** Records for tests of what they say of themselves; what a test does not say is plain. */
final class Records {
  static final UUID ID = new UUID(0x0197_0000_0000_7000L, 0x8000_0000_0000_0001L);
  static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final UUID OTHER_ID = new UUID(0x0197_0000_0000_7000L, 0x8000_0000_0000_0002L);
  private static final Parameters NOTHING = new Parameters(Map.of());

  private Records() {}

  static Payment payment(long captured, long reserved, long refunded, long disputed) {
    return new Payment(
        "acme",
        false,
        ID,
        PaymentStatus.SUCCEEDED,
        7,
        Money.of(1099, "usd"),
        CaptureMethod.AUTOMATIC,
        0,
        captured,
        reserved,
        refunded,
        disputed,
        null,
        null,
        OTHER_ID,
        "pi_1_secret_2",
        NOTHING,
        null,
        null,
        null,
        null,
        11);
  }

  static Operation operation(OperationKind kind, @Nullable String heldReason) {
    return new Operation(
        "acme",
        false,
        ID,
        OTHER_ID,
        kind,
        OperationStatus.UNKNOWN,
        Money.of(1099, "usd"),
        "stripe_demo",
        "sluice-key",
        "POST /v1/payment_intents\namount=1099",
        null,
        null,
        1,
        null,
        0,
        0,
        null,
        null,
        CardChecks.NONE,
        AttemptOutcome.NONE,
        null,
        NOTHING,
        false,
        null,
        heldReason,
        NOW);
  }

  static Customer customer() {
    return new Customer("acme", false, ID, 1, false, NOTHING);
  }

  static Dispute dispute() {
    return new Dispute(
        "acme",
        false,
        ID,
        OTHER_ID,
        OTHER_ID,
        "stripe_demo",
        "dp_1",
        Money.of(1099, "usd"),
        DisputeStatus.OPEN,
        "fraudulent",
        NOW);
  }

  static MerchantEvent event() {
    return new MerchantEvent("acme", false, ID, "payment_intent.succeeded", OTHER_ID, 11L, NOW);
  }

  static WebhookEndpoint endpoint(@Nullable String previousSecret, @Nullable Instant until) {
    return new WebhookEndpoint(
        "acme",
        false,
        ID,
        "https://shop.test/hook",
        true,
        null,
        List.of(WebhookEndpoint.ALL_EVENTS),
        NOTHING,
        "current",
        previousSecret,
        until,
        1,
        null);
  }

  static PaymentMethod method(Map<String, String> tokens) {
    return new PaymentMethod(
        "acme", false, "pm_1", NOW, null, null, CardChecks.NONE, tokens, NOTHING);
  }
}
