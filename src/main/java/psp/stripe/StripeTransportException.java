package psp.stripe;

import com.stripe.exception.ApiConnectionException;
import psp.TransportFailure;

/** A call's transport failure on its way through stripe-java, which lets its own kind pass only. */
final class StripeTransportException extends ApiConnectionException {
  private static final long serialVersionUID = 1L;

  private final TransportFailure failure;

  StripeTransportException(TransportFailure failure) {
    super(failure.getMessage(), failure);
    this.failure = failure;
  }

  TransportFailure failure() {
    return failure;
  }
}
