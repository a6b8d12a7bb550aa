package simulator.stripe;

import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import simulator.Authorization;
import simulator.PaymentDesk;

/** What happens to payment intents without the merchant's calls. Under the bank's lock. */
final class StripeDesk implements PaymentDesk {
  private final StripeWorld world;
  private final PaymentIntents intents;

  StripeDesk(StripeWorld world, PaymentIntents intents) {
    this.world = world;
    this.intents = intents;
  }

  @Override
  public boolean knows(String payment) {
    return world.ownerOf(payment).isPresent();
  }

  @Override
  public Authorization charge(String payment) {
    String charge = ownerOf(payment).requireIntent(payment).latestCharge;
    if (charge == null) {
      throw new NoSuchElementException("no charge of " + payment);
    }
    return world
        .bank()
        .authorization(charge)
        .orElseThrow(() -> new NoSuchElementException("no charge " + charge));
  }

  @Override
  public Authorization capture(String payment, @Nullable Long amountMinor) {
    return onIntent(
        payment, (account, intent) -> intents.captureOutside(account, intent, amountMinor));
  }

  @Override
  public @Nullable Authorization cancel(String payment) {
    StripeAccount account = ownerOf(payment);
    PaymentIntent intent = account.requireIntent(payment);
    legally(() -> intents.cancelOutside(account, intent));
    return intent.latestCharge == null ? null : charge(payment);
  }

  @Override
  public Authorization expire(String payment) {
    return onIntent(payment, intents::expire);
  }

  @Override
  public Authorization failCapture(String payment) {
    throw new IllegalStateException("a capture is final at Stripe");
  }

  private interface IntentStep {
    void take(StripeAccount account, PaymentIntent intent);
  }

  private Authorization onIntent(String payment, IntentStep step) {
    StripeAccount account = ownerOf(payment);
    legally(() -> step.take(account, account.requireIntent(payment)));
    return charge(payment);
  }

  private static void legally(Runnable step) {
    try {
      step.run();
    } catch (StripeError refused) {
      throw new IllegalStateException(refused.getMessage(), refused);
    }
  }

  private StripeAccount ownerOf(String payment) {
    return world
        .ownerOf(payment)
        .orElseThrow(() -> new NoSuchElementException("no payment " + payment));
  }
}
