package app;

import flows.CheckoutObserver;
import java.time.Duration;
import payments.OperationStatus;
import telemetry.CheckoutMeters;

/** Checkouts in the metrics. */
record Checkouts(CheckoutMeters meters) implements CheckoutObserver {
  @Override
  public void checkout(Duration total, Duration psp, OperationStatus status) {
    meters.finished(total, psp, CheckoutOutcomes.of(status));
  }

  @Override
  public void failedOver(String from, String to, boolean declined) {
    meters.failedOver(from, to, declined ? "declined" : "not_sent");
  }
}
