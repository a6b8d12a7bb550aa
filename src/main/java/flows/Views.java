package flows;

import java.util.List;
import org.jspecify.annotations.Nullable;
import payments.Customer;
import payments.Operation;
import payments.Payment;
import payments.PaymentMethod;

/**
 * What a rendering is made from: a record together with those related ones that the request's
 * {@code expand[]} asks for.
 */
public final class Views {
  private Views() {}

  /**
   * A payment.
   *
   * @param charge its latest authorize operation; always there when the payment has one and a
   *     decline or {@code latest_charge} is shown whole
   * @param method its payment method, there when it is shown whole or belongs to an error
   * @param refunds the charge's refunds, newest first, there when shown
   */
  public record PaymentView(
      Payment payment,
      @Nullable Operation charge,
      @Nullable PaymentMethod method,
      @Nullable Customer customer,
      List<Operation> refunds) {

    public static PaymentView of(Payment payment) {
      return new PaymentView(payment, null, null, null, List.of());
    }
  }

  /**
   * One charge.
   *
   * @param payment the payment it belongs to, whole as far as expanded
   * @param refunds newest first, at most the number that is shown
   */
  public record ChargeView(Operation charge, PaymentView payment, List<Operation> refunds) {}

  /** One refund, with its payment as far as expanded. */
  public record RefundView(Operation refund, PaymentView payment) {}

  public record PaymentMethodView(PaymentMethod method, @Nullable Customer customer) {}
}
