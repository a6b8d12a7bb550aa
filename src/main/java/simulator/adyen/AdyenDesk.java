package simulator.adyen;

import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import simulator.Authorization;
import simulator.Bank;
import simulator.BankDispute;
import simulator.BankResult;
import simulator.BankResult.Done;
import simulator.BankResult.Refused;
import simulator.DisputeDesk;
import simulator.PaymentDesk;

/**
 * What happens to Adyen's payments without the merchant's calls: by its staff in the Customer Area,
 * and what card holders ask for by their names, a step at each settlement. Under the bank's lock.
 */
final class AdyenDesk implements PaymentDesk {
  private final AdyenWorld world;

  AdyenDesk(AdyenWorld world) {
    this.world = world;
  }

  @Override
  public boolean knows(String payment) {
    return world.payment(payment).isPresent();
  }

  @Override
  public Authorization charge(String payment) {
    return bank()
        .authorization(require(payment).pspReference)
        .orElseThrow(() -> new NoSuchElementException("no charge of " + payment));
  }

  @Override
  public Authorization capture(String payment, @Nullable Long amountMinor) {
    AdyenPayment found = require(payment);
    long amount = amountMinor == null ? found.amountMinor : amountMinor;
    if (amount < 1) {
      throw new IllegalStateException("there is less, or more, to capture");
    }
    Authorization captured = done(bank().capture(found.account, found.pspReference, amount));
    Modification modification =
        new Modification(
            PspReference.next(),
            found.account,
            Modification.Kind.CAPTURE,
            found.pspReference,
            found.merchantAccount(),
            found.reference(),
            amount,
            null,
            null,
            false);
    world.ownerOf(found).save(modification);
    world.events().ended(found, modification, amount, true, "");
    return captured;
  }

  @Override
  public @Nullable Authorization cancel(String payment) {
    AdyenPayment found = require(payment);
    Authorization released = done(bank().release(found.account, found.pspReference));
    world.events().happened(found, "CANCELLATION", found.amountMinor);
    return released;
  }

  @Override
  public Authorization expire(String payment) {
    AdyenPayment found = require(payment);
    Authorization expired = done(bank().expire(found.account, found.pspReference));
    world.events().happened(found, "EXPIRE", found.amountMinor);
    return expired;
  }

  @Override
  public Authorization failCapture(String payment) {
    AdyenPayment found = require(payment);
    long captured = charge(payment).capturedMinor();
    Authorization failed = done(bank().failCapture(found.account, found.pspReference));
    world.events().captureFailed(found, captured);
    return failed;
  }

  /** Takes the next step of what the holder's name asks for; false when it is not its time yet. */
  boolean settle(AdyenAccount account, AdyenPayment payment) {
    Authorization charge = bank().authorization(payment.pspReference).orElse(null);
    if (charge == null || charge.voided()) {
      return false;
    }
    boolean taken = charge.status() == Authorization.Status.CAPTURED && step(payment, charge);
    if (taken) {
      payment.aftermathSteps++;
      account.save(payment);
    }
    return taken;
  }

  private boolean step(AdyenPayment payment, Authorization charge) {
    Aftermath aftermath = payment.aftermath();
    return switch (aftermath.kind()) {
      case NOTHING, REFUNDS_FAIL -> false;
      case CAPTURE_FAILS -> {
        BankResult<Authorization> failed = bank().failCapture(charge.account(), charge.id());
        if (failed instanceof Done<?>) {
          world.events().captureFailed(payment, charge.capturedMinor());
        }
        yield failed instanceof Done<?>;
      }
      case CHARGEBACK, CHARGEBACK_REVERSED, SECOND_CHARGEBACK ->
          dispute(payment, charge, aftermath.reasonCode());
    };
  }

  private boolean dispute(AdyenPayment payment, Authorization charge, String reasonCode) {
    DisputeDesk disputes = bank().disputes();
    if (payment.aftermathSteps == 0) {
      return disputes.open(
              charge.account(), charge.id(), null, new DisputeDesk.Opening(reasonCode, false))
          instanceof Done<?>;
    }
    BankDispute dispute = disputes.of(charge.id()).getFirst();
    return (payment.aftermathSteps == 1
            ? disputes.close(charge.account(), dispute.id(), BankDispute.Status.WON)
            : disputes.chargeBackAgain(charge.account(), dispute.id()))
        instanceof Done<?>;
  }

  private AdyenPayment require(String payment) {
    return world
        .payment(payment)
        .orElseThrow(() -> new NoSuchElementException("no payment " + payment));
  }

  private Bank bank() {
    return world.bank();
  }

  private static <T> T done(BankResult<T> result) {
    return switch (result) {
      case Done<T> done -> done.value();
      case Refused<T> no ->
          throw new IllegalStateException("the bank does not do that: " + no.reason());
    };
  }
}
