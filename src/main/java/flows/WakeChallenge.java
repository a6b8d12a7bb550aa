package flows;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import payments.Payment;
import payments.PaymentStatus;

/**
 * Has the PSP asked soon about a payment that waits for the customer, because someone has perhaps
 * just seen them come back. Nobody waits for it, and it may not work: recovery looks by itself,
 * too.
 */
final class WakeChallenge {
  private static final Logger LOG = LoggerFactory.getLogger(WakeChallenge.class);

  /** However many ask for a payment, its PSP is asked this often at most. */
  private static final Duration REST = Duration.ofSeconds(2);

  private final Services services;

  WakeChallenge(Services services) {
    this.services = services;
  }

  void of(Payment payment) {
    if (payment.status() == PaymentStatus.REQUIRES_ACTION) {
      services
          .log()
          .wakeChallenge(payment, REST.toMillis())
          .onFailure(
              cause ->
                  LOG.warn(
                      "payment={} is not looked at: {}", payment.publicId(), cause.toString()));
    }
  }
}
